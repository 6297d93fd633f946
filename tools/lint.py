#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the compiler cannot: the arrows between modules and the rules of the house.

- Every #include in src/ follows an arrow declared by almon_module() in CMakeLists.txt, and every library header belongs
  to a library the module asked for (cmake/almon_third_party.cmake).
- Every rule of tools/house_rules.toml holds, apart from the files it names; a file named in vain is an error too, so
  that these lists only shrink.
- Every source says its licence in its first line, and every header has `#pragma once`.

Prints `file:line: what is wrong` and exits 1 if there is anything to say.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

SOURCE_SUFFIXES = {".hpp", ".cpp"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


@dataclass
class Module:
    depends: set[str]
    libraries: set[str]


@dataclass
class Library:
    everywhere: bool
    headers: list[str]


@dataclass
class Rule:
    name: str
    why: str
    pattern: re.Pattern
    folders: list[str]
    outside: list[str] = field(default_factory=list)
    allowed: dict[str, str] = field(default_factory=dict)

    def covers(self, path: str) -> bool:
        return path.startswith(tuple(self.folders)) and not path.startswith(tuple(self.outside))


def calls(text: str, function: str):
    """The arguments of each call of a CMake function at the start of a line, as lists of words."""
    text = re.sub(r"(^|\s)#[^\n]*", r"\1", text)
    for match in re.finditer(rf"^{function}\(([^)]*)\)", text, re.MULTILINE):
        yield match.group(1).split()


def sections(words: list[str], keywords: set[str]) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {"": []}
    current = ""
    for word in words:
        if word in keywords:
            current = word
            result.setdefault(current, [])
        else:
            result[current].append(word)
    return result


def read_modules(text: str) -> dict[str, Module]:
    modules = {}
    for words in calls(text, "almon_module"):
        parts = sections(words, {"DEPENDS", "LIBRARIES"})
        modules[parts[""][0]] = Module(set(parts.get("DEPENDS", [])), set(parts.get("LIBRARIES", [])))
    return modules


def read_libraries(text: str) -> dict[str, Library]:
    libraries = {}
    for words in calls(text, "almon_third_party"):
        parts = sections(words, {"EVERYWHERE", "HEADERS", "TARGETS"})
        libraries[parts[""][0]] = Library("EVERYWHERE" in parts, parts.get("HEADERS", []))
    return libraries


def read_rules(text: str) -> list[Rule]:
    return [
        Rule(
            name=entry["name"],
            why=entry["why"],
            pattern=re.compile(entry["pattern"]),
            folders=entry["folders"],
            outside=entry.get("outside", []),
            allowed=entry.get("allowed", {}),
        )
        for entry in tomllib.loads(text)["rule"]
    ]


def without_comments(text: str) -> str:
    """The same lines with comments blanked; strings are kept, since a rule may look into an #include."""

    def blank(match: re.Match) -> str:
        token = match.group(0)
        return re.sub(r"[^\n]", " ", token) if token.startswith("/") else token

    literal = r'R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(rf"//[^\n]*|/\*.*?\*/|{literal}", blank, text, flags=re.DOTALL)


def find_cycle(modules: dict[str, Module]) -> list[str]:
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name):] + [name]
        if name in done or name not in modules:
            return []
        for neighbour in sorted(modules[name].depends):
            if cycle := visit(neighbour, path + [name]):
                return cycle
        done.add(name)
        return []

    for name in modules:
        if cycle := visit(name, []):
            return cycle
    return []


class Lint:
    def __init__(self, root: Path):
        self.root = root
        self.modules = read_modules((root / "CMakeLists.txt").read_text())
        self.libraries = read_libraries((root / "cmake/almon_third_party.cmake").read_text())
        self.rules = read_rules((root / "tools/house_rules.toml").read_text())
        self.used: set[tuple[str, str]] = set()
        self.findings: list[str] = []

    def say(self, path: str, line: int, text: str):
        self.findings.append(f"{path}:{line}: {text}")

    def run(self, paths: list[str]) -> list[str]:
        if cycle := find_cycle(self.modules):
            self.say("CMakeLists.txt", 1, "modules depend on each other in a circle: " + " -> ".join(cycle))
        for path in paths:
            file = self.root / path
            if file.suffix in SOURCE_SUFFIXES:
                self.check_source(path, file.read_text(errors="replace"))
        for rule in self.rules:
            for allowed in rule.allowed:
                if (rule.name, allowed) not in self.used:
                    self.say("tools/house_rules.toml", 1,
                             f"{allowed} no longer needs to be allowed under '{rule.name}': take it off the list")
        return self.findings

    def check_source(self, path: str, text: str):
        first_line = text.split("\n", 1)[0]
        if SPDX not in first_line:
            self.say(path, 1, f"the first line must be '// {SPDX}'")
        if path.endswith(".hpp") and "#pragma once" not in text:
            self.say(path, 1, "a header needs #pragma once")
        lines = without_comments(text).split("\n")
        if path.startswith("src/"):
            self.check_includes(path, lines)
        self.check_rules(path, lines)
        for number, line in enumerate(text.split("\n"), 1):
            if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                self.say(path, number, "what is left to do belongs into the tracker, not into the source")

    def check_includes(self, path: str, lines: list[str]):
        name = path.split("/")[1]
        module = self.modules.get(name)
        if module is None:
            self.say(path, 1, f"'{name}' is no module: declare it with almon_module() in CMakeLists.txt")
            return
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            ours, theirs = match.groups()
            if ours:
                self.check_our_include(path, number, name, module, ours)
            else:
                self.check_library_include(path, number, name, module, theirs)

    def check_our_include(self, path: str, number: int, name: str, module: Module, header: str):
        target = header.split("/")[0]
        if not (self.root / "src" / header).is_file():
            self.say(path, number, f'"{header}" is not below src/: write the path from there')
        elif target != name and target not in module.depends:
            allowed = ", ".join(sorted(module.depends)) or "nothing"
            self.say(path, number, f"no arrow leads from {name} to {target} ({name} may use {allowed})")

    def check_library_include(self, path: str, number: int, name: str, module: Module, header: str):
        for library_name, library in self.libraries.items():
            if any(header.startswith(prefix) for prefix in library.headers):
                if not library.everywhere and library_name not in module.libraries:
                    self.say(path, number, f"<{header}> belongs to '{library_name}', which {name} does not list "
                                           "in its LIBRARIES")
                return
        if header.startswith("boost/"):
            self.say(path, number, f"<{header}> belongs to no library of cmake/almon_third_party.cmake")

    def check_rules(self, path: str, lines: list[str]):
        for rule in self.rules:
            if not rule.covers(path):
                continue
            for number, line in enumerate(lines, 1):
                if not rule.pattern.search(line):
                    continue
                if path in rule.allowed:
                    self.used.add((rule.name, path))
                else:
                    self.say(path, number, f"{rule.name}: {rule.why}")


def tracked_files(root: Path) -> list[str]:
    """Files that git knows or would add, so that build folders never count."""
    output = subprocess.run(["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True)
    if output.returncode == 0:
        return sorted({line for line in output.stdout.splitlines() if (root / line).is_file()})
    folders = [root / folder for folder in ("src", "tests", "bench")]
    return sorted(str(file.relative_to(root)) for folder in folders for file in folder.rglob("*") if file.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    paths = tracked_files(arguments.root)
    findings = Lint(arguments.root).run(paths)
    for finding in findings:
        print(finding)
    if not findings:
        print(f"{sum(Path(path).suffix in SOURCE_SUFFIXES for path in paths)} sources follow the arrows and the rules")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
