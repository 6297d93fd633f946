# SPDX-License-Identifier: GPL-3.0-or-later
"""The page, used by an administrator in one window: the first run, calls as they happen and why, and what an office is made
of. What a test leaves open the next one leaves behind."""
import os
import platform
import time

import pytest

from exterior import provider
from monitoring import StoppedThread
from phones import loopback, window
from phones.almon import Almon, binary
from phones.raw_phone import RawCall
from phones.rest import Rest
from phones.sound import write_tone
from phones.window import Window

if window.missing(binary()):
    assert os.environ.get("CI") != "true", window.missing(binary())
    pytest.skip(window.missing(binary()), allow_module_level=True)


@pytest.fixture(scope="module")
def admin(almon):
    with Window(almon) as page:
        page.go()
        page.sign_in(*almon.administrator, administrator=True)
        page.see("3 of 3")
        yield page


@pytest.fixture(scope="module")
def confd(almon):
    return Rest(almon, almon.confd_plain_port, plain=True)


def items(confd, path: str) -> list[dict]:
    return confd.get(f"/1.1{path}").json["items"]


def save(page) -> None:
    """And closes what tells so, that the next test does not take it for its own."""
    page.press("Save")
    page.see("Saved, and in force.")
    page.press("Close")
    page.miss("Saved, and in force.")


def undo(page) -> None:
    page.press("Undo")
    page.see("The change was taken back.")
    page.press("Close")
    page.miss("The change was taken back.")


# INS-007 INS-008 INS-009 INS-010 INS-011 INS-012 INS-013 INS-014 INS-015 INS-016 INS-017 INS-018 INS-019 INS-020 INS-022
def test_a_new_system_is_set_up_by_the_wizard(tmp_path):
    almon = Almon(tmp_path / "almon", demo=False).start()
    try:
        with Window(almon) as page:
            page.go("/users")
            page.see("Step 1 of 5")
            page.accessible_everywhere("wizard")
            page.press("Next")
            page.see("GNU GENERAL PUBLIC LICENSE")
            page.press("Next")
            page.see("It has to be accepted.")
            page.check("I accept the licence")
            page.press("Next")
            page.see("What the machine knows of its network is filled in.")
            assert page.value("Host name") == platform.node().split(".")[0]
            page.fill("Host name", "my pbx")
            page.fill("Domain", "example.org")
            page.press("Next")
            page.see("Letters, digits and hyphens only.")
            page.see("At least 4 characters.")
            page.fill("Host name", "pbx")
            # Nobody begins anew; but nothing keeps a password.
            page.reload()
            page.see("Step 3 of 5")
            assert page.value("Domain") == "example.org"
            for label, text in {"Password of root": "opensesame", "The same password again": "opensesame", "Host name": "pbx",
                                "IP address": "192.0.2.5", "Netmask": "255.255.255.0", "Gateway": "192.0.2.1",
                                "Network interface of telephones": "eth0", "Name servers": "192.0.2.53"}.items():
                page.fill(label, text)
            page.press("Next")
            page.fill("Entity (your organisation)", "company")
            page.fill("Internal numbers from", "100")
            page.fill("Internal numbers to", "199")
            page.fill("Numbers called from outside, from", "5550100")
            page.fill("Numbers called from outside, to", "5550199")
            page.fill("Digits that the provider sends", "4")
            page.press("Next")
            page.see("Step 5 of 5")
            page.see("example.org")
            page.press("Previous")
            assert page.value("Internal numbers to") == "199"
            page.press("Next")
            page.press("Validate")
            page.see("There are no users yet")
            confd = Rest(almon, almon.confd_plain_port, plain=True)
            assert confd.get("/1.1/wizard").json == {"configured": True}
            assert [(each["name"], each["type"]) for each in items(confd, "/contexts?order=name")] == [
                ("default", "internal"), ("from-extern", "incall"), ("to-extern", "outcall")]
            assert items(confd, "/contexts?name=from-extern")[0]["incall_ranges"] == [
                {"start": "5550100", "end": "5550199", "did_length": 4}]
            page.press("Add a user", "link")
            assert page.value("Number") == "100"
            page.press("Menu of root")
            page.press("Sign out", "menuitem")
            page.see("Sign in to make calls")
            assert page.complaints() == []
            # Without the server the page opens and says so.
            almon.stop()
            page.reload()
            page.see("The server cannot be reached.")
            almon.start()
            page.press("Try again")
            page.see("Sign in to make calls")
    finally:
        almon.stop()


def test_calls_are_seen_as_they_happen_and_tell_why(admin, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    admin.visit("/live")
    admin.state("events", "data-state", "open")
    admin.see("Nobody is on the phone")
    waited = []
    for _ in range(3):  # On a busy machine one may be late.
        began = time.monotonic()
        call = alice.call("1002")
        admin.state("live-call", "data-status", "Ring")
        waited.append(time.monotonic() - began)
        if waited[-1] < 0.3:
            break
        RawCall.incoming_at(bob).refuse(486, "Busy Here")
        call.refused()
        admin.see("Nobody is on the phone")
    assert min(waited) < 0.3, waited
    incoming = RawCall.incoming_at(bob)
    incoming.ring()
    incoming.accept()
    call.answered()
    admin.state("live-call", "data-status", "Up")
    admin.see("Alice")
    admin.see("Bob")
    call.hang_up()
    incoming.hung_up()
    admin.see("Nobody is on the phone")
    admin.press("Why it went there", "link")
    admin.see("Why a call went where it went")
    admin.see("answers")


def test_a_call_is_explained(admin, confd):
    [bob] = [user for user in items(confd, "/users") if user["firstname"] == "Bob"]
    [carol] = [user for user in items(confd, "/users") if user["firstname"] == "Carol"]
    admin.visit("/explain")
    admin.select("Caller", "Alice")
    admin.fill("Number that is dialled", "1002")
    admin.press("Explain")
    admin.see("Who rings")
    admin.see("Bob")
    assert confd.put(f"/1.1/users/{bob['id']}/forwards/unconditional", {"enabled": True, "destination": "1003"}).status == 204
    admin.press("Explain")
    admin.see(f"{carol['firstname']} · shows")
    assert confd.put(f"/1.1/users/{bob['id']}/forwards/unconditional", {"enabled": False}).status == 204
    admin.fill("Number that is dialled", "1999")
    admin.press("Explain")
    admin.see("The call ends")


def test_a_schedule_is_made_of_a_week_and_holidays(admin, confd):
    admin.visit("/schedules/new")
    admin.fill("Name", "office")
    admin.press("Add Monday to Friday")
    admin.press("Add a holiday")
    save(admin)
    [made] = items(confd, "/schedules")
    [period] = made["open_periods"]
    assert (period["hours_start"], period["hours_end"], period["week_days"]) == ("09:00", "18:00", [1, 2, 3, 4, 5])
    [holiday] = made["exceptional_periods"]
    assert (holiday["month_days"], holiday["months"], holiday["destination"]["type"]) == ([25], [12], "none")
    admin.visit("/groups/new")
    admin.fill("Name", "sales")
    admin.select("Members", "Bob")
    admin.key("Escape")
    admin.select("Schedule", "office")
    admin.key("Escape")
    save(admin)
    [group] = items(confd, "/groups")
    assert [each["name"] for each in group["schedules"]] == ["office"]


def test_a_trunk_is_made_with_its_account_and_a_way_out_by_it(admin, confd):
    assert confd.post("/1.1/contexts", {"name": "to-extern", "label": "Outcalls", "type": "outcall"}).status == 201
    admin.visit("/trunks/new")
    admin.fill("User name", "office")
    admin.fill("Host", "sip.example.org")
    save(admin)
    [trunk] = items(confd, "/trunks")
    assert trunk["endpoint_sip"]["username"] == "office" and trunk["register_sip"] is None
    admin.visit("/outcalls/new")
    admin.fill("Name", "abroad")
    admin.select("Trunks", "office")
    admin.key("Escape")
    admin.press("Add a number")
    admin.fill("Number", "_00X.")
    admin.fill("Digits to strip", "1")
    save(admin)
    [outcall] = items(confd, "/outcalls")
    assert [each["id"] for each in outcall["trunks"]] == [trunk["id"]]
    [dialled] = outcall["extensions"]
    assert (dialled["exten"], dialled["context"], dialled["strip_digits"]) == ("_00X.", "to-extern", 1)
    # Taken away with its number; taken back as one change.
    admin.press("Delete")
    admin.do("confirm", "Delete")
    admin.see("abroad was deleted.")
    assert items(confd, "/outcalls") == [] and items(confd, "/extensions?context=to-extern") == []
    undo(admin)
    assert items(confd, "/outcalls")[0]["extensions"][0]["exten"] == "_00X."


def test_a_feature_code_and_general_settings_are_changed(admin, confd):
    admin.visit("/features?search=vmusermsg")
    admin.press("Own voicemail", "link")
    admin.fill("Number", "*97")
    save(admin)
    assert [each["exten"] for each in items(confd, "/extensions/features?search=vmusermsg")] == ["*97"]
    admin.visit("/settings/mail")
    admin.fill("Domain", "example.org")
    save(admin)
    assert confd.get("/1.1/mail").json["domain"] == "example.org"


def test_function_keys_are_set_on_the_picture_of_a_phone(admin, confd):
    admin.visit("/funckeys/new")
    admin.fill("Name", "reception")
    admin.press("Key 2 free")
    admin.select("Which", "Bob")
    admin.press("Set key 2")
    save(admin)
    [made] = items(confd, "/funckeys/templates")
    assert made["name"] == "reception" and made["keys"]["2"]["destination"]["type"] == "user"
    admin.press("Key 2: Bob User: Bob")
    admin.press("Free the key")
    admin.press("Key 1 free")
    admin.select("What it does", "Park a call")
    admin.press("Set key 1")
    save(admin)
    assert {position: key["destination"]["type"] for position, key in confd.get(f"/1.1/funckeys/templates/{made['id']}").json["keys"].items()} == {"1": "park"}


def test_a_sound_is_added_heard_and_taken_away(admin, confd, tmp_path):
    tone = write_tone(tmp_path / "closed.wav", 440, seconds=5)
    admin.visit("/sounds")
    admin.fill("New category", "office")
    admin.press("Add a category")
    admin.see("0 sounds")
    admin.file(tone)
    admin.see("1 sound")
    assert [file["name"] for file in confd.get("/1.1/sounds/office").json["files"]] == ["closed"]
    admin.press("Listen to closed")
    admin.press("Stop closed")
    (tmp_path / "noise.wav").write_text("this is no sound")
    admin.file(tmp_path / "noise.wav")
    admin.see("audio")
    assert [file["name"] for file in confd.get("/1.1/sounds/office").json["files"]] == ["closed"]


def test_users_come_out_of_a_table(admin, confd, tmp_path):
    entity = confd.post("/1.1/entities", {"name": "company"}).json["id"]
    table = tmp_path / "users.csv"
    head = "entity_id,firstname,lastname,exten,context,line_protocol\n"
    table.write_text(head + f"{entity},Dora,<b>Duval</b>,1510,default,sip\n{entity},,Nobody,1511,nowhere,sip\n")
    admin.visit("/users/import")
    admin.file(table)
    admin.see("Each row makes a new user.")
    admin.press("Try")
    admin.see("2 values are wrong.")
    admin.see("nowhere")
    table = tmp_path / "more.csv"
    table.write_text(head + "".join(f"{entity},Dora{number},<b>Duval</b>,{1510 + number},default,sip\n" for number in range(30)))
    admin.file(table)
    admin.press("Try")
    admin.see("30 rows are right. Nothing was changed yet.")
    assert len(items(confd, "/users?search=Dora")) == 0
    admin.press("Take over")
    admin.see("30 users were added.")
    assert len(items(confd, "/users?search=Dora")) == 30
    undo(admin)
    assert len(items(confd, "/users?search=Dora")) == 0


def test_several_users_are_changed_together(admin, confd):
    admin.visit("/users")
    admin.check("Select Alice (1001)")
    admin.check("Select Bob (1002)")
    admin.see("2 selected")
    admin.press("Change together")
    admin.check("Change Ring time (seconds)")
    admin.fill("Ring time (seconds)", "45")
    admin.press("Change all")
    admin.see("2 users were changed.")
    assert {user["firstname"]: user["ring_seconds"] for user in items(confd, "/users")} == {"Alice": 45, "Bob": 45, "Carol": 30}
    undo(admin)
    assert {user["ring_seconds"] for user in items(confd, "/users")} == {30}


def test_past_calls_are_listed(admin, almon, phones):
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    call.refused()
    deadline = time.monotonic() + 5
    while not almon.query("SELECT id FROM call_log WHERE answered = 0"):
        assert time.monotonic() < deadline, "the call is not in the log"
        time.sleep(0.05)
    admin.visit("/call_logs")
    admin.see("Alice")
    admin.see("not answered")
    admin.fill("Search", "nobody is called so")
    admin.see("No calls in these days")
    admin.fill("Search", "")
    admin.press("Why it went there", "link")
    admin.see("Why a call went where it went")


def test_the_overview_counts_calls_as_they_end(admin, almon, phones):
    def counted() -> dict[str, str]:
        rows = dict(almon.query("SELECT answered, count(*) FROM call_log GROUP BY answered"))
        return {"data-answered": str(rows.get(1, 0)), "data-unanswered": str(rows.get(0, 0))}

    admin.visit("/overview")
    admin.state("health", "data-state", "well")
    before = counted()
    for chart in ("chart-hour", "chart-day"):
        for attribute, count in before.items():
            admin.state(chart, attribute, count)
    alice, bob = phones.raw("Alice"), phones.raw("Bob")
    call = alice.call("1002")
    RawCall.incoming_at(bob).refuse(486, "Busy Here")
    call.refused()
    admin.state("chart-hour", "data-unanswered", str(int(before["data-unanswered"]) + 1))
    admin.state("chart-day", "data-unanswered", str(int(before["data-unanswered"]) + 1))
    call = alice.call("1002")
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    admin.state("tile", "data-value", "1")
    call.hang_up()
    incoming.hung_up()
    admin.state("tile", "data-value", "0")
    admin.state("chart-hour", "data-answered", str(int(before["data-answered"]) + 1))
    admin.see("Alice called Bob")
    admin.press("Why it went there", "link")
    admin.see("Why a call went where it went")


def trunk_at(confd, port: int, name: str, registers: bool, *options: list[str]) -> tuple[str, int]:
    """A trunk to a switch outside: what tests know it by in the page, and the id of its account there, if it registers."""
    trunk = confd.post("/1.1/trunks", {}).json
    endpoint = confd.post("/1.1/endpoints/sip", {"username": name, "type": "peer", "host": loopback.ADDRESS, "options": [["port", str(port)], *options]})
    assert endpoint.status == 201, endpoint
    assert confd.put(f"/1.1/trunks/{trunk['id']}/endpoints/sip/{endpoint.json['id']}").status == 204
    known_as = f"trunk-{trunk['id']}"
    if not registers:
        return known_as, 0
    account = confd.post("/1.1/registers/sip", {"sip_username": name, "auth_password": "wrong", "remote_host": loopback.ADDRESS, "remote_port": port})
    assert account.status == 201, account
    assert confd.put(f"/1.1/trunks/{trunk['id']}/registers/sip/{account.json['id']}").status == 204
    return known_as, account.json["id"]


# ADB-019, ADB-021
def test_the_overview_tells_which_trunks_work_since_when_and_why_not(admin, almon, confd):
    admin.visit("/overview")
    with provider(almon) as silent, provider(almon) as switch:
        paris, account = trunk_at(confd, silent.port, "paris", True)
        request = silent.expect("REGISTER")
        admin.state(paris, "data-condition", "trying")
        silent.respond(request, 403, "Forbidden")
        admin.state(paris, "data-condition", "fails")
        admin.see("403 Forbidden")
        lyon, _ = trunk_at(confd, switch.port, "lyon", False, ["qualify", "yes"])
        switch.expect_nothing("INVITE", 1.0)  # OPTIONS it answers meanwhile.
        admin.state(lyon, "data-condition", "reachable")
        nice, _ = trunk_at(confd, loopback.free_port(), "nice", False, ["qualify", "yes"], ["transport", "tcp"])
        admin.state(nice, "data-condition", "fails")
        admin.see("does not answer")
        admin.accessible_everywhere("overview with trunks", "main")
        states = {each["name"].split("@")[0]: each for each in items(confd, "/trunks/states")}
        assert states["paris"]["registration"]["state"] == "refused" and states["paris"]["monitoring"] is None
        assert states["lyon"]["registration"] is None and states["lyon"]["monitoring"]["reachable"] is True
        since = states["paris"]["registration"]["since"]
        assert since.endswith("Z") and time.strptime(since[:19], "%Y-%m-%dT%H:%M:%S")
        # With another password it is registered; the page follows.
        assert confd.put(f"/1.1/registers/sip/{account}", {"auth_password": "right"}).status == 204
        request = silent.expect("REGISTER")
        silent.respond(request, 200, "OK", Contact=request["Contact"] + ";expires=120")
        admin.state(paris, "data-condition", "registered")
        admin.miss("403 Forbidden")
        assert confd.delete(f"/1.1/registers/sip/{account}").status == 204
        silent.respond(silent.expect("REGISTER"), 200, "OK")
        # Nobody knows then whether that one works.
        admin.state(paris, "data-condition", "unknown")


# CTR-003
def test_the_overview_says_what_does_not_work(almon, phones):
    admin = phones.window(signed_in_as="admin")
    admin.visit("/overview")
    admin.state("health", "data-state", "well")
    with StoppedThread(almon, "signalling"):
        admin.state("health", "data-state", "failing")
        admin.see("Signalling: does not answer")
        admin.accessible("overview of a system that fails", part="main")
    admin.state("health", "data-state", "well")
    admin.miss("Signalling: does not answer")


KINDS = ("lines devices groups voicemails conferences funckeys incalls outcalls callpermissions callfilters callpickups schedules ivr trunks "
         "features extensions moh pagings parkinglots agents queues skills skillrules contexts ldap_filters directory_sources "
         "directory_displays directory_profiles sheets presence_groups phone_hint_groups administrators entities web_services "
         "ldap_servers certificates network_interfaces").split()
# Lists are one view, forms are made of the same fields: these have all of them.
USUAL_KINDS = ["queues", "sheets", "administrators"]


def test_every_view_is_accessible_in_both_themes_and_fits_a_telephone(admin, confd):
    """All of them with ALMON_ALL_VIEWS=1."""
    kinds = KINDS if os.environ.get("ALMON_ALL_VIEWS") else USUAL_KINDS
    [schedule] = items(confd, "/schedules")
    menu = confd.post("/1.1/ivr", {"name": "menu", "menu_sound": "hello", "choices": [{"exten": "1", "destination": {"type": "hangup", "cause": "busy"}}]})
    assert menu.status == 201, menu
    music = confd.post("/1.1/moh", {"label": "Lobby", "mode": "files"})
    assert music.status == 201, music
    # What other tests have brought about, such as a server that does not answer, is theirs.
    before = len(admin.complaints())
    admin.visit("/live")
    admin.accessible_everywhere("the whole page")
    own = ["/overview", "/live", "/call_logs", "/explain", "/sounds", "/users", "/users/1/keys", "/users/import", "/settings/zonemessages", f"/schedules/{schedule['id']}", f"/ivr/{menu.json['id']}", f"/trunks/{items(confd, '/trunks')[0]['id']}",
           f"/moh/{music.json['uuid']}", "/outcalls/new", "/nowhere"]
    for view in [*own, *(f"/{name}" for name in kinds if kinds is KINDS), *(f"/{name}/new" for name in kinds if name != "features")]:
        admin.visit(view)
        admin.accessible_everywhere(view, "main")
    assert [complaint for complaint in admin.complaints()[before:] if "status of 4" not in complaint] == []
