# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, driven through a program of tests/support/browser; and a phone in it: JsSIP over WebSocket."""
import array
import atexit
import base64
import itertools
import json
import math
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import wave

from phones.sound import Sound

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "browser"
PATIENCE = 15.0
_RATE = 48000


def missing() -> str | None:
    """What keeps browsers from being driven here, in a sentence."""
    if not pathlib.Path("/usr/bin/chromium").exists():
        return "there is no /usr/bin/chromium"
    if shutil.which("node") is None:
        return "there is no node"
    if not (FOLDER / "node_modules/jssip").is_dir():
        return f"`npm ci` was not run in {FOLDER}"
    return None


def _write_microphone(path: pathlib.Path, hertz: int) -> pathlib.Path:
    second = array.array("h", (round(16000 * math.sin(2 * math.pi * hertz * n / _RATE)) for n in range(_RATE)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(second.tobytes() * 10)
    return path


class _Driver:
    """A Chromium with a program that drives it: told lines of JSON, telling lines of JSON. Its start costs more than many a
    test: who is done with it leaves it to the next one that wants the same."""

    _idle: dict[tuple[str, int], list["_Driver"]] = {}

    @classmethod
    def take(cls, program: str, tone: int) -> "_Driver":
        idle = cls._idle.setdefault((program, tone), [])
        return idle.pop() if idle else cls(program, tone)

    def leave(self) -> None:
        self._idle[self._kind].append(self)

    @classmethod
    def stop_idle(cls) -> None:
        drivers = [driver for idle in cls._idle.values() for driver in idle]
        cls._idle.clear()
        for driver in drivers:
            driver.process.stdin.close()
        for driver in drivers:
            driver.stop()

    def __init__(self, program: str, tone: int):
        self._kind = (program, tone)
        self._folder = tempfile.TemporaryDirectory(prefix="almon-browser-", ignore_cleanup_errors=True)
        folder = pathlib.Path(self._folder.name)
        self.errors = folder / "errors.log"
        self.arrived = threading.Condition()
        self.said: list[dict] = []
        self.trace: list[str] = []
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(["node", str(FOLDER / program)], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=errors, text=True,
                                            env={**os.environ, "HOME": str(folder)})
        threading.Thread(target=self._read, daemon=True).start()
        self.write({"browser": "/usr/bin/chromium", "microphone": str(_write_microphone(folder / "microphone.wav", tone))})

    def stop(self) -> None:
        """Whatever it is doing."""
        try:
            self.process.stdin.close()
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self._folder.cleanup()

    def write(self, value: dict) -> None:
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def forget(self) -> None:
        """What was said to who had it before."""
        with self.arrived:
            self.said.clear()
            self.trace.clear()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self.arrived:
                self.trace.append(line[:2000].rstrip())
                self.said.append(json.loads(line))
                self.arrived.notify_all()


atexit.register(_Driver.stop_idle)


class Browser:
    """A browser with nothing of what was done in it before, and a microphone that hears a tone."""

    patience = PATIENCE

    def __init__(self, program: str, *, tone: int, **settings):
        self.tone = tone
        self._program = program
        self._settings = settings
        self._numbers = itertools.count(1)
        self._driver: _Driver | None = None

    def __enter__(self):
        self._driver = _Driver.take(self._program, self.tone)
        self._driver.forget()
        self._driver.write({"id": 0, "open": self._settings})
        return self

    def __exit__(self, *_) -> None:
        """Also a second time."""
        driver, self._driver = self._driver, None
        if driver is None:
            return
        try:
            number = next(self._numbers)
            driver.write({"id": number, "do": "close"})
            with driver.arrived:
                closed = driver.arrived.wait_for(lambda: {"id": number, "result": None} in driver.said, 5)
        except OSError:
            closed = False
        driver.leave() if closed else driver.stop()

    def event(self, name: str, timeout: float | None = None):
        """Waits for an event that was not taken before; gives its detail."""
        return self._take(lambda said: said.get("event") == name, f"event {name!r}", timeout or self.patience).get("detail")

    def has_told(self, name: str) -> bool:
        """Whether an event came that was not taken."""
        with self._driver.arrived:
            return any(said.get("event") == name for said in self._driver.said)

    def do(self, action: str, *parameters):
        number = next(self._numbers)
        self._driver.write({"id": number, "do": action, "with": list(parameters)})
        answer = self._take(lambda said: said.get("id") == number, f"answer to {action}", self.patience)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def listen(self, seconds: float) -> Sound:
        """What is heard from now on."""
        self.do("forget_heard")
        deadline = time.monotonic() + seconds + self.patience
        while self.do("heard_seconds") < seconds:
            assert time.monotonic() < deadline, f"the browser hears nothing:\n{self.trace()}"
            time.sleep(0.1)
        heard = self.do("heard")
        return Sound(array.array("h", base64.b64decode(heard["samples"])), heard["rate"])

    def trace(self) -> str:
        with self._driver.arrived:
            return "\n".join(self._driver.trace[-60:]) + self._driver.errors.read_text(errors="replace")

    def _take(self, wanted, what: str, timeout: float) -> dict:
        with self._driver.arrived:
            def look():
                return next((said for said in self._driver.said if wanted(said)), None)
            if not self._driver.arrived.wait_for(lambda: look() is not None, timeout):
                trace = "\n".join(self._driver.trace[-40:])
                raise AssertionError(f"no {what} of the browser within {timeout} s:\n{trace}")
            found = look()
            self._driver.said.remove(found)
            return found


class BrowserPhone(Browser):
    """JsSIP alone, without any page of ours."""

    def __init__(self, *, url: str, host: str, username: str, password: str, tone: int = 440):
        super().__init__("phone.mjs", tone=tone, url=url, host=host, username=username, password=password)

    def dial(self, number: str) -> None:
        self.do("dial", number)

    def accept(self) -> None:
        self.do("accept")

    def hang_up(self) -> None:
        self.do("hang_up")

    def press(self, digits: str, by: str = "RFC2833") -> None:
        """by: RFC2833 (in the media) or INFO."""
        self.do("press", digits, by)
