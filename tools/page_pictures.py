#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every view of the page, as people see it: page_pictures.py <folder> [--language fr-FR] [--phone] [--dark]
[--window] [view ...]. It starts an office of its own with build/release/almon (or ALMON_BINARY)."""
import argparse
import pathlib
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "tests/support"))

from phones import loopback, rest  # noqa: E402
from phones.almon import Almon  # noqa: E402
from phones.raw_phone import RawPhone, media_port  # noqa: E402
from phones.rest import Rest  # noqa: E402
from phones.window import Window  # noqa: E402

ADMINISTRATION = {"users": "/users", "user": "/users/1", "new-user": "/users/new", "history": "/history",
                  "contexts": "/contexts", "context": "/contexts/1", "groups": "/groups", "group": "/groups/1",
                  "incall": "/incalls/1", "no-voicemails": "/voicemails", "trunk": "/trunks/new", "outcall": "/outcalls/new",
                  "schedule": "/schedules/1", "ivr": "/ivr/1", "keys": "/funckeys/1", "sounds": "/sounds", "settings": "/settings",
                  "overview": "/overview", "live": "/live", "explain": "/explain", "import": "/users/import"}


def furnish(almon: Almon) -> None:
    """Something to be seen: a group with a number, an incoming call."""
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    users = confd.get("/1.1/users").json["items"]
    confd.put("/1.1/contexts/1", {"group_ranges": [{"start": "2000", "end": "2099"}]})
    confd.post("/1.1/contexts", {"name": "from-extern", "label": "Incoming", "type": "incall",
                                 "incall_ranges": [{"start": "5550000", "end": "5559999", "did_length": 7}]})
    confd.post("/1.1/batch", {"operations": [
        {"method": "POST", "path": "/groups", "body": {"name": "sales"}},
        {"method": "POST", "path": "/extensions", "body": {"exten": "2000", "context": "default"}},
        {"method": "PUT", "path": "/groups/${0.id}/extensions/${1.id}"},
        {"method": "PUT", "path": "/groups/${0.id}/members/users", "body": {"users": [{"uuid": user["uuid"]} for user in users[:2]]}},
        {"method": "POST", "path": "/incalls", "body": {"destination": {"type": "user", "user_id": users[0]["id"]}}}]})
    days = {"hours_start": "09:00", "hours_end": "12:30", "week_days": [1, 2, 3, 4, 5]}
    confd.post("/1.1/schedules", {
        "name": "office", "timezone": "Europe/Paris", "closed_destination": {"type": "hangup", "cause": "busy"},
        "open_periods": [days, {**days, "hours_start": "14:00", "hours_end": "18:00"}, {**days, "hours_end": "13:00", "week_days": [6]}],
        "exceptional_periods": [{"hours_start": "00:00", "hours_end": "23:59", "months": [12], "month_days": [25, 26],
                                 "destination": {"type": "hangup", "cause": "busy"}}]})
    confd.post("/1.1/ivr", {"name": "reception", "menu_sound": "hello", "choices": [
        {"exten": "1", "destination": {"type": "group", "group_id": 1}},
        {"exten": "2", "destination": {"type": "user", "user_id": users[1]["id"]}}]})
    key = lambda label, **destination: {"label": label, "blf": True, "destination": destination}  # noqa: E731
    confd.post("/1.1/funckeys/templates", {"name": "reception", "keys": {
        "1": key(None, type="user", user_id=users[1]["id"]), "2": key(None, type="user", user_id=users[2]["id"]),
        "3": key("Sales", type="group", group_id=1), "4": key("Park", type="park"),
        "5": key("Quiet", type="service", service="enablednd"), "6": key("Home", type="forward", forward="unconditional", exten="0612345678")}})


def fill_in(window: Window, name: str, folder: pathlib.Path) -> None:
    """What a view shows only after something was asked."""
    if name == "explain":
        window.select("Caller", "Alice")
        window.fill("Number that is dialled", "2000")
        window.press("Explain")
        window.see("Who rings")
    if name == "import":
        table = folder / "users.csv"
        table.write_text("entity_id,firstname,lastname,exten,context,line_protocol\n1,Dora,Duval,1010,default,sip\n"
                         "1,Emil,Ernst,1010,default,sip\n1,,Frey,1012,nowhere,sip\n")
        window.file(table)
        window.press("Try")
        window.state("import-problem", "data-testid", "import-problem")


def wizard(folder: pathlib.Path, target: pathlib.Path, looks: dict) -> None:
    almon = Almon(folder / "new", demo=False).start()
    try:
        with Window(almon, **looks) as window:
            window.go()
            window.see("Step 1 of 5")
            window.press("Next")
            window.check("I accept the licence")
            window.press("Next")
            window.picture(target)
    finally:
        almon.stop()


def leave_messages(almon: Almon) -> None:
    """To Alice, whose telephone is not there."""
    confd = Rest(almon, almon.confd_plain_port, plain=True)
    box = confd.post("/1.1/voicemails", {"name": "Alice", "number": "1001", "context": "default"}).json["id"]
    alice = next(user for user in confd.get("/1.1/users").json["items"] if user["firstname"] == "Alice")
    confd.put(f"/1.1/users/{alice['uuid']}/voicemails/{box}")
    for name, seconds in (("Bob", 6), ("Carol", 3)):
        person = almon.person(name)
        phone = RawPhone(almon.address, person.username, person.password)
        call = phone.call("1001")
        to = media_port(call.answered())
        phone.rtp.listen(9)  # Whose box it is, and a beep.
        phone.rtp.talk(to, 440, seconds)
        call.hang_up()
        phone.leave()


def write_messages(almon: Almon) -> str:
    """Between Alice and Bob. @return his uuid."""
    users = Rest(almon, almon.confd_plain_port, plain=True).get("/1.1/users").json["items"]
    uuids = {user["firstname"]: user["uuid"] for user in users}
    for writes, reads, text in (("Carol", "Alice", "The delivery is here."), ("Alice", "Bob", "Lunch at noon?"),
                                ("Bob", "Alice", "Yes! What is there today?"), ("Alice", "Bob", "Soup: https://canteen.example.org/today"),
                                ("Bob", "Alice", "Then I bring bread. See you at the door.")):
        person = almon.person(writes)
        token = rest.sign_in(almon, (person.username, person.password), "xivo_user")
        rest.ctid_ng(almon, token).post("/1.0/users/me/chats", {"to": uuids[reads], "alias": writes, "msg": text})
    return uuids["Bob"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("views", nargs="*")
    options.add_argument("--language", default="en-GB")
    options.add_argument("--phone", action="store_true", help="as wide as a mobile phone")
    options.add_argument("--dark", action="store_true")
    options.add_argument("--window", action="store_true", help="what a window shows of administration, not the whole pages")
    given = options.parse_intermixed_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    wanted = lambda name: not given.views or name in given.views  # noqa: E731
    size = {"width": 375, "height": 800} if given.phone else {"width": 1280, "height": 800}
    looks = {"language": given.language, "dark": given.dark, **size}
    loopback.enter_private_loopback()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        almon = Almon(folder / "almon").start()
        try:
            furnish(almon)
            with Window(almon, **looks) as window:
                window.go()
                window.do("settled")
                if wanted("sign-in"):
                    window.picture(given.folder / "sign-in.png")
                window.do("sign_in", "xivo_admin", *almon.administrator)
                for name, path in ADMINISTRATION.items():
                    if wanted(name):
                        window.go(path)
                        window.do("settled")
                        if given.language.startswith("en"):
                            fill_in(window, name, folder)
                        window.picture(given.folder / f"{name}.png", not given.window)
            if wanted("wizard") and given.language.startswith("en"):
                wizard(folder, given.folder / "wizard.png", looks)
            own = [name for name in ("voicemail", "chat") if wanted(name)]
            if own:
                leave_messages(almon)
                bob = write_messages(almon)
                with Window(almon, **looks) as alice:
                    alice.go()
                    person = almon.person("Alice")
                    alice.do("sign_in", "xivo_user", person.username, person.password)
                    alice.state("connection", "data-state", "registered")
                    for name, path in {"voicemail": "/voicemail", "chat": f"/chat/{bob}"}.items():
                        if name in own:
                            alice.visit(path)
                            alice.do("settled")
                            alice.picture(given.folder / f"{name}.png")
            if wanted("telephone") or wanted("call"):
                with Window(almon, **looks) as alice, Window(almon, **looks) as bob:
                    for window, name in ((alice, "Alice"), (bob, "Bob")):
                        window.go()
                        person = almon.person(name)
                        window.do("sign_in", "xivo_user", person.username, person.password)
                        window.state("connection", "data-state", "registered")
                    alice.picture(given.folder / "telephone.png")
                    alice.do("dial", "1002")
                    bob.state("call-status", "data-phase", "ringing")
                    bob.picture(given.folder / "ringing.png")
                    bob.do("answer")
                    alice.state("call-status", "data-phase", "talking")
                    alice.picture(given.folder / "call.png")
        finally:
            almon.stop()


if __name__ == "__main__":
    main()
