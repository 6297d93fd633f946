# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that a good phone does not send: each gets its answer, and the office goes on working."""
import secrets

import pytest

from phones.raw_phone import RawCall, RawPhone, offer


@pytest.fixture
def stranger(almon):
    with RawPhone(almon.address) as phone:
        yield phone
        assert phone.ask(phone.request("OPTIONS")).status == 200, "almon still serves"


def test_an_unknown_method_is_refused_with_what_is_allowed(stranger):
    """RFC 3261 section 8.2.1."""
    response = stranger.ask(stranger.request("DANCE", f"sip:1001@{stranger.domain}"))
    assert response.status == 405
    allowed = {method.strip() for method in response["Allow"].split(",")}
    assert {"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER"} <= allowed


def test_no_hops_left_is_answered_483(phones):
    """RFC 3261 section 16.3."""
    alice = phones.raw("Alice")
    invite = alice.request("INVITE", f"sip:1002@{alice.domain}", body=offer(alice.rtp.port), Max_Forwards="0")
    assert alice.ask(invite).status == 483


def test_each_call_that_goes_on_has_one_hop_less(phones):
    """RFC 3261 section 16.6 step 3, which RFC 7332 asks of a back-to-back user agent too."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", Max_Forwards="23")
    incoming = RawCall.incoming_at(bob)
    assert incoming.invite["Max-Forwards"] == "22"
    incoming.refuse(486)
    call.refused()


def test_the_same_request_by_two_ways_is_a_loop(phones):
    """RFC 3261 section 8.2.2.2: same From tag, Call-ID and CSeq, another branch: 482."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    again = alice.request("INVITE", call.invite.uri, body=call.invite.body, Call_ID=call.call_id,
                          From=call.invite["From"], CSeq=call.invite["CSeq"])
    alice.send(alice.sign(again, count=2))
    assert call.expect(range(400, 700)).status == 482
    call.cancel()
    bob.respond(bob.expect("CANCEL"), 200, "OK")
    incoming.refuse(487)


@pytest.mark.parametrize("method", ["BYE", "INFO", "UPDATE", "PRACK"])
def test_a_request_within_a_dialog_that_does_not_exist_is_answered_481(stranger, method):
    """RFC 3261 section 12.2.2."""
    request = stranger.request(method, f"sip:1001@{stranger.domain}", RAck="1 1 INVITE",
                               to=f"<sip:1001@{stranger.domain}>;tag=nobody")
    assert stranger.ask(request).status == 481


def test_a_bye_with_a_guessed_tag_does_not_end_a_call(phones, stranger):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    bye = stranger.request("BYE", call.target, to=call.remote.split(";tag=")[0] + ";tag=guessed", Call_ID=call.call_id,
                           From=call.local, CSeq="99 BYE")
    assert stranger.ask(bye).status == 481
    assert call.hang_up().status == 200
    incoming.hung_up()


def test_a_cancel_for_nothing_is_answered_481(stranger):
    """RFC 3261 section 9.2."""
    assert stranger.ask(stranger.request("CANCEL", f"sip:1001@{stranger.domain}")).status == 481


def test_a_requirement_that_nobody_knows_is_refused_by_name(phones):
    """RFC 3261 section 8.2.2.3."""
    alice = phones.raw("Alice")
    request = alice.request("INVITE", f"sip:1002@{alice.domain}", body=offer(alice.rtp.port),
                            Require="nothingsipisready")
    response = alice.ask(request)
    assert response.status == 420
    assert "nothingsipisready" in response["Unsupported"]


def test_a_body_of_an_unknown_kind_is_refused(phones):
    """RFC 3261 section 8.2.3."""
    alice = phones.raw("Alice")
    phones.raw("Bob")
    call = alice.call("1002", b"<html/>", Content_Type="text/html")
    refusal = call.refused()
    assert refusal.status == 415
    assert "application/sdp" in refusal["Accept"]


def test_a_session_description_that_is_garbage_is_refused(phones):
    alice = phones.raw("Alice")
    phones.raw("Bob")
    assert alice.call("1002", b"v=0\r\nm=audio what RTP\r\n").refused().status in (400, 488)


def test_a_response_to_nothing_is_ignored(stranger):
    stranger.send((f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:{stranger.port};"
                   f"branch=z9hG4bK{secrets.token_hex(4)}\r\n"
                   "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: nothing\r\nCSeq: 1 INVITE\r\n"
                   "Content-Length: 0\r\n\r\n").encode())
    stranger.expect_nothing(range(100, 700), during=0.2)


@pytest.mark.parametrize("noise", [
    b"\0" * 100, b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"INVITE", secrets.token_bytes(1400),
    b"INVITE sip:1001@127.0.0.1 SIP/2.0\r\n\r\n"],
    ids=["zeros", "keep-alive", "HTTP", "one word", "random", "no headers"])
def test_noise_over_udp_does_no_harm(stranger, noise):
    stranger.send(noise)


@pytest.mark.parametrize("missing", ["From", "To", "Call-ID", "CSeq"])
def test_a_request_without_a_mandatory_header_is_bad(stranger, missing):
    request = stranger.request("OPTIONS").set(missing, None)
    stranger.send(request)
    response = stranger.receive(1.0)
    assert response is None or response.status == 400


def test_a_repeated_request_gets_the_same_answer_again(stranger):
    """RFC 3261 section 17.2.2: over UDP the first answer may have been lost."""
    request = stranger.request("DANCE")
    first = stranger.ask(request)
    stranger._seen.clear()
    assert str(stranger.ask(request)) == str(first)
