#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks share/sounds/<language>.txt into <output>/<language>/<name>.wav with espeak-ng: make_sounds.py <output> <text>...

The line `digits/0..99: ...` stands for a sound for each of these numbers.
"""

import array
import functools
import math
import operator
import re
import subprocess
import sys
import wave
from pathlib import Path

RATE = 8000  # of telephones: to change the rate when somebody waits for the first syllable takes too long
_HALF = 44  # samples of the filter on each side
_SILENCE = 250  # of 32767: what is quieter at the beginning and the end of a sentence is cut off
_KEPT = {"begin": 0.010, "end": 0.060}  # seconds of it


def sentences(text: str):
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, sentence = line.partition(": ")
        several = re.fullmatch(r"(.*/)(\d+)\.\.(\d+)", name)
        if several is None:
            yield name, sentence
        else:
            for number in range(int(several[2]), int(several[3]) + 1):
                yield f"{several[1]}{number}", str(number)


@functools.cache
def taps(phase: int, steps: int, cutoff: float) -> list[float]:
    """A windowed sinc, `phase` of `steps` behind its middle."""
    offsets = [index - _HALF + 1 - phase / steps for index in range(2 * _HALF)]
    weights = [(math.sin(math.pi * cutoff * x) / (math.pi * x) if x else cutoff)
               * (0.5 + 0.5 * math.cos(math.pi * x / _HALF)) for x in offsets]
    return weights


def at_telephone_rate(samples: array.array, rate: int) -> array.array:
    common = math.gcd(rate, RATE)
    up, down = RATE // common, rate // common
    cutoff = min(1.0, RATE / rate) * 0.95
    padded = [0] * _HALF + list(samples) + [0] * (_HALF + 1)
    result = array.array("h")
    for index in range(len(samples) * up // down):
        whole, phase = divmod(index * down, up)
        value = sum(map(operator.mul, taps(phase, up, cutoff), padded[whole + 1:whole + 1 + 2 * _HALF]))
        result.append(max(-32768, min(32767, round(value))))
    return result


def finish(path: Path) -> None:
    """Sounds follow each other in a sentence, and the first one at once: no silence around them."""
    with wave.open(str(path), "rb") as file:
        parameters = file.getparams()
        samples = array.array("h", file.readframes(file.getnframes()))
    samples = at_telephone_rate(samples, parameters.framerate)
    heard = [index for index, sample in enumerate(samples) if abs(sample) > _SILENCE]
    if not heard:
        sys.exit(f"{path} is silent")
    begin = max(0, heard[0] - int(_KEPT["begin"] * RATE))
    end = heard[-1] + int(_KEPT["end"] * RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters._replace(framerate=RATE))
        file.writeframes(samples[begin:end].tobytes())


def main() -> None:
    output = Path(sys.argv[1])
    for path in map(Path, sys.argv[2:]):
        voice = path.stem.lower().replace("_", "-")
        for name, sentence in sentences(path.read_text()):
            sound = output / path.stem / f"{name}.wav"
            sound.parent.mkdir(parents=True, exist_ok=True)
            # A little slower than espeak-ng's own pace: over a telephone.
            subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", sound, sentence], check=True)
            finish(sound)


if __name__ == "__main__":
    main()
