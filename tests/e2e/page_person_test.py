# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as people use it beside their calls: what they are for the others; with which devices they
speak and hear; and without a mouse."""
import os

import pytest

from phones import rest, window
from phones.almon import binary
from phones.rest import Rest
from event_client import sign_in_as

if window.missing(binary()):
    assert os.environ.get("CI") != "true", window.missing(binary())
    pytest.skip(window.missing(binary()), allow_module_level=True)


def choose_presence(page, now: str, wanted: str) -> None:
    page.press(f"For the others you are: {now}")
    page.press(wanted, "menuitemradio")
    page.see_button(f"For the others you are: {wanted}")


# CLI-014, API-139, API-016, ADA-097, ADA-099: chosen in one window, seen in the other as it happens
def test_people_choose_what_they_are_for_the_others(almon, phones):
    alice, bob = phones.window(signed_in_as="Alice"), phones.window(signed_in_as="Bob")
    alice.press("People", "link")
    alice.state("person-1002", "data-presence", "disconnected")
    choose_presence(bob, "Offline", "Out to lunch")
    alice.state("person-1002", "data-presence", "outtolunch")
    alice.see("Out to lunch")
    alice.accessible_everywhere("people with presences")
    # Do not disturb is a service, too: followed by the view that shows it, and by calls.
    bob.press("Forwards and do not disturb", "link")
    bob.see("Calls for me")
    choose_presence(bob, "Out to lunch", "Do not disturb")
    bob.is_checked("Do not disturb")
    alice.state("person-1002", "data-presence", "donotdisturb")
    alice.press("Call Bob")
    alice.see("Busy")
    bob.reload()
    bob.state("presence", "data-presence", "donotdisturb")
    choose_presence(bob, "Do not disturb", "Available")
    bob.is_checked("Do not disturb", False)
    # Another window of his shows it, and so it is for programs.
    again = phones.window(signed_in_as="Bob")
    choose_presence(again, "Available", "Away")
    bob.state("presence", "data-presence", "away")
    assert alice.complaints() == [] and bob.complaints() == []


# ADA-097, ADA-098: from the group of the profile, by the administrator's words, and only where one leads to the other
def test_an_administrator_says_what_people_can_be(almon, phones):
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    carol = next(user for user in confd.get("/1.1/users").json["items"] if user["firstname"] == "Carol")
    presences = [{"name": "onsite", "label": "At <b>customers</b>", "color": "#0000FF", "reachable": ["back"], "actions": []},
                 {"name": "back", "label": "Back again", "color": "#00FF00", "reachable": [], "actions": []},
                 {"name": "away", "label": "On the road", "color": "#FF0000", "reachable": ["back"], "actions": []}]
    group = confd.post("/1.1/presence_groups", {"name": "field", "presences": presences})
    assert group.status == 201, group
    profile = confd.post("/1.1/cti_profiles", {"name": "engineers", "presence_group": group.json["id"]})
    assert profile.status == 201, profile
    assert confd.put(f"/1.1/users/{carol['id']}/cti", {"cti_profile_id": profile.json["id"]}).status == 204
    page = phones.window(signed_in_as="Carol")
    choose_presence(page, "Offline", "At <b>customers</b>")
    page.press("For the others you are: At <b>customers</b>")
    assert page.menu() == [["At <b>customers</b>", True], ["Back again", True], ["On the road", False]]
    page.accessible("presences")
    page.key("Escape")
    token, _ = sign_in_as(almon, confd, "Carol")
    assert rest.ctid_ng(almon, token).get("/1.0/users/me/presences").json["presence"] == "onsite"


def test_a_call_from_the_first_digit_to_the_end_with_the_keyboard_alone(phones):
    alice, bob = phones.window(signed_in_as="Alice", tone=440), phones.window(signed_in_as="Bob", tone=880)
    bob.tab_to("People")
    bob.key("Enter")
    bob.tab_to("Search by name, number or address")
    bob.type("ali")
    alice.tab_to("Number")
    alice.type("1002")
    alice.key("Enter")
    # Who calls takes the keyboard, wherever one is; a key that was on its way answers nothing.
    bob.state("incoming", "data-ready", "true")
    assert bob.has_focus() == "Alice calls"
    bob.accessible_everywhere("somebody calls")
    bob.key("Escape")
    alice.see("Busy")
    bob.miss("calls you")
    assert bob.has_focus() == "Search by name, number or address"
    alice.tab_to("Number")
    alice.type("1002")
    alice.key("Enter")
    bob.state("incoming", "data-ready", "true")
    bob.key("Enter")
    alice.state("call-status", "data-phase", "talking")
    assert bob.has_focus() == "Search by name, number or address"
    alice.hear(880, 440)
    # Where the telephone is seen, its call keeps the keyboard.
    bob.tab_to("Telephone")
    bob.key("Enter")
    bob.tab_to("Hang up")
    bob.key("Enter")
    alice.miss("Connected")
    alice.see("Past calls")
    bob.tab_to("Number")
    bob.type("1001")
    bob.key("Enter")
    alice.state("call", "data-ready", "true")
    assert alice.has_focus() == "Call with Bob"
    alice.key("Tab")
    alice.key("Tab")
    assert alice.has_focus() == "Decline"
    alice.key("Shift+Tab")
    alice.key("Enter")
    bob.state("call-status", "data-phase", "talking")
    assert alice.has_focus() == "Call with Bob"
    alice.tab_to("Keypad")
    alice.key("Enter")
    alice.accessible_everywhere("a call with its keypad")
    alice.tab_to("Hang up")
    alice.key("Enter")
    bob.miss("Connected")


# CLI-042: whoever is spoken with stays at hand in all views, and is sent on from the list of colleagues
def test_a_call_goes_along_through_the_views(phones, tap):
    alice, bob = phones.window(signed_in_as="Alice", tone=440), phones.window(signed_in_as="Bob", tone=880)
    carol = phones.baresip("Carol", tone=1320)
    alice.fill("Number", "1002")
    alice.press("Call")
    alice.press("People", "link")
    alice.see("Ringing")
    bob.press("Answer")
    alice.state("call-status", "data-phase", "talking")
    alice.press("Forwards and do not disturb", "link")
    alice.press_in("Call with 1002", "Hold")
    alice.see("On hold")
    assert bob.listen(2.0).between(1.0, 2.0).share(440) < 0.5
    alice.press_in("Call with 1002", "Resume")
    alice.hear(880, 440)
    alice.press_in("Call with 1002", "Mute")
    assert bob.listen(2.0).between(1.0, 2.0).share(440) < 0.5
    alice.press_in("Call with 1002", "Mute")
    alice.press_in("Call with 1002", "Transfer")
    alice.accessible_everywhere("a call beside another view")
    alice.press("People", "link")
    # Where the telephone itself is seen there is no second one.
    alice.press("To the telephone", "link")
    alice.see_button("Keypad")
    alice.miss("To the telephone")
    alice.press("People", "link")
    alice.accessible_everywhere("people during a call")
    alice.press("Transfer 1002 to Carol")
    carol.event("CALL_INCOMING")
    carol.accept()
    alice.miss("Connected")
    carol.event("CALL_ESTABLISHED")
    bob.hear(1320, 880)
    bob.press("Messages", "link")
    bob.press("Hang up")
    carol.event("CALL_CLOSED")
    bob.miss("Connected")
    assert alice.complaints() == bob.complaints() == []


def test_a_headset_is_chosen_pulled_out_and_plugged_in_again_during_a_call(phones):
    alice, bob = phones.window(signed_in_as="Alice", tone=440), phones.window(signed_in_as="Bob", tone=880)
    alice.press("Microphone and speakers")
    alice.level_above(30)
    alice.accessible_everywhere("devices")
    alice.select("Microphone", "Fake Audio Input 2")
    alice.select("Speaker", "Fake Audio Output 1")
    alice.select("Ring on", "Fake Audio Output 2")
    alice.level_above(30)
    alice.press("Try the ring")
    alice.sounds_through("context", "Fake Audio Output 2")
    alice.press("Try the speaker")
    alice.sounds_through("context", "Fake Audio Output 1")
    # Kept for the next time.
    alice.reload()
    alice.state("connection", "data-state", "registered")
    alice.press("Telephone", "link")
    bob.fill("Number", "1001")
    bob.press("Call")
    alice.sounds_through("context", "Fake Audio Output 2")
    alice.press("Answer")
    alice.sends("Fake Audio Input 2")
    alice.sounds_through("element", "Fake Audio Output 1")
    bob.hear(440, 880)
    # In the middle of a call.
    alice.press("Microphone and speakers")
    alice.select("Microphone", "Fake Audio Input 1")
    alice.sends("Fake Audio Input 1")
    bob.hear(440, 880)
    alice.unplug("Fake Audio Input 1")
    alice.unplug("Fake Audio Output 1")
    alice.sends("Fake Default Audio Input")
    alice.sounds_through("element", "")
    alice.see("Fake Audio Input 1 is not plugged in.")
    bob.hear(440, 880)
    alice.unplug("Fake Audio Input 1", False)
    alice.sends("Fake Audio Input 1")
    alice.key("Escape")
    alice.press("Mute")
    alice.press("Microphone and speakers")
    alice.select("Microphone", "Fake Audio Input 2")
    alice.sends("Fake Audio Input 2")
    assert bob.listen(2.0).between(1.0, 2.0).share(440) < 0.5
    alice.key("Escape")
    alice.press("Mute")
    bob.hear(440, 880)
    alice.hear(880, 440)
    alice.press("Hang up")
    bob.miss("Connected")
    assert alice.complaints() == []
