# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/lint.py on a house of two rooms."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from lint import Lint, find_cycle, read_modules, without_comments  # noqa: E402

CMAKE = """
almon_module(base LIBRARIES asio)  # the ground floor
almon_module(sip DEPENDS base)
almon_module(pbx DEPENDS sip
    base)
"""
THIRD_PARTY = """
almon_third_party(fmt EVERYWHERE HEADERS fmt/ TARGETS fmt::fmt)
almon_third_party(asio HEADERS boost/asio TARGETS Boost::headers)
"""
RULES = r"""
[[rule]]
name = "real clock"
why = "use the given one"
pattern = 'clock::now'
folders = ["src/"]
[rule.allowed]
"src/base/clock.cpp" = "the real one"
"""
LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"


@pytest.fixture
def house(tmp_path):
    for name, text in {
        "CMakeLists.txt": CMAKE,
        "cmake/almon_third_party.cmake": THIRD_PARTY,
        "tools/house_rules.toml": RULES,
        "src/base/clock.hpp": LICENCE + "#pragma once\n",
        "src/base/clock.cpp": LICENCE + "auto t = clock::now();\n",
        "src/pbx/channel.hpp": LICENCE + "#pragma once\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def findings(house, path, text, licence=LICENCE):
    (house / path).parent.mkdir(parents=True, exist_ok=True)
    (house / path).write_text(licence + text)
    return Lint(house).run(["src/base/clock.hpp", "src/base/clock.cpp", "src/pbx/channel.hpp", path])


def test_an_arrow_that_is_declared_may_be_followed(house):
    assert findings(house, "src/sip/via.cpp", '#include "base/clock.hpp"\n#include <fmt/format.h>\n') == []


def test_an_arrow_that_is_not_declared_is_refused_with_file_and_line(house):
    assert findings(house, "src/sip/via.cpp", '\n#include "pbx/channel.hpp"\n') == [
        "src/sip/via.cpp:3: no arrow leads from sip to pbx (sip may use base)"]


def test_a_heavy_library_is_for_those_who_ask_for_it(house):
    assert findings(house, "src/base/loop.cpp", "#include <boost/asio/post.hpp>\n") == []
    assert len(findings(house, "src/sip/loop.cpp", "#include <boost/asio/post.hpp>\n")) == 1


def test_a_path_that_does_not_start_at_src_is_refused(house):
    assert len(findings(house, "src/base/x.cpp", '#include "clock.hpp"\n')) == 1


def test_a_rule_names_what_to_do_instead(house):
    assert findings(house, "src/sip/via.cpp", "auto t = clock::now();\n") == [
        "src/sip/via.cpp:2: real clock: use the given one"]


def test_a_comment_may_speak_of_anything(house):
    assert findings(house, "src/sip/via.cpp", "// never clock::now\n/* nor\n clock::now */\n") == []


def test_an_allowance_that_nobody_needs_fails(house):
    (house / "src/base/clock.cpp").write_text(LICENCE)
    assert len(findings(house, "src/sip/via.cpp", "")) == 1


def test_the_licence_stands_in_the_first_line(house):
    assert len(findings(house, "src/sip/via.cpp", "\n", licence="")) == 1


def test_a_circle_of_modules_is_found():
    assert find_cycle(read_modules("almon_module(a DEPENDS b)\nalmon_module(b DEPENDS a)\n")) == ["a", "b", "a"]
    assert find_cycle(read_modules(CMAKE)) == []


def test_a_string_with_slashes_is_no_comment():
    assert without_comments('f("http://x"); // y') == 'f("http://x");     '
