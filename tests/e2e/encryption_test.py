# SPDX-License-Identifier: GPL-3.0-or-later
"""Phones that encrypt, by SIP over TLS and SRTP or DTLS-SRTP, and phones that do not, hear each other."""
import contextlib
import os
import socket
import ssl

import pytest

from phones import loopback
from phones.conversation import assert_recorded, connect

OPTIONS = ("OPTIONS sip:almon SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK{0}\r\nFrom: <sip:a@almon>;tag=1\r\n"
           "To: <sip:almon>\r\nCall-ID: {0}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n")


def talk(phones, alice, bob, tap) -> None:
    connect(alice, bob, "1002")
    tap.wait_for_sound(bob.rtp_ports, 2.0)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    assert_recorded(bob, alice.tone, seconds=1.0)
    assert_recorded(alice, bob.tone, seconds=1.0)


@pytest.mark.parametrize("encryption", ["srtp-mand", "dtls_srtp"])
def test_an_encrypting_phone_calls_a_plain_one(phones, tap, almon, encryption):
    alice = phones.baresip("Alice", tone=440, transport="tls", encryption=encryption)
    bob = phones.baresip("Bob", tone=880)
    talk(phones, alice, bob, tap)
    assert "UDP/TLS/RTP" not in bob.trace().split("INVITE sip:")[1]
    assert "a=crypto" not in bob.trace().split("INVITE sip:")[1]


def test_two_encrypting_phones_of_different_kinds(phones, tap):
    alice = phones.baresip("Alice", tone=440, transport="tls", encryption="srtp-mand")
    carol = phones.baresip("Alice", tone=660, transport="tls", encryption="dtls_srtp")
    bob = phones.baresip("Bob", tone=880)
    connect(alice, bob, "1002")
    tap.wait_for_sound(bob.rtp_ports, 1.0)
    alice.hang_up()
    bob.event("CALL_CLOSED")
    connect(carol, bob, "1002")
    tap.wait_for_sound(bob.rtp_ports, 1.0)
    carol.hang_up()
    bob.event("CALL_CLOSED")


def test_a_call_reaches_a_phone_over_the_connection_it_made(phones, tap):
    """RFC 5923: nobody connects to a phone behind TLS."""
    alice, bob = phones.baresip("Alice", tone=440), phones.baresip("Bob", tone=880, transport="tls")
    talk(phones, alice, bob, tap)


class Tls:
    def __init__(self, almon):
        context = ssl.create_default_context(cafile=str(almon.certificate))
        context.check_hostname = False
        self.socket = context.wrap_socket(socket.create_connection((loopback.ADDRESS, almon.tls_port), timeout=5))

    def asks(self) -> bytes:
        self.socket.sendall(OPTIONS.format(os.urandom(8).hex()).encode())
        return self.socket.recv(65536)


def test_options_over_tls_prove_the_servers_certificate(almon):
    connection = Tls(almon)
    assert connection.socket.version() == "TLSv1.3"
    assert connection.asks().startswith(b"SIP/2.0 ")


def test_old_tls_is_refused(almon):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(socket.create_connection((loopback.ADDRESS, almon.tls_port), timeout=5))


def test_what_is_no_tls_disturbs_nobody(almon):
    good = Tls(almon)
    for nonsense in (b"OPTIONS sip:almon SIP/2.0\r\n\r\n", b"\x16\x03\x01\xff\xff" + bytes(300), os.urandom(2000)):
        with socket.create_connection((loopback.ADDRESS, almon.tls_port), timeout=5) as bad:
            bad.sendall(nonsense)
            with contextlib.suppress(OSError):
                while bad.recv(4096):
                    pass
    # Who says nothing at all keeps nobody waiting.
    silent = [socket.create_connection((loopback.ADDRESS, almon.tls_port), timeout=5) for _ in range(50)]
    assert Tls(almon).asks().startswith(b"SIP/2.0 ")
    assert good.asks().startswith(b"SIP/2.0 ")
    for connection in silent:
        connection.close()


def test_many_messages_fill_and_split_tls_records(almon):
    connection = Tls(almon)
    stream = b"".join(OPTIONS.format(f"{number:08x}").encode() for number in range(200))
    connection.socket.sendall(stream)
    answers = b""
    while answers.count(b"SIP/2.0 200") + answers.count(b"SIP/2.0 4") < 200:
        chunk = connection.socket.recv(65536)
        assert chunk, "the connection was closed"
        answers += chunk
