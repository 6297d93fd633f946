# SPDX-License-Identifier: GPL-3.0-or-later
"""What passes through the relay, from where, and what does not."""
import threading

import pytest

from phones import loopback
from phones.raw_phone import RawCall, media_port, offer
from phones.rtp_socket import RtpSocket


def talk(speaker: RtpSocket, to_port: int, hertz: int, listener: RtpSocket, seconds: float = 0.6):
    """The speaker sends a tone while the listener listens; returns what the listener got."""
    thread = threading.Thread(target=speaker.talk, args=(to_port, hertz, seconds))
    thread.start()
    stream = listener.listen(seconds)
    thread.join()
    return stream


def heard_of(speaker: RtpSocket, to_port: int, payload_type: int, listener: RtpSocket) -> set[tuple[int, bytes]]:
    """What arrives of some packets: the first of them may be faster than the answer's way through the server."""
    packets = []
    for _ in range(5):
        speaker.send(to_port, payload_type, b"untouched")
        packets += listener.listen(0.05).packets
    return {(packet.payload_type, packet.payload) for packet in packets}


@pytest.fixture
def talking(phones):
    """Alice and Bob in a call and both heard; (Alice, the port she sends to, Bob, the port he sends to)."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    answer = call.answered()
    to_alices_leg, to_bobs_leg = media_port(answer), media_port(incoming.invite)
    assert talk(alice.rtp, to_alices_leg, 440, bob.rtp).sound().share(440) > 0.9
    assert talk(bob.rtp, to_bobs_leg, 880, alice.rtp).sound().share(880) > 0.9
    yield alice, to_alices_leg, bob, to_bobs_leg
    call.hang_up()
    incoming.hung_up()


def test_media_ports_come_from_the_configured_range(almon, talking):
    _, to_alices_leg, _, to_bobs_leg = talking
    assert to_alices_leg in almon.media_ports
    assert to_bobs_leg in almon.media_ports
    assert to_alices_leg % 2 == to_bobs_leg % 2 == 0


def test_a_stranger_cannot_speak_into_a_call_or_draw_it_away(talking):
    alice, to_alices_leg, bob, to_bobs_leg = talking
    stranger = RtpSocket()
    intruding = threading.Thread(target=stranger.talk, args=(to_alices_leg, 1200, 0.6))
    intruding.start()
    heard_by_bob = talk(alice.rtp, to_alices_leg, 440, bob.rtp)
    intruding.join()
    assert heard_by_bob.sound().share(440) > 0.9
    assert heard_by_bob.sound().share(1200) < 0.01
    assert talk(bob.rtp, to_bobs_leg, 880, alice.rtp).sound().share(880) > 0.9
    assert not stranger.listen(0.05).packets
    stranger.close()


def test_a_phone_behind_nat_is_heard_and_hears(phones):
    """Symmetric RTP (RFC 4961): the address in the description leads nowhere, packets show the real one."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    nowhere = offer(loopback.free_ports(2)).replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 127.0.0.99")
    call = alice.call("1002", nowhere)
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    to_alices_leg = media_port(call.answered())
    assert talk(alice.rtp, to_alices_leg, 440, bob.rtp).sound().share(440) > 0.9
    assert talk(bob.rtp, media_port(incoming.invite), 880, alice.rtp).sound().share(880) > 0.9
    call.hang_up()
    incoming.hung_up()


@pytest.mark.parametrize("codec", ["18", "9"], ids=["G.729", "G.722"])
def test_a_codec_that_both_share_passes_untouched(phones, codec):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", offer(alice.rtp.port, codec))
    incoming = RawCall.incoming_at(bob)
    assert f"RTP/AVP {codec}".encode() in incoming.invite.body
    incoming.accept(offer(bob.rtp.port, codec))
    to_alices_leg = media_port(call.answered())
    assert heard_of(alice.rtp, to_alices_leg, int(codec), bob.rtp) == {(int(codec), b"untouched")}
    call.hang_up()
    incoming.hung_up()


def test_video_passes_beside_the_sound(phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    alices_eye, bobs_eye = RtpSocket(), RtpSocket()

    def with_video(audio: bytes, eye: RtpSocket) -> bytes:
        return audio + f"m=video {eye.port} RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n".encode()

    call = alice.call("1002", with_video(offer(alice.rtp.port), alices_eye))
    incoming = RawCall.incoming_at(bob)
    assert b"VP8/90000" in incoming.invite.body
    incoming.accept(with_video(offer(bob.rtp.port, "8 101"), bobs_eye))
    answer = call.answered()
    to_video = int(answer.body.partition(b"m=video ")[2].split()[0])
    assert heard_of(alices_eye, to_video, 96, bobs_eye) == {(96, b"untouched")}
    call.hang_up()
    incoming.hung_up()
    alices_eye.close()
    bobs_eye.close()


def test_streams_of_a_kind_that_nobody_takes_are_declined_one_by_one(phones):
    """RFC 3264 section 6: port 0 for the stream, and the call stands."""
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002", offer(alice.rtp.port) + b"m=application 9 UDP/BFCP *\r\n")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    answer = call.answered()
    assert b"m=application 0 " in answer.body
    assert media_port(answer) != 0
    call.hang_up()
    incoming.hung_up()
