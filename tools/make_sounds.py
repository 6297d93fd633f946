#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speaks share/sounds/<language>.txt into <output>/<language>/<name>.wav with espeak-ng: make_sounds.py <output> <text>..."""

import subprocess
import sys
from pathlib import Path


def sentences(text: str):
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, sentence = line.partition(": ")
            yield name, sentence


def main() -> None:
    output = Path(sys.argv[1])
    for path in map(Path, sys.argv[2:]):
        folder = output / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        voice = path.stem.lower().replace("_", "-")
        for name, sentence in sentences(path.read_text()):
            # A little slower than espeak-ng's own pace: over a telephone.
            subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", folder / f"{name}.wav", sentence], check=True)


if __name__ == "__main__":
    main()
