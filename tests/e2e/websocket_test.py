# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP over WebSocket (RFC 7118) as clients that misbehave use it."""
import contextlib
import os
import ssl

import pytest

from raw_websocket import RawWebSocket

OPTIONS = ("OPTIONS sip:almon SIP/2.0\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\r\nFrom: <sip:a@almon>;tag=1\r\n"
           "To: <sip:almon>\r\nCall-ID: {0}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n")


def assert_serves(websocket: RawWebSocket) -> None:
    websocket.send(OPTIONS.format(os.urandom(8).hex()).encode())
    opcode, answer = websocket.receive()
    assert opcode == 1
    assert answer.startswith(b"SIP/2.0 ")


@pytest.mark.parametrize("path", ["/", "/ws"])
def test_options_over_both_kinds(almon, path):
    for port, secure in ((almon.wss_port, True), (almon.ws_port, False)):
        websocket = RawWebSocket(port, secure=secure, path=path)
        assert websocket.status == 101
        assert "Sec-WebSocket-Protocol: sip" in websocket.answer
        assert_serves(websocket)


@pytest.mark.parametrize("protocol", [None, "xmpp", "sips"])
def test_another_subprotocol_is_refused(almon, protocol):
    assert RawWebSocket(almon.wss_port, protocol=protocol).status == 400


def test_a_frame_of_ten_megabytes_ends_the_connection_and_no_other(almon):
    good, bad = RawWebSocket(almon.wss_port), RawWebSocket(almon.wss_port)
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        bad.send(b"x" * 100_000, length=10 * 1024 * 1024)
    opcode, reason = bad.receive()
    assert opcode in (8, -1)
    if opcode == 8:
        assert int.from_bytes(reason[:2], "big") == 1009
    assert_serves(good)


def test_text_that_is_no_utf8_ends_the_connection_and_no_other(almon):
    good, bad = RawWebSocket(almon.wss_port), RawWebSocket(almon.wss_port)
    bad.send(b"OPTIONS \xff\xfe")
    assert bad.receive()[0] in (8, -1)
    assert_serves(good)


def test_what_is_no_sip_is_ignored(almon):
    websocket = RawWebSocket(almon.wss_port)
    for frame in (b"hello", b"", b"GET / HTTP/1.1\r\n\r\n", b"\x00\x01\x02"):
        websocket.send(frame, opcode=2)
    assert_serves(websocket)


def test_keep_alives_are_answered(almon):
    websocket = RawWebSocket(almon.wss_port)
    websocket.send(b"\r\n\r\n")
    assert websocket.receive() == (1, b"\r\n")
    websocket.send(b"are you there", opcode=9)
    assert websocket.receive() == (10, b"are you there")
