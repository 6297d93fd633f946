# SPDX-License-Identifier: GPL-3.0-or-later
"""What those find out who scan the internet for telephone systems: sipvicious (svmap, svwar) and a stop watch."""
import random
import secrets
import socket
import subprocess
import time

import pytest

from phones import loopback
from phones.raw_phone import RawPhone
from phones.sip_message import Message, authorization, challenges

METHODS = ["REGISTER", "INVITE", "OPTIONS"]
NUMBERS = range(1000, 1031)
PEOPLE = ["Alice", "Bob", "Carol"]


def scan(tool: str, *arguments, home, seconds: float = 60) -> str:
    done = subprocess.run([tool, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={"HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}, timeout=seconds,
                          check=False)
    return done.stdout


def rows(output: str) -> list[list[str]]:
    """The table that sipvicious prints, without its head."""
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines()
             if line.startswith("|")]
    return table[1:]


@pytest.mark.parametrize("method", METHODS)
def test_a_scanner_of_networks_is_not_told_what_answers(almon, tmp_path, method):
    output = scan("svmap", "-p", almon.udp_port, "-m", method, loopback.ADDRESS, home=tmp_path)
    found = rows(output)
    assert len(found) == 1, output
    assert found[0][1] == "unknown", f"svmap knows the product: {output}"
    assert "almon" not in output.lower()


@pytest.mark.parametrize("method", METHODS)
def test_a_scanner_of_numbers_learns_nothing(almon, tmp_path, method):
    """Numbers and accounts of the demo office among others that nobody has."""
    names = [*NUMBERS, *(almon.person(name).username for name in PEOPLE), *(secrets.token_hex(4) for _ in range(20))]
    dictionary = tmp_path / "names"
    dictionary.write_text("\n".join(map(str, names)))
    arguments = ["-p", almon.udp_port, "-m", method, "-d", dictionary]
    careful = scan("svwar", *arguments, loopback.ADDRESS, home=tmp_path)
    assert not rows(careful), f"svwar tells numbers apart: {careful}"
    found = rows(scan("svwar", "--force", *arguments, loopback.ADDRESS, home=tmp_path))
    assert len({tuple(row[1:]) for row in found}) <= 1, f"svwar tells numbers apart: {found}"


@pytest.mark.parametrize("method", METHODS)
def test_strangers_hear_the_same_of_accounts_that_exist_and_others(almon, method):
    """Every byte but those that are drawn, and those of the request."""
    def answer(name: str) -> list[tuple[str, str]]:
        with RawPhone(almon.address, name) as stranger:
            request = stranger.request(method, f"sip:{name}@{stranger.domain}",
                                       to=f"<sip:{name}@{stranger.domain}>")
            response = stranger.ask(request)
            return [("", response.start_line)] + [
                (field, value.split("nonce=")[0]) for field, value in response.fields
                if field not in ("Via", "From", "To", "Call-ID")]

    assert answer(almon.person("Alice").username) == answer("n" + secrets.token_hex(3))
    assert not any(field in ("Server", "User-Agent") for field, _ in answer("nobody"))


class Stopwatch:
    """Asks as somebody and takes the time until the answer."""

    def __init__(self, almon):
        self.server = almon.address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((loopback.ADDRESS, 0))
        self.socket.connect(self.server)
        self.socket.settimeout(5)
        self.own = f"{loopback.ADDRESS}:{self.socket.getsockname()[1]}"

    def ask(self, request: bytes) -> tuple[float, bytes]:
        begin = time.perf_counter()
        self.socket.send(request)
        answer = self.socket.recv(65536)
        return time.perf_counter() - begin, answer

    def request(self, method: str, name: str, proof: str = "") -> bytes:
        host = f"{self.server[0]}:{self.server[1]}"
        contact = f"Contact: <sip:{name}@{self.own}>\r\n"
        return (f"{method} sip:{name}@{host} SIP/2.0\r\nVia: SIP/2.0/UDP {self.own};rport;"
                f"branch=z9hG4bK{secrets.token_hex(8)}\r\nMax-Forwards: 70\r\n"
                f"From: <sip:{name}@{host}>;tag={secrets.token_hex(4)}\r\nTo: <sip:{name}@{host}>\r\n"
                f"Call-ID: {secrets.token_hex(8)}\r\nCSeq: 1 {method}\r\n{contact}{proof}"
                f"Content-Length: 0\r\n\r\n").encode()

    def wrong_password(self, method: str, name: str) -> bytes:
        """With a nonce of the server's, so that it has to look for the account."""
        challenge = Message.parse(self.ask(self.request("REGISTER", name))[1])
        host = f"{self.server[0]}:{self.server[1]}"
        proof = authorization(challenges(challenge)["MD5"], name, "guessed", method, f"sip:{name}@{host}")
        return self.request(method, name, f"Authorization: {proof}\r\n")


def longer_than(some: list[float], others: list[float]) -> float:
    """How probable it is that one of `some` took longer than one of the `others` (Mann and Whitney); 0.5: nobody
    can tell."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, is_some) in enumerate(ranked, 1) if is_some)
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


# A watch on the same machine: nobody outside sees the time as well. By chance alone the probability strays by 0.013 from
# one half (one standard deviation at 1,000 of each); seven of these are nothing that a scanner could use.
OF_EACH, MARGIN = 1000, 0.09


@pytest.mark.parametrize("method", METHODS)
def test_the_time_of_an_answer_does_not_tell_which_accounts_exist(almon, method):
    people = [almon.person(name).username for name in PEOPLE]
    nobody = ["".join(random.sample(name, len(name))) for name in people]
    watch = Stopwatch(almon)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(OF_EACH):
        for exists in random.sample([True, False], 2):
            name = random.choice(people if exists else nobody)
            taken[exists].append(watch.ask(watch.request(method, name))[0])
    assert abs(longer_than(taken[True], taken[False]) - 0.5) < MARGIN
