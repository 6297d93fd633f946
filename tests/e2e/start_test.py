# SPDX-License-Identifier: GPL-3.0-or-later
"""A start that cannot succeed says why in a sentence, and harms nothing."""
import re
import socket

import pytest

from phones import loopback
from phones.almon import Almon


def refuses(almon: Almon) -> str:
    """Starts, expects failure, returns what was said."""
    assert almon.launch().wait() != 0
    assert "Segmentation" not in almon.output() and "terminate called" not in almon.output()
    return almon.output()


@pytest.fixture
def stopped(tmp_path):
    almon = Almon(tmp_path / "almon")
    yield almon
    almon.stop()


@pytest.fixture
def used(stopped):
    """An office that has been in use and is now stopped."""
    stopped.start()
    assert stopped.interrupt() == 0
    return stopped


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_port_in_use_is_named(stopped, transport):
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind((loopback.ADDRESS, stopped.udp_port))
        if transport == "tcp":
            other.listen()
        said = refuses(stopped)
    assert str(stopped.udp_port) in said
    assert "in use" in said
    assert transport in said.lower()


def test_a_wrong_key_is_named_with_file_and_line(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("sip:\n  udp:\n    prot: 5060\n")
    almon = Almon(tmp_path / "almon", config=config)
    said = refuses(almon)
    assert re.search(rf"{re.escape(str(config))}(:|, line )3\b", said)
    assert "prot" in said


def test_a_wrong_value_is_named_with_file_line_and_reason(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("sip:\n  udp:\n    port: many\n")
    said = refuses(Almon(tmp_path / "almon", config=config))
    assert re.search(rf"{re.escape(str(config))}(:|, line )3\b", said)
    assert "port" in said


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("sip:\n  udp: {port: 5060\n")
    said = refuses(Almon(tmp_path / "almon", config=config))
    assert str(config) in said


def test_a_wrong_setting_on_the_command_line_is_named(tmp_path):
    said = refuses(Almon(tmp_path / "almon", "sip.udp.prot=5060"))
    assert "sip.udp.prot" in said


def test_a_corrupted_database_refuses_to_start_and_says_what_to_restore(used):
    database = used.database
    for rest in used.data.glob(database.name + "-*"):
        rest.unlink()
    content = bytearray(database.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start:start + 512] = b"\xa5" * 512
    database.write_bytes(content)
    used.log.unlink()
    said = refuses(used)
    assert database.name in said
    assert "restore" in said.lower()
    assert database.read_bytes() == bytes(content), "the evidence is left as it was"


def test_a_database_that_is_something_else_is_refused(used):
    database = used.database
    database.write_bytes(b"my shopping list\n" * 1000)
    used.log.unlink()
    assert database.name in refuses(used)


def test_two_servers_do_not_share_one_data_folder(stopped):
    stopped.start()
    second = Almon(stopped.data)
    second.log = stopped.data / "second.log"
    said = refuses(second)
    assert str(stopped.data) in said
    assert stopped.running
