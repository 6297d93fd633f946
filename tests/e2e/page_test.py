# SPDX-License-Identifier: GPL-3.0-or-later
"""The page, used by people in windows: they sign in, call each other and hear each other; an administrator makes a user."""
import os

import pytest

from phones import window
from phones.almon import binary
from phones.baresip import Baresip
from phones.conversation import assert_both_hear, assert_recorded
from phones.rest import Rest

if window.missing(binary()):
    assert os.environ.get("CI") != "true", window.missing(binary())
    pytest.skip(window.missing(binary()), allow_module_level=True)

ALICE, BOB, CAROL = 440, 880, 1320


def call_bob(alice, bob) -> None:
    alice.fill("Number", "1002")
    alice.press("Call")
    bob.press("Answer")
    for each in (alice, bob):
        each.state("call-status", "data-phase", "talking")


def test_two_people_talk_in_two_windows(phones):
    alice = phones.window(signed_in_as="Alice", tone=ALICE)
    bob = phones.window(signed_in_as="Bob", tone=BOB)
    alice.see("your number is 1001")
    call_bob(alice, bob)
    alice.hear(BOB, ALICE)
    bob.hear(ALICE, BOB)
    alice.press("Hang up")
    bob.miss("Connected")
    bob.see("Past calls")
    bob.reload()
    bob.see("Past calls")
    assert alice.complaints() == bob.complaints() == []


def test_a_call_survives_that_the_page_is_loaded_anew(phones):
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.window(signed_in_as="Bob", tone=BOB)
    call_bob(alice, bob)
    bob.hear(ALICE, BOB)
    alice.reload()
    alice.state("call-status", "data-phase", "talking")
    alice.hear(BOB, ALICE)
    bob.hear(ALICE, BOB)
    alice.press("Hang up")
    bob.miss("Connected")


def test_people_are_called_and_their_lamps_follow(phones):
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.baresip("Bob", tone=BOB)
    alice.press("People", "link")
    alice.fill("Search by name, number or address", "bo")
    alice.see("1002")
    alice.miss("1003")
    alice.press("Call Bob")
    bob.event("CALL_INCOMING")
    alice.press("People", "link")
    alice.state("person-1002", "data-lamp", "ringing")
    bob.accept()
    alice.state("person-1002", "data-lamp", "talking")
    alice.accessible_everywhere("people")
    alice.press("Telephone", "link")
    alice.press("Hang up")
    bob.event("CALL_CLOSED")
    alice.press("People", "link")
    alice.state("person-1002", "data-lamp", "free")


def test_a_person_sets_forwards_and_keys(almon, phones):
    """In force at once; kept for the next time."""
    bob = phones.window(signed_in_as="Bob")
    bob.press("Forwards and do not disturb", "link")
    bob.see("Calls for me")
    bob.accessible_everywhere("services")
    bob.check("Do not disturb")
    alice = phones.window(signed_in_as="Alice")
    alice.fill("Number", "1002")
    alice.press("Call")
    alice.see("Busy")
    bob.check("Do not disturb", False)
    bob.fill("Number", "1003")
    bob.press("Save")
    bob.state("forward-unconditional", "data-enabled", "true")
    carol = phones.baresip("Carol")
    alice.fill("Number", "1002")
    alice.press("Call")
    carol.event("CALL_INCOMING")
    alice.press("Hang up")
    bob.check("All calls", False)
    bob.state("forward-unconditional", "data-enabled", "false")
    bob.press("Function keys", "link")
    bob.press("Key 1 free")
    bob.fill("Number", "1003")
    bob.press("Set key 1")
    bob.accessible_everywhere("function keys")
    bob.press("Save")
    bob.reload()
    bob.see("1003")


def test_a_call_is_held_muted_and_resumed(phones):
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.window(signed_in_as="Bob", tone=BOB)
    call_bob(alice, bob)
    bob.hear(ALICE, BOB)
    alice.press("Mute")
    assert bob.listen(2.0).between(1.0, 2.0).share(ALICE) < 0.5
    alice.press("Mute")
    bob.hear(ALICE, BOB)
    alice.press("Hold")
    alice.see("On hold")
    assert bob.listen(2.0).between(1.0, 2.0).share(ALICE) < 0.5
    alice.press("Resume")
    alice.hear(BOB, ALICE)
    bob.press("Hang up")
    alice.miss("Connected")


def test_digits_and_a_transfer_reach_desk_phones(phones, tap):
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.baresip("Bob", tone=BOB)
    carol = phones.baresip("Carol", tone=CAROL)
    alice.fill("Number", "1002")
    alice.key("Enter")
    bob.event("CALL_INCOMING")
    bob.accept()
    alice.state("call-status", "data-phase", "talking")
    alice.press_in("Call with 1002", "Keypad")
    for digit in "15#":
        alice.press_in("Call with 1002", digit)
    assert bob.digits(3) == "15#"
    alice.press("Transfer")
    alice.fill("Transfer to number", "1003")
    alice.key("Enter")
    carol.event("CALL_INCOMING")
    carol.accept()
    alice.miss("Connected")
    carol.event("CALL_ESTABLISHED")
    assert_both_hear(tap, bob, carol, 1.0)


def test_two_calls_are_joined_after_asking_back(phones):
    """A second call holds the first; then who was asked and who waits talk with each other."""
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.window(signed_in_as="Bob", tone=BOB)
    carol = phones.baresip("Carol", tone=CAROL)
    call_bob(alice, bob)
    alice.fill("Number", "1003")
    alice.press("Call")
    carol.event("CALL_INCOMING")
    carol.accept()
    alice.see("On hold")
    carol.event("CALL_ESTABLISHED")
    alice.press_in("Call with 1003", "Transfer")
    alice.press("Connect with 1002")
    alice.miss("Connected")
    bob.hear(CAROL, BOB)
    bob.press("Hang up")
    carol.event("CALL_CLOSED")
    assert_recorded(carol, BOB, seconds=1.0)


def test_failures_are_told_in_words(phones):
    alice = phones.window(signed_in_as="Alice")
    alice.fill("Number", "1999")
    alice.press("Call")
    alice.see("There is no such number")
    bob = phones.window(signed_in_as="Bob")
    alice.fill("Number", "1002")
    alice.press("Call")
    bob.press("Decline")
    alice.see("Busy")


def test_each_window_stays_who_it_is_when_it_is_loaded_again(almon, phones):
    """Also two people's in one browser: their cookies do not disturb each other."""
    alice = phones.window(signed_in_as="Alice")
    alice.reload()
    alice.see("your number is 1001")
    alice.state("connection", "data-state", "registered")
    alice.press("Menu of Alice")
    alice.press("Sign out", "menuitem")
    alice.see("Sign in to make calls")
    alice.reload()
    alice.see("Sign in to make calls")
    assert alice.complaints() == [
        "Failed to load resource: the server responded with a status of 401 (Unauthorized)"] * len(alice.complaints())


def test_a_wrong_password_is_said_and_html_is_text(phones):
    someone = phones.window()
    someone.sign_in("<b>alice</b>", "wrong")
    someone.see("User name or password is wrong.")


def test_an_administrator_makes_a_user_whose_phone_is_called(almon, phones, tmp_path):
    admin = phones.window(signed_in_as="admin")
    admin.see("3 of 3")
    admin.press("Add a user", "link")
    admin.fill("First name", "Dora")
    admin.fill("Last name", "<i>Duval</i>")
    assert admin.value("Number") == "1004"
    admin.press("Save")
    admin.see("Dora was added.")
    admin.see("<i>Duval</i>")
    username, password = admin.value("SIP user name"), admin.value("SIP password")
    dora = Baresip(tmp_path / "dora", "Dora", server=almon.address, username=username, password=password, tone=BOB)
    with dora:
        dora.event("REGISTER_OK")
        alice = phones.window(signed_in_as="Alice", tone=ALICE)
        alice.fill("Number", "1004")
        alice.press("Call")
        dora.event("CALL_INCOMING")
        dora.accept()
        alice.hear(BOB, ALICE)
        alice.press("Hang up")
    # A wrong value is told beside its field; what is right is in force at once, and can be taken back.
    admin.fill("Number", "99")
    admin.press("Save")
    admin.see("outside of the ranges of the context")
    admin.fill("Number", "1005")
    admin.press("Save")
    admin.see("Saved, and in force.")
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    assert [item["exten"] for item in confd.get("/1.1/extensions?exten=1005").json["items"]] == ["1005"]
    admin.press("Undo")
    admin.see("The change was taken back.")
    assert confd.get("/1.1/extensions?exten=1005").json["total"] == 0
    assert confd.get("/1.1/extensions?exten=1004").json["total"] == 1


def test_an_administrator_makes_a_group_that_rings(almon, phones):
    """A form made of the server's document, with number and members; saved, it can be called."""
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    assert confd.put("/1.1/contexts/1", {"group_ranges": [{"start": "2000", "end": "2099"}]}).status == 204
    admin = phones.window(signed_in_as="admin")
    admin.press("Groups", "link")
    admin.see("There are no groups yet")
    admin.press("Add a group", "link")
    admin.press("Save")
    admin.see("Must be filled in.")
    admin.fill("Name", "sales")
    admin.fill("Number", "2000")
    admin.select("Members", "Bob (1002)")
    admin.key("Escape")
    admin.press("Save")
    admin.see("Saved, and in force.")
    alice, bob = phones.window(signed_in_as="Alice", tone=ALICE), phones.baresip("Bob", tone=BOB)
    alice.fill("Number", "2000")
    alice.press("Call")
    bob.event("CALL_INCOMING")
    bob.accept()
    alice.hear(BOB, ALICE)
    alice.press("Hang up")
    bob.event("CALL_CLOSED")


def test_deleting_a_user_takes_all_that_is_his_and_gives_it_back(almon, phones):
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    before = {kind: confd.get(f"/1.1/{kind}").json["total"] for kind in ("users", "lines", "extensions", "endpoints/sip")}
    admin = phones.window(signed_in_as="admin")
    admin.fill("Search by name, number or address", "carol")
    admin.see("1 of 1")
    admin.press("Carol", "link")
    admin.press("Delete")
    admin.do("confirm", "Delete")
    admin.see("Carol was deleted.")
    assert {kind: confd.get(f"/1.1/{kind}").json["total"] for kind in before} == {kind: total - 1 for kind, total in before.items()}
    admin.press("Undo")
    admin.see("The change was taken back.")
    assert {kind: confd.get(f"/1.1/{kind}").json["total"] for kind in before} == before


def test_two_administrators_do_not_overwrite_each_other(almon, phones):
    admin = phones.window(signed_in_as="admin")
    admin.press("Bob", "link")
    admin.fill("E-mail", "bob@example.org")
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    bob = next(user for user in confd.get("/1.1/users").json["items"] if user["firstname"] == "Bob")
    assert confd.put(f"/1.1/users/{bob['id']}", {"lastname": "Builder"}).status == 204
    admin.press("Save")
    admin.see("Somebody else has changed this in the meantime.")
    assert confd.get(f"/1.1/users/{bob['id']}").json["email"] is None


def test_every_view_is_accessible(phones):
    someone = phones.window()
    someone.see("Sign in to make calls")
    someone.accessible_everywhere("sign-in")
    alice, bob = phones.window(signed_in_as="Alice"), phones.window(signed_in_as="Bob")
    alice.accessible_everywhere("telephone")
    call_bob(alice, bob)
    alice.press("Transfer")
    alice.accessible_everywhere("a call")
    alice.press("Hang up")
    # Some widths and colours are asked for when the page is loaded.
    admin = phones.window(signed_in_as="admin", dark=True, width=320)
    for path in ("/users", "/users/new", "/groups"):
        admin.visit(path)
        admin.accessible(f"{path}, loaded dark and narrow")
        admin.accessible_everywhere(path)
    assert [complaint for complaint in admin.complaints() if "401" not in complaint] == []
