# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes over TCP come as they like: in pieces, together, cut off, far too many."""
import time

import pytest

from phones.raw_phone import RawPhone


@pytest.fixture
def line(almon):
    with RawPhone(almon.address, transport="tcp") as phone:
        yield phone
    with RawPhone(almon.address, transport="tcp") as other:
        assert other.ask(other.request("OPTIONS")).status == 200, "almon still serves"


def test_a_request_byte_by_byte_is_one_request(line):
    request = line.request("OPTIONS")
    for byte in request.encode():
        line.send(bytes([byte]))
    assert line.expect(200)["Call-ID"] == request["Call-ID"]


def test_ten_requests_in_one_piece_get_ten_answers(line):
    requests = [line.request("OPTIONS") for _ in range(10)]
    line.send(b"".join(request.encode() for request in requests))
    answers = {line.expect(200)["Call-ID"] for _ in requests}
    assert answers == {request["Call-ID"] for request in requests}


def test_a_body_that_comes_later_belongs_to_its_request(line):
    request = line.request("OPTIONS", body=b"v=0\r\n\r\nOPTIONS sip:x SIP/2.0\r\n\r\n").encode()
    line.send(request[:-20])
    line.expect_nothing(range(100, 700), during=0.1)
    line.send(request[-20:])
    line.expect(200)
    line.expect_nothing(range(100, 700), during=0.1)


def test_empty_lines_between_requests_are_keep_alives(line):
    """RFC 5626 section 4.4.1: a double CRLF is answered by a single one, and RFC 3261 7.5 ignores it."""
    line.send(b"\r\n\r\n\r\n\r\n")
    assert line.ask(line.request("OPTIONS")).status == 200


@pytest.mark.parametrize("part", [1, 20, 200])
def test_a_truncated_request_hurts_nobody(line, part):
    line.send(line.request("OPTIONS").encode()[:part])
    line.close()


def test_a_lying_content_length_does_not_hold_the_others_up(almon, line):
    line.send(line.request("OPTIONS", Content_Length="60000"))
    with RawPhone(almon.address, transport="tcp") as other:
        assert other.ask(other.request("OPTIONS"), timeout=1).status == 200


@pytest.mark.parametrize("length", ["-1", "99999999999", "abc", "1e3"])
def test_an_impossible_content_length_ends_the_connection(line, length):
    line.send(line.request("OPTIONS", Content_Length=length))
    assert line.is_closed()


def test_64_kilobytes_of_headers_are_refused(line):
    request = line.request("OPTIONS")
    for number in range(700):
        request.set(f"X-Filler-{number}", "x" * 90)
    assert len(request.encode()) > 65536
    line.send(request)
    response = line.receive()
    assert response is None or response.status in (400, 413, 513)


def test_a_header_that_never_ends_is_cut_off(line):
    try:
        for _ in range(64):
            line.send(b"X" * 65536)
            time.sleep(0)
    except ConnectionError:
        return
    assert line.is_closed()


def test_64_kilobytes_over_udp_are_refused(almon):
    with RawPhone(almon.address) as phone:
        request = phone.request("OPTIONS")
        for number in range(600):
            request.set(f"X-Filler-{number}", "x" * 90)
        assert 60000 < len(request.encode()) < 65507
        phone.send(request)
        response = phone.receive(0.5)
        assert response is None or response.status in (400, 413, 513, 200)
        assert phone.ask(phone.request("OPTIONS")).status == 200
