# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, driven through a program of tests/support/browser; and a phone in it: JsSIP over WebSocket."""
import array
import base64
import itertools
import json
import math
import os
import pathlib
import shutil
import subprocess
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


class Browser:
    """A Chromium of its own with a program that drives it: told lines of JSON, telling lines of JSON."""

    patience = PATIENCE

    def __init__(self, folder: pathlib.Path, program: str, *, tone: int, **settings):
        folder.mkdir(parents=True, exist_ok=True)
        self.tone = tone
        self._folder = folder
        self._program = FOLDER / program
        self._settings = {"browser": "/usr/bin/chromium", **settings,
                          "microphone": str(_write_microphone(folder / "microphone.wav", tone))}
        self._numbers = itertools.count(1)
        self._said: list[dict] = []
        self._trace: list[str] = []
        self._arrived = threading.Condition()
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        with open(self._folder / "errors.log", "wb") as errors:
            self._process = subprocess.Popen(["node", str(self._program)], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, stderr=errors, text=True,
                                             env={**os.environ, "HOME": str(self._folder)})
        threading.Thread(target=self._read, daemon=True).start()
        self._write(self._settings)
        return self

    def __exit__(self, *_) -> None:
        try:
            self._write({"do": "quit"})
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def event(self, name: str, timeout: float | None = None):
        """Waits for an event that was not taken before; gives its detail."""
        return self._take(lambda said: said.get("event") == name, f"event {name!r}", timeout or self.patience).get("detail")

    def has_told(self, name: str) -> bool:
        """Whether an event came that was not taken."""
        with self._arrived:
            return any(said.get("event") == name for said in self._said)

    def do(self, action: str, *parameters):
        number = next(self._numbers)
        self._write({"id": number, "do": action, "with": list(parameters)})
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
        with self._arrived:
            return "\n".join(self._trace[-60:]) + (self._folder / "errors.log").read_text(errors="replace")

    def _write(self, value: dict) -> None:
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._arrived:
                self._trace.append(line[:2000].rstrip())
                self._said.append(json.loads(line))
                self._arrived.notify_all()

    def _take(self, wanted, what: str, timeout: float) -> dict:
        with self._arrived:
            def look():
                return next((said for said in self._said if wanted(said)), None)
            if not self._arrived.wait_for(lambda: look() is not None, timeout):
                trace = "\n".join(self._trace[-40:])
                raise AssertionError(f"no {what} of the browser within {timeout} s:\n{trace}")
            found = look()
            self._said.remove(found)
            return found


class BrowserPhone(Browser):
    """JsSIP alone, without any page of ours."""

    def __init__(self, folder: pathlib.Path, *, url: str, host: str, username: str, password: str, tone: int = 440):
        super().__init__(folder, "phone.mjs", tone=tone, url=url, host=host, username=username, password=password)

    def dial(self, number: str) -> None:
        self.do("dial", number)

    def accept(self) -> None:
        self.do("accept")

    def hang_up(self) -> None:
        self.do("hang_up")

    def press(self, digits: str, by: str = "RFC2833") -> None:
        """by: RFC2833 (in the media) or INFO."""
        self.do("press", digits, by)
