#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what bench/figures.toml lists and prints a table: the median of five runs with least and most, and the target."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import tomllib
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
GROUP_SECONDS = 300


class Failure(Exception):
    pass


def run_google_benchmark(program: Path, names: list[str], repetitions: int) -> dict[str, list[dict]]:
    """The repetitions of each benchmark, in order."""
    command = [program, f"--benchmark_filter=^({'|'.join(sorted(names))})$", f"--benchmark_repetitions={repetitions}",
               "--benchmark_format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failure(f"{program.name} failed: {done.stderr[-500:]}")
    runs: dict[str, list[dict]] = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("error_occurred"):
            raise Failure(f"{program.name}: {run['run_name']} failed: {run.get('error_message')}")
        if run["run_type"] == "iteration":
            runs.setdefault(run["run_name"], []).append(run)
    return runs


def google_values(figure: dict, runs: dict[str, list[dict]]) -> list[float]:
    def of(name: str) -> list[float]:
        if name not in runs:
            raise Failure(f"bench_{figure['program']} has no benchmark '{name}'")
        if "counter" in figure:
            return [run[figure["counter"]] for run in runs[name]]
        return [run["cpu_time"] * NANOSECONDS[run["time_unit"]] for run in runs[name]]

    values = of(figure["benchmark"])
    if "over" in figure:
        return [value / floor for value, floor in zip(values, of(figure["over"]))]
    if "counter" in figure:
        return values
    return [value / NANOSECONDS[figure["unit"]] for value in values]


def run_script(script: str, binaries: Path, repetitions: int, deadline: float) -> list[dict[str, float]]:
    environment = os.environ | {"ALMON_BINARY": str(binaries / "almon"), "ALMON_BUILD": str(binaries),
                                "PYTHONDONTWRITEBYTECODE": "1"}
    results: list[dict[str, float]] = []
    longest = 0.0
    while len(results) < repetitions and (not results or time.monotonic() + longest < deadline):
        start = time.monotonic()
        done = subprocess.run(["/usr/bin/python3", SOURCE / "bench" / f"{script}_bench.py"], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0 or not done.stdout.strip():
            raise Failure(f"bench/{script}_bench.py failed: {(done.stdout + done.stderr)[-1500:]}")
        results.append(json.loads(done.stdout.strip().splitlines()[-1]))
        longest = max(longest, time.monotonic() - start)
    return results


def measure_group(figures: dict[str, dict], binaries: Path, repetitions: int) -> dict[str, list[float]]:
    """The values of each figure of one group; what cannot be measured is said and left out."""
    deadline = time.monotonic() + GROUP_SECONDS
    values: dict[str, list[float]] = {}

    def attempt(names: list[str], measure):
        try:
            values.update(measure())
        except (Failure, OSError) as failure:
            print(f"{', '.join(names)}: {failure}", file=sys.stderr)

    for program in sorted({figure["program"] for figure in figures.values() if "program" in figure}):
        mine = {name: figure for name, figure in figures.items() if figure.get("program") == program}
        wanted = [figure[key] for figure in mine.values() for key in ("benchmark", "over") if key in figure]

        def with_google(program=program, mine=mine, wanted=wanted):
            runs = run_google_benchmark(binaries / f"bench_{program}", wanted, repetitions)
            return {name: google_values(figure, runs) for name, figure in mine.items()}

        attempt(list(mine), with_google)
    for script in sorted({figure["script"] for figure in figures.values() if "script" in figure}):
        mine = [name for name, figure in figures.items() if figure.get("script") == script]

        def with_script(script=script, mine=mine):
            results = run_script(script, binaries, repetitions, deadline)
            return {name: [result[name] for result in results] for name in mine if name in results[0]}

        attempt(mine, with_script)
    return values


def met(figure: dict, value: float) -> bool:
    return value >= figure["target"] if figure.get("better") == "higher" else value <= figure["target"]


def show(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("group", nargs="*", help="groups to measure; all when none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write {name: {value, unit, target}}")
    parser.add_argument("--list", action="store_true", help="name the groups and their figures")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--binaries", type=Path, default=SOURCE / "build/release", help=argparse.SUPPRESS)
    arguments = parser.parse_args()

    figures = tomllib.loads((SOURCE / "bench/figures.toml").read_text())
    groups = list(dict.fromkeys(figure["group"] for figure in figures.values()))
    if unknown := set(arguments.group) - set(groups):
        parser.error(f"no group {', '.join(sorted(unknown))}; there are: {', '.join(groups)}")
    if arguments.list:
        for group in groups:
            print(f"{group}: {', '.join(name for name, figure in figures.items() if figure['group'] == group)}")
        return 0

    print(f"{'figure':34} {'median':>10} {'least':>10} {'most':>10}  {'unit':14} {'target':>10}")
    written = {}
    complete = True
    for group in arguments.group or groups:
        mine = {name: figure for name, figure in figures.items() if figure["group"] == group}
        values = measure_group(mine, arguments.binaries.resolve(), arguments.repetitions)
        for name, figure in mine.items():
            if name not in values:
                complete = False
                print(f"{name:34} {'not measured':>10}")
                continue
            median = statistics.median(values[name])
            target = f"{'>=' if figure.get('better') == 'higher' else '<='} {show(figure['target'])}"
            print(f"{name:34} {show(median):>10} {show(min(values[name])):>10} {show(max(values[name])):>10}  "
                  f"{figure['unit']:14} {target:>10}  {'' if met(figure, median) else 'MISSED'}".rstrip(), flush=True)
            written[name] = {"value": median, "unit": figure["unit"], "target": figure["target"]}
    if arguments.json:
        arguments.json.write_text(json.dumps(written, indent=2) + "\n")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
