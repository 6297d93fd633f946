# SPDX-License-Identifier: GPL-3.0-or-later
"""A change is in force when its answer arrives: the call that is made right then sees it."""
import pytest

from phones import rest
from phones.raw_phone import RawCall


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_the_next_call_finds_the_new_number_and_misses_the_old_one(almon, phones, transport):
    confd = rest.confd(almon)
    alice, bob = phones.raw("Alice", transport=transport), phones.raw("Bob", transport=transport)
    [extension] = confd.get("/1.1/extensions?exten=1002").json["items"]
    extension = f"/1.1/extensions/{extension['id']}"
    before = "1002"
    for number in [*range(1500, 1525), 1002]:
        assert confd.put(extension, {"exten": str(number)}).status == 204
        call = alice.call(str(number))
        RawCall.incoming_at(bob).refuse(486)
        assert call.refused().status == 486
        missed = alice.call(before)
        missed.expect(183)  # the announcement that the number does not exist
        missed.cancel()
        assert missed.refused().status == 487
        before = str(number)
