# SPDX-License-Identifier: GPL-3.0-or-later
"""How phones prove their password (RFC 8760): MD5 unless told otherwise, SHA-256 where the phones know it."""
import pytest

from phones.almon import Almon
from phones.raw_phone import RawPhone
from phones.sip_message import challenges


@pytest.fixture(scope="module", params=["both", "sha-256"])
def almon(request, tmp_path_factory):
    office = Almon(tmp_path_factory.mktemp("almon"), f"sip.digest={request.param}").start()
    office.digest = request.param
    yield office
    office.stop()


def challenge_to(phone: RawPhone):
    response = phone.ask(phone.request("REGISTER", to=f"<sip:{phone.username}@{phone.domain}>"))
    assert response.status == 401
    return response


def test_the_best_digest_is_offered_first(almon, phones):
    """RFC 8760 section 2.4: the topmost challenge is what the server likes best."""
    response = challenge_to(phones.raw("Alice", registers=False))
    assert list(challenges(response)) == (["SHA-256", "MD5"] if almon.digest == "both" else ["SHA-256"])


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_phone_registers_with_sha_256(phones, transport):
    phone = phones.raw("Alice", transport=transport, registers=False)
    assert phone.register(algorithm="SHA-256").status == 200


def test_a_phone_that_knows_only_md5_registers_where_it_may(almon, phones):
    phone = phones.raw("Alice", registers=False)
    offered = "MD5" in challenges(challenge_to(phone))
    assert offered == (almon.digest == "both")
    assert not offered or phone.register(algorithm="MD5").status == 200


def test_a_wrong_password_is_wrong_with_sha_256_too(phones):
    phone = phones.raw("Alice", registers=False)
    assert phone.register(algorithm="SHA-256", password="guessed").status in (401, 403)


def test_an_office_that_says_nothing_asks_for_md5_alone(fresh_almon):
    """docs/decisions/0006: many phones give up at anything else."""
    with RawPhone(fresh_almon.address, "alice") as phone:
        assert list(challenges(challenge_to(phone))) == ["MD5"]
