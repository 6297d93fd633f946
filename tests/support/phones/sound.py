# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds as lists of 16-bit samples: making tones, reading recordings, measuring what is in them."""
import array
import dataclasses
import io
import math
import pathlib
import struct
import wave

RATE = 8000
SILENCE = 100  # root mean square of a frame below which nobody hears anything (full scale is 32767)
FRAME = 0.020


def write_tone(path: pathlib.Path, hertz: int, seconds: int = 60) -> pathlib.Path:
    """A sine of half the full scale. `hertz` must be whole, so that one second can be repeated without a click."""
    path.write_bytes(tone_file(hertz, seconds, amplitude=16000))
    return path


def tone_file(hertz: int, seconds: float, rate: int = RATE, channels: int = 1, amplitude: int = 9000) -> bytes:
    """The content of a WAV file with a sine, as `sox -b 16 -c 1 -r 8000` makes it (ADB-163). `hertz` must be whole."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        second = b"".join(struct.pack("<h", round(amplitude * math.sin(2 * math.pi * hertz * at / rate))) * channels
                          for at in range(rate))
        sound.writeframes((second * math.ceil(seconds))[:int(seconds * rate) * 2 * channels])
    return file.getvalue()


@dataclasses.dataclass(frozen=True)
class Sound:
    samples: array.array
    rate: int = RATE

    @classmethod
    def read(cls, path: pathlib.Path) -> "Sound":
        """A WAV file of 16-bit samples; of several channels the first is taken.

        The length in the header is not believed: baresip completes it only when its call has ended.
        """
        content = pathlib.Path(path).read_bytes()
        layout = content.find(b"fmt ")
        data = content.find(b"data")
        if layout < 0 or data < 0:
            raise AssertionError(f"{path} is not a WAV file yet ({len(content)} bytes)")
        channels, rate = struct.unpack_from("<HI", content, layout + 10)
        body = content[data + 8:]
        samples = array.array("h", body[:len(body) // 2 * 2])
        return cls(samples[::channels], rate)

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def between(self, start: float, end: float) -> "Sound":
        return Sound(self.samples[int(start * self.rate):int(end * self.rate)], self.rate)

    def middle(self, seconds: float = 1.0) -> "Sound":
        start = max(0.0, (self.seconds - seconds) / 2)
        return self.between(start, start + seconds)

    def last(self, seconds: float = 1.0) -> "Sound":
        """The end, less a fifth of a second in which one side had hung up already."""
        return self.between(self.seconds - 0.2 - seconds, self.seconds - 0.2)

    def loudness(self) -> float:
        """Root mean square of the samples: 0 is silence, a full sine 23170."""
        if not self.samples:
            return 0.0
        return math.sqrt(sum(sample * sample for sample in self.samples) / len(self.samples))

    def share(self, hertz: float) -> float:
        """The part of the energy, 0 to 1, that lies at `hertz` (Goertzel over the whole sound)."""
        energy = sum(sample * sample for sample in self.samples)
        if energy == 0:
            return 0.0
        factor = 2 * math.cos(2 * math.pi * hertz / self.rate)
        before = last = 0.0
        for sample in self.samples:
            before, last = last, sample + factor * last - before
        power = before * before + last * last - factor * before * last
        return min(1.0, 2 * power / (len(self.samples) * energy))

    def frames(self) -> list["Sound"]:
        size = int(FRAME * self.rate)
        return [Sound(self.samples[start:start + size], self.rate)
                for start in range(0, len(self.samples) - size + 1, size)]

    def names_of(self, tones: dict[str, int]) -> list[str]:
        """Which of these tones (frequencies by name) are heard, one after the other."""
        names: list[str] = []
        for frame in self.frames():
            loudest = max(tones, key=lambda name: frame.share(tones[name]))
            if frame.share(tones[loudest]) > 0.8 and names[-1:] != [loudest]:
                names.append(loudest)
        return names

    def audible(self) -> list[bool]:
        """For each frame of 20 ms whether something can be heard in it."""
        return [frame.loudness() > SILENCE for frame in self.frames()]

    def audible_seconds(self) -> float:
        return sum(self.audible()) * FRAME

    def longest_gap(self) -> float:
        """Seconds of the longest silence between the first and the last audible frame."""
        heard = [index for index, audible in enumerate(self.audible()) if audible]
        return max((right - left - 1 for left, right in zip(heard, heard[1:])), default=0) * FRAME
