# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/sip-options.md says of every option of SIP accounts what becomes of it, and says what is so."""
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
OURS = {"webrtc"}
# An option that is read, whatever the function or the variable is called.
READ = re.compile(r'\boption(?:_of)?\((?:[^()"]*, )?"([a-z0-9-]+)"\)|\boption [!=]= "([a-z0-9-]+)"')


def known() -> set[str]:
    """Those that systems of before had: once only, and setvar."""
    source = (SOURCE / "src/model/endpoint_sip.cpp").read_text()
    listed = source[source.index("kSingleOptions"):source.index("constexpr std::size_t")]
    return {*re.findall(r'"([a-z0-9-]+)"', listed), "setvar"}


def honoured() -> set[str]:
    sources = (file.read_text() for file in (SOURCE / "src/pbx").rglob("*.cpp"))
    return {name for text in sources for found in READ.findall(text) for name in found if name}


def documented() -> tuple[set[str], set[str]]:
    """What has an effect, and what is kept only."""
    table, kept = (SOURCE / "docs/sip-options.md").read_text().split("Kept, shown")
    effective = {name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)}
    return effective, {name.replace("_", "-") for name in re.findall(r"`([^`]+)`", kept)}


def test_every_option_is_honoured_or_listed_as_kept():
    """API-090"""
    effective, kept = documented()
    assert len(known()) == 73
    assert effective & kept == set()
    assert (effective | kept) - OURS == known()


def test_what_is_said_to_have_an_effect_is_read_and_nothing_else_is():
    """API-090"""
    effective, _ = documented()
    assert effective == honoured()
