# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write to each other in the page: told at once, counted until it is read, kept, and never lost without a word."""
import os

import pytest

from api import sign_in
from event_client import EventClient, sign_in_as, user_of
from phones import rest, window
from phones.almon import binary
from phones.rest import Rest

if window.missing(binary()):
    assert os.environ.get("CI") != "true", window.missing(binary())
    pytest.skip(window.missing(binary()), allow_module_level=True)


def write(page, to: str, text: str) -> None:
    page.fill(f"Write to {to}", text)
    page.key("Enter")


def unread(page, count: int) -> None:
    page.state("chat-link", "data-unread", str(count))


# CLI-042, API-141, CTR-180, CTR-181
def test_two_people_write_to_each_other(phones):
    alice, bob = phones.window(signed_in_as="Alice"), phones.window(signed_in_as="Bob")
    alices_other, bobs_other = phones.window(signed_in_as="Alice"), phones.window(signed_in_as="Bob")
    for page in (alice, bob, bobs_other):
        unread(page, 0)
    bob.press("Messages", "link")
    bob.see("You have no messages yet")
    bob.accessible_everywhere("no messages")
    alice.press("People", "link")
    alice.press("Write to Bob", "link")
    alice.see("Nothing was written yet")
    write(alice, "Bob", "Lunch at <b>noon</b>?")
    # Told and counted in whichever view he is.
    bob.see("Message from Alice")
    unread(bob, 1)
    unread(bobs_other, 1)
    bob.state("conversation", "data-unread", "1")
    bob.accessible_everywhere("a conversation that is new")
    alice.state("message", "data-own", "true")
    alice.see("Lunch at <b>noon</b>?")
    # Her other window has it, and no news of it.
    alices_other.press("Messages", "link")
    alices_other.see("You: Lunch at <b>noon</b>?")
    unread(alices_other, 0)
    # Read in one window is read in the other.
    bob.press("Alice", "link")
    bob.state("message", "data-own", "false")
    unread(bob, 0)
    unread(bobs_other, 0)
    # What is on the screen is no news.
    write(bob, "Alice", "Yes: https://example.org/menu, and\nthen a walk")
    alice.see_link("https://example.org/menu")
    alices_other.see("Yes: https://example.org/menu")
    unread(alices_other, 0)
    alice.accessible_everywhere("a conversation")
    # Kept, whoever signs in when.
    for page in (alice, bob):
        page.reload()
        page.see("then a walk")
        assert page.count("Lunch at") >= 1
    # He who has the keyboard alone writes as well.
    bob.tab_to("Write to Alice")
    bob.type("By the keyboard")
    bob.key("Tab")
    bob.key("Enter")
    alice.see("By the keyboard")
    for page in (alice, bob, alices_other, bobs_other):
        assert page.complaints() == []


def test_a_long_conversation_is_read_from_its_end(almon, phones):
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    token, carol = sign_in_as(almon, confd, "Carol")
    alice = user_of(confd, "Alice")["uuid"]
    for number in range(1, 61):
        said = {"to": alice, "alias": "Carol", "msg": f"Number {number} of sixty"}
        assert rest.ctid_ng(almon, token).post("/1.0/users/me/chats", said).status == 204
    page = phones.window(signed_in_as="Alice")
    page.visit(f"/chat/{carol}")
    page.see("Number 60 of sixty")
    assert page.count("Number 10 of sixty") == 0
    page.press("Earlier messages")
    page.see("Number 1 of sixty")
    unread(page, 0)


# API-229: an event of one's own messages is nobody else's
def test_others_hear_nothing_of_it(almon):
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    tokens = {name: sign_in_as(almon, confd, name) for name in ("Alice", "Bob", "Carol")}
    hears = {name: EventClient.listening(almon, token, "user_chat_message_created", "user_status_update") for name, (token, _) in tokens.items()}
    alice = rest.ctid_ng(almon, tokens["Alice"][0])
    assert alice.post("/1.0/users/me/chats", {"to": tokens["Bob"][1], "alias": "Alice", "msg": "For you alone"}).status == 204
    for name in ("away", "available"):
        assert alice.put("/1.0/users/me/presences", {"presence": name}).status == 204
    for name, count in (("Alice", 1), ("Bob", 1), ("Carol", 0)):
        came = hears[name].until("user_status_update")
        told = [event for event in came if event["name"] == "user_chat_message_created"]
        assert len(told) == count, came
        for event in told:
            assert event["required_acl"] == f"events.users.{tokens[name][1]}.chats"
            assert event["data"]["message"]["msg"] == "For you alone"


def test_what_could_not_be_sent_is_said_and_not_lost(fresh_almon):
    office = fresh_almon
    with window.Window(office) as alice, window.Window(office) as bob:
        for page, name in ((alice, "Alice"), (bob, "Bob")):
            person = office.person(name)
            page.go()
            page.sign_in(person.username, person.password)
            page.state("connection", "data-state", "registered")
        alice.press("People", "link")
        alice.press("Write to Bob", "link")
        alice.see("Nothing was written yet")
        office.kill()
        write(alice, "Bob", "Are you there?")
        alice.see("This message was not sent.")
        alice.see("The server cannot be reached.")
        alice.accessible_everywhere("a message that was not sent")
        alice.fill("Write to Bob", "A draft")
        alice.press("Telephone", "link")
        alice.press("Messages", "link")
        office.start()
        alice.visit(f"/chat/{user_of(Rest(office, office.confd_plain_port, plain=True), 'Bob')['uuid']}")
        alice.see("This message was not sent.")
        assert alice.value("Write to Bob") == "A draft"
        alice.press("Try again")
        alice.state("message", "data-own", "true")
        alice.miss("This message was not sent.")
        # He hears of it as soon as his window has found the server again.
        unread(bob, 1)
        # To somebody who is not there any more.
        confd = sign_in(office)
        dora = confd.post("/users", {"firstname": "Dora"}).json()
        alice.visit(f"/chat/{dora['uuid']}")
        alice.see("Nothing was written yet")
        assert confd.delete(f"/users/{dora['id']}").status == 204
        write(alice, "Dora", "Hello?")
        alice.see("This person does not exist any more.")
        alice.press("Discard")
        alice.miss("This person does not exist any more.")
