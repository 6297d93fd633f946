# SPDX-License-Identifier: GPL-3.0-or-later
"""linphonec (Debian's 5.1) as the second opinion: another SIP stack, driven over a terminal.

It binds its ports on all addresses, so it runs only in a private network (loopback.enter_private_loopback).
"""
import os
import pathlib
import pty
import re
import select
import time

from phones import loopback
from phones.process import Process
from phones.sound import Sound, write_tone


class Linphone:
    def __init__(self, folder: pathlib.Path, *, server: tuple[str, int] | None = None, username: str = "linphone",
                 password: str = "", transport: str = "udp", tone: int = 660, answers: bool = False):
        assert loopback.is_private(), "linphone would listen on all addresses of this machine"
        self.folder = folder
        self.username = username
        self.sip_port = loopback.free_port()
        self.rtp_ports = range(first := loopback.free_ports(20), first + 20)
        self.tone = tone
        self._answers = answers
        self._server = server
        self._text = ""
        self._taken = 0
        self._process: Process | None = None
        # Without this folder the core never starts, and says nothing about it.
        (folder / ".local/share/linphone").mkdir(parents=True)
        self._tone = write_tone(folder / "tone.wav", tone)
        self._recording = folder / "heard.wav"
        self._write_settings(password, transport)

    @property
    def uri(self) -> str:
        return f"sip:{self.username}@{loopback.ADDRESS}:{self.sip_port}"

    def start(self) -> "Linphone":
        self._terminal, theirs = pty.openpty()
        # -a answers every call.
        command = ["/usr/bin/linphonec", "-c", self.folder / "linphonerc"] + (["-a"] if self._answers else [])
        self._process = Process(command, self.folder / "linphone.log", stdin=theirs, stdout=theirs,
                                env={**os.environ, "HOME": str(self.folder), "TERM": "dumb"})
        os.close(theirs)
        self.type("soundcard use files")
        self.type(f"play {self._tone}")
        self.type(f"record {self._recording}")
        return self

    def stop(self) -> None:
        if self._process is not None:
            if self._process.running:
                self.type("quit")
                self._drain(1.5, lambda: not self._process.running)
            self._process.end()
            os.close(self._terminal)
            self._process = None

    def __enter__(self) -> "Linphone":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def dial(self, number: str) -> None:
        if not number.startswith("sip:"):
            number = f"sip:{number}@{self._server[0]}:{self._server[1]}"
        self.type(f"call {number}")

    def accept(self) -> None:
        self.type("answer")

    def hang_up(self) -> None:
        self.type("terminate")

    def press(self, digits: str) -> None:
        self.type(digits)

    def type(self, command: str) -> None:
        """A line at linphonec's prompt."""
        os.write(self._terminal, command.encode() + b"\n")

    def says(self, pattern: str, timeout: float = 8.0) -> re.Match:
        """Waits for text on the terminal, after what was taken before."""
        found: list[re.Match] = []

        def look() -> bool:
            match = re.search(pattern, self._text[self._taken:])
            if match:
                found.append(match)
                self._taken += match.end()
            return match is not None

        assert self._drain(timeout, look), f"linphone did not say {pattern!r} but\n{self._text[-3000:]}"
        return found[0]

    def wait_until_registered(self, timeout: float = 8.0) -> None:
        """It does not tell by itself, so it is asked."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.type("status register")
            if self.says(r"\n(registered\S)")[1] == "registered,":
                return
            time.sleep(0.05)
        raise AssertionError(f"linphone did not register:\n{self._text[-3000:]}")

    def heard(self) -> Sound:
        return Sound.read(self._recording)

    def _drain(self, timeout: float, done) -> bool:
        deadline = time.monotonic() + timeout
        while not done():
            readable, _, _ = select.select([self._terminal], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                return False
            try:
                self._text += os.read(self._terminal, 65536).decode(errors="replace")
            except OSError:  # the program has closed its end
                return done()
        return True

    def _write_settings(self, password: str, transport: str) -> None:
        account = ""
        if self._server:
            host = f"{self._server[0]}:{self._server[1]}"
            account = f"""default_proxy=0
[proxy_0]
reg_proxy=<sip:{host};transport={transport}>
reg_identity=sip:{self.username}@{host}
reg_expires=600
reg_sendregister=1
[auth_info_0]
username={self.username}
userid={self.username}
passwd={password}
"""
        (self.folder / "linphonerc").write_text(f"""[rtp]
audio_rtp_port={self.rtp_ports.start}-{self.rtp_ports.stop - 1}
[net]
stun_server=
firewall_policy=0
[video]
capture=0
display=0
enabled=0
[sound]
echocancellation=0
[sip]
sip_port={self.sip_port if transport == "udp" else 0}
sip_tcp_port={self.sip_port if transport == "tcp" else 0}
sip_tls_port=0
contact="{self.username}" <sip:{self.username}@{loopback.ADDRESS}>
guess_hostname=0
use_ipv6=0
{account}""")
