# SPDX-License-Identifier: GPL-3.0-or-later
"""baresip (Debian's 1.0.0) as a phone under remote control: it plays a tone and records what it hears."""
import json
import pathlib
import socket
import threading
import time

from phones import loopback
from phones.process import Process
from phones.sound import Sound, write_tone

MODULES = "/usr/lib/baresip/modules"


class Baresip:
    """One phone with one account.

    Without `server` it has no registrar and can be called directly at `uri`.
    With it the phone registers as `username` over `transport` as soon as it is started.
    encryption: srtp, srtp-mand (keys in the description), dtls_srtp; none without.
    """

    def __init__(self, folder: pathlib.Path, name: str, *, server: tuple[str, int] | None = None, username: str = "",
                 password: str = "", transport: str = "udp", tone: int = 440, answers: bool = False,
                 codecs: str = "PCMA/8000/1", registers: bool = True, encryption: str = ""):
        self.name = name
        self.username = username or name
        self.tone = tone
        self.folder = folder
        self.sip_port = loopback.free_port()
        self.rtp_ports = range(first := loopback.free_ports(20), first + 20)
        self._control_port = loopback.free_port()
        self._server = server
        self._events: list[dict] = []
        self._next_event = 0
        self._arrived = threading.Condition()
        self._commands = 0
        self._process: Process | None = None
        self._write_settings(password, transport, answers, codecs, registers, encryption)

    @property
    def uri(self) -> str:
        """Where this phone itself can be called, without a server."""
        return f"sip:{self.username}@{loopback.ADDRESS}:{self.sip_port}"

    def start(self) -> "Baresip":
        self._process = Process(["/usr/bin/baresip", "-s", "-f", self.folder], self.folder / "baresip.log")
        self._control = self._connect()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # Not from the file: REGISTER_OK would come before anybody listens.
        self.command("uanew", self._account)
        return self

    def stop(self) -> None:
        if self._process is None:
            return
        # The first SIGTERM says BYE and un-REGISTERs, a second one does not wait for the answers.
        self._process.end()
        self._control.close()
        self._reader.join()
        self._process = None

    def vanish(self) -> None:
        """The plug is pulled: no BYE, no un-REGISTER."""
        self._process.kill()

    def __enter__(self) -> "Baresip":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    # What the person at the phone does

    def dial(self, number: str) -> None:
        """A number at the server, or a whole SIP URI."""
        if not number.startswith("sip:"):
            number = f"sip:{number}@{self._server[0]}:{self._server[1]}"  # it adds the transport itself
        self.command("dial", number)

    def accept(self) -> None:
        self.command("accept")

    def hang_up(self) -> None:
        """Ends the call; a ringing one is declined, one that is being set up is cancelled."""
        self.command("hangup")

    def hold(self) -> None:
        self.command("hold")

    def resume(self) -> None:
        self.command("resume")

    def press(self, digits: str) -> None:
        self.command("sndcode", digits)

    # What the phone tells

    def event(self, kind: str, timeout: float = 8.0) -> dict:
        """Waits for the next event of `kind` after the last one taken: REGISTER_OK, REGISTER_FAIL, CALL_INCOMING,
        CALL_RINGING, CALL_PROGRESS, CALL_ESTABLISHED, CALL_DTMF_START, CALL_CLOSED ("param" has its reason) ..."""
        deadline = time.monotonic() + timeout
        with self._arrived:
            while True:
                for index in range(self._next_event, len(self._events)):
                    if self._events[index].get("type") == kind:
                        self._next_event = index + 1
                        return self._events[index]
                if not self._arrived.wait(deadline - time.monotonic()):
                    seen = [event.get("type") for event in self._events[self._next_event:]]
                    raise AssertionError(f"{self.name} waited {timeout} s for {kind} and saw only {seen}\n"
                                         f"{self.trace()[-4000:]}")

    def seen(self, kind: str) -> list[dict]:
        """All events of `kind` so far, taken or not."""
        with self._arrived:
            return [event for event in self._events if event.get("type") == kind]

    def digits(self, count: int, timeout: float = 8.0) -> str:
        """The next `count` DTMF digits that come in."""
        return "".join(self.event("CALL_DTMF_START", timeout)["param"] for _ in range(count))

    def heard(self) -> Sound:
        """The recording of the last call: what came out of the decoder. Lost packets leave no gap in it."""
        recordings = (self.folder / "recordings").glob("dump-*-dec.wav")
        return Sound.read(max(recordings, key=lambda path: path.stat().st_mtime))

    def trace(self) -> str:
        """Every SIP message this phone sent or received, and what it had to say about it."""
        return (self.folder / "baresip.log").read_text(errors="replace")

    def command(self, name: str, parameters: str = "", timeout: float = 5.0) -> str:
        """A command of baresip's menu; returns the text it answers with."""
        self._commands += 1
        token = f"t{self._commands}"
        text = json.dumps({"command": name, "params": parameters, "token": token}).encode()
        self._control.sendall(b"%d:%s," % (len(text), text))
        deadline = time.monotonic() + timeout
        with self._arrived:
            while True:
                for answer in self._events:
                    if answer.get("response") and answer.get("token") == token:
                        assert answer.get("ok"), f"{self.name} cannot {name} {parameters}: {answer.get('data')}"
                        return answer.get("data", "")
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise AssertionError(f"{self.name} did not answer the command {name} {parameters}")

    def _connect(self) -> socket.socket:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self._process.running:
            try:
                return socket.create_connection((loopback.ADDRESS, self._control_port), timeout=1)
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"{self.name} did not start:\n{self.trace()}")

    def _read(self) -> None:
        self._control.settimeout(None)
        unread = b""
        while True:
            try:
                chunk = self._control.recv(65536)
            except OSError:
                return
            if not chunk:
                return
            unread += chunk
            while b":" in unread:
                length, rest = unread.split(b":", 1)
                size = int(length)
                if len(rest) <= size:
                    break
                unread = rest[size + 1:]
                with self._arrived:
                    self._events.append(json.loads(rest[:size].decode(errors="replace")))
                    self._arrived.notify_all()

    def _write_settings(self, password: str, transport: str, answers: bool, codecs: str, registers: bool,
                        encryption: str) -> None:
        (self.folder / "recordings").mkdir(parents=True)
        (self.folder / "contacts").write_text("")
        tone = write_tone(self.folder / "tone.wav", self.tone)
        if self._server:
            parameter = "" if transport == "udp" else f";transport={transport}"
            address = f"sip:{self.username}@{self._server[0]}:{self._server[1]}{parameter}"
            register = f"auth_pass={password};regint={600 if registers else 0}"
        else:
            address, register = self.uri, "regint=0"
        self._account = f"<{address}>;{register};answermode={'auto' if answers else 'manual'};audio_codecs={codecs}"
        if encryption:
            self._account += f";mediaenc={encryption}"
        (self.folder / "accounts").write_text("")
        (self.folder / "config").write_text(
            f"""sip_listen {loopback.ADDRESS}:{self.sip_port}
net_interface {loopback.ADDRESS}
audio_source aufile,{tone}
audio_player aufile,{self.folder}/nowhere.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports {self.rtp_ports.start}-{self.rtp_ports.stop - 1}
module_path {MODULES}
module g711.so
module g722.so
module g726.so
module gsm.so
module l16.so
module opus.so
module aufile.so
module sndfile.so
module srtp.so
module dtls_srtp.so
module account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen {loopback.ADDRESS}:{self._control_port}
snd_path {self.folder}/recordings
""")
