# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialling from outside as from inside, for whoever knows the PIN (DISA)."""
from exterior import Exterior, call_from, provider
from phones.raw_phone import RawCall, media_port, press


def test_who_knows_the_pin_reaches_who_is_inside(almon, phones):  # API-097
    office = Exterior(almon)
    office.way_in("0123456788", {"type": "application", "application": "disa", "context": "default", "pin": "77"})
    outside, carol = provider(almon), phones.raw("Carol")
    office.peer("disa-provider", outside.port)
    call = call_from(outside, "0123456788")
    to = media_port(call.answered())
    assert outside.rtp.listen(0.6).sound().audible_seconds() > 0.3, "the PIN is asked for"
    press(outside, to, "77#")
    assert outside.rtp.listen(0.8).sound().audible_seconds() > 0.3, "the number is asked for"
    press(outside, to, "1003#")
    ringing = RawCall.incoming_at(carol)
    ringing.accept()
    ringing.acknowledged()
    outside.rtp.talk(to, 600, 0.3)
    assert carol.rtp.listen(0.1).sound().share(600) > 0.8
    call.hang_up()
    ringing.hung_up()

    call = call_from(outside, "0123456788")
    to = media_port(call.answered())
    for _ in range(3):
        press(outside, to, "1#")
    call.hung_up(timeout=10)
    carol.expect_nothing("INVITE", 0.1)
    outside.close()
