# SPDX-License-Identifier: GPL-3.0-or-later
"""What leads calls on their way: numbers and what they lead to, schedules, pagings, queues ... as an administrator makes,
finds, changes and erases them, and takes all of that back."""
import pytest

from api import sign_in
from resources import KINDS, Stage, with_number

OURS = ("callfilter", "callpickup", "moh", "paging", "parking_lot", "queue", "register_iax", "register_sip", "schedule",
        "skillrule")
# Who can have a schedule (ADB-158).
SCHEDULED = ("user", "group", "queue", "incall", "outcall")


@pytest.fixture
def confd(almon):
    return sign_in(almon)


@pytest.fixture(scope="module")
def stage(almon):
    return Stage(sign_in(almon))


def refused(response, *words) -> None:
    assert response.status == 400, response
    sentences = " ".join(response.json())
    assert all(word in sentences for word in words), sentences


def shown(confd, kind: str, made: dict) -> dict:
    response = confd.get(f"{KINDS[kind].collection}/{made['id']}")
    assert response.status == 200, response
    return response.json()


@pytest.mark.parametrize("kind", OURS)
def test_is_made_found_changed_erased_and_brought_back(confd, stage, kind):
    """ADB-010, ADB-013, ADB-071, ADB-078, ADB-080, ADB-083, ADB-154, ADB-155, ADB-156, ADB-168"""
    known = KINDS[kind]
    body = known.full_body(stage)
    made = stage.create(known.collection, body)
    assert {name: made[name] for name in body} == {**body, **{name: made[name] for name in body
                                                              if "destination" in name or name.endswith("_periods")}}
    path = f"{known.collection}/{made['id']}"
    assert shown(confd, kind, made) == made
    ids = [item["id"] for item in confd.get(f"{known.collection}?order=id").json()["items"]]
    assert made["id"] in ids
    name = made.get("name") or made.get("number") or made["remote_host"]
    assert made["id"] in [item["id"] for item in confd.get(f"{known.collection}?search={name}").json()["items"]]
    assert confd.get(f"{known.collection}?search=zzz-nothing").json() == {"items": [], "total": 0}

    changed = known.changed_body(stage)
    assert confd.put(path, changed).status == 204
    now = shown(confd, kind, made)
    assert now != made or changed == body
    refused(confd.put(path, {"no_such_field": 1}), "no_such_field")

    assert confd.delete(path).status == 204
    assert confd.get(path).status == 404
    last = confd.get("/history?limit=1").json()["items"][0]["number"]
    assert confd.post(f"/history/{last}/undo").status == 201
    assert shown(confd, kind, made) == now


@pytest.mark.parametrize("owner", SCHEDULED)
def test_a_schedule_is_attached_and_goes_by_itself(confd, stage, owner):
    """ADB-158"""
    schedule, other = stage.make("schedule"), stage.make("schedule")
    made = stage.make(owner)
    path = f"{KINDS[owner].collection}/{made['id']}/schedules"
    assert confd.put(f"{path}/{schedule['id']}").status == 204
    assert [each["id"] for each in shown(confd, owner, made)["schedules"]] == [schedule["id"]]
    attached = shown(confd, "schedule", schedule)[f"{owner}s"]
    assert attached and (owner == "user" or attached[0]["id"] == made["id"])
    refused(confd.put(f"{path}/{other['id']}"), "schedule")
    assert confd.delete(f"{path}/{other['id']}").status == 404
    # Who erases a schedule takes it away from whoever has it.
    assert confd.delete(f"/schedules/{schedule['id']}").status == 204
    assert shown(confd, owner, made)["schedules"] == []
    assert confd.put(f"{path}/{other['id']}").status == 204
    assert confd.delete(f"{path}/{other['id']}").status == 204


@pytest.mark.parametrize("wrong, words", [
    ({"open_periods": [{"hours_start": "9h00", "hours_end": "18:00"}]}, ("open_periods", "hours_start")),
    ({"open_periods": [{"hours_start": "09:00", "hours_end": "24:00"}]}, ("open_periods", "hours_end")),
    ({"open_periods": [{"hours_start": "09:00", "hours_end": "18:00", "week_days": [8]}]}, ("week_days", "1 to 7")),
    ({"exceptional_periods": [{"hours_start": "09:00", "hours_end": "18:00", "destination": {"type": "moon"}}]},
     ("exceptional_periods", "moon")),
    ({"timezone": "/etc/passwd"}, ("timezone",)),
    ({"closed_destination": {"type": "group", "group_id": 987_654}}, ("closed_destination", "987654")),
    ({"closed_destination": None}, ("closed_destination",)),
])
def test_a_schedule_refuses_what_is_no_time(confd, stage, wrong, words):
    refused(confd.put(f"/schedules/{stage.make('schedule')['id']}", wrong), *words)


def test_a_destination_that_is_erased_leaves_nothing_behind(confd, stage):
    """API-097: it is never looked up in vain."""
    group = stage.make("group")
    incall = stage.create("/incalls", {"destination": {"type": "group", "group_id": group["id"]}})
    assert [each["id"] for each in shown(confd, "group", group)["incalls"]] == [incall["id"]]
    menu = stage.create("/ivr", {"name": "menu", "menu_sound": "menu", "choices": [
        {"exten": "1", "destination": {"type": "group", "group_id": group["id"]}},
        {"exten": "2", "destination": {"type": "none"}}]})
    assert confd.delete(f"/groups/{group['id']}").status == 204
    assert shown(confd, "incall", incall)["destination"] == {"type": "none"}
    assert [choice["exten"] for choice in shown(confd, "ivr", menu)["choices"]] == ["2"]


@pytest.mark.parametrize("kind", ["conference", "group", "incall", "parking_lot", "queue"])
def test_a_number_is_free_again_when_what_it_leads_to_is_erased(confd, stage, kind):
    """API-098, API-104, API-106: and it cannot be erased before."""
    made = with_number(kind)(stage)
    path = f"{KINDS[kind].collection}/{made[f'{kind}_id']}"
    refused(confd.delete(f"/extensions/{made['extension_id']}"), kind)
    line = stage.make("line")
    refused(confd.put(f"/lines/{line['id']}/extensions/{made['extension_id']}"), kind)
    assert confd.delete(path).status == 204
    assert confd.delete(f"/extensions/{made['extension_id']}").status == 204


def test_numbers_must_be_among_those_of_their_kind(confd, stage):
    """API-098, API-101, API-104, API-106"""
    user_number = stage.make("extension")["id"]
    for kind in ("conference", "group", "queue"):
        refused(confd.put(f"{KINDS[kind].collection}/{stage.make(kind)['id']}/extensions/{user_number}"), "ranges")
    refused(confd.put(f"/incalls/{stage.make('incall')['id']}/extensions/{user_number}"), "incall context")
    refused(confd.put(f"/outcalls/{stage.make('outcall')['id']}/extensions/{user_number}", {}), "outcall context")


def test_an_outcall_keeps_its_trunks_in_order_and_forgets_those_that_go(confd, stage):
    """API-099, API-100"""
    outcall = stage.make("outcall")
    trunks = [{"id": stage.make("trunk")["id"]} for _ in range(3)]
    assert confd.put(f"/outcalls/{outcall['id']}/trunks", {"trunks": trunks[::-1]}).status == 204
    assert [each["id"] for each in shown(confd, "outcall", outcall)["trunks"]] == [each["id"] for each in trunks[::-1]]
    refused(confd.put(f"/outcalls/{outcall['id']}/trunks", {"trunks": [trunks[0], trunks[0]]}), "trunks", "twice")
    assert confd.delete(f"/trunks/{trunks[1]['id']}").status == 204
    assert [each["id"] for each in shown(confd, "outcall", outcall)["trunks"]] == [trunks[2]["id"], trunks[0]["id"]]


def test_members_of_a_group_keep_their_order(confd, stage):
    """API-108"""
    group = stage.make("group")
    users = [{"uuid": stage.make("user")["uuid"]} for _ in range(3)]
    path = f"/groups/{group['id']}/members/users"
    assert confd.put(path, {"users": users[::-1]}).status == 204
    members = shown(confd, "group", group)["members"][0]["users"]
    assert [each["uuid"] for each in members] == [each["uuid"] for each in users[::-1]]
    assert [each["id"] for each in confd.get(f"/users/{users[0]['uuid']}").json()["groups"]] == [group["id"]]
    assert confd.delete(f"/users/{users[1]['uuid']}").status == 204
    assert len(shown(confd, "group", group)["members"][0]["users"]) == 2
    assert confd.put(path, {"users": []}).status == 204


def test_secretaries_keep_the_number_that_is_dialled_for_them(confd, stage):
    """ADA-054, ADA-055, ADA-059"""
    call_filter = stage.make("callfilter")
    path = f"/callfilters/{call_filter['id']}"
    boss, first, second = ({"uuid": stage.make("user")["uuid"]} for _ in range(3))
    assert confd.put(f"{path}/recipients/users", {"users": [{**boss, "timeout": 10}]}).status == 204
    assert confd.put(f"{path}/surrogates/users", {"users": [first, second]}).status == 204
    before = {each["uuid"]: each for each in shown(confd, "callfilter", call_filter)["surrogates"]["users"]}
    assert before[first["uuid"]]["exten"] == f"*37{before[first['uuid']]['member_id']}"
    assert confd.put(f"{path}/surrogates/users", {"users": [second]}).status == 204
    now = shown(confd, "callfilter", call_filter)
    assert now["surrogates"]["users"] == [before[second["uuid"]]]
    assert now["recipients"]["users"][0]["timeout"] == 10
    refused(confd.put(f"{path}/surrogates/users", {"users": [boss]}), "role")
    assert confd.delete(f"/users/{second['uuid']}").status == 204
    assert shown(confd, "callfilter", call_filter)["surrogates"]["users"] == []


def test_pickups_and_pagings_name_users_and_groups(confd, stage):
    """ADA-167, ADB-078"""
    pickup, paging, group = stage.make("callpickup"), stage.make("paging"), stage.make("group")
    user = {"uuid": stage.make("user")["uuid"]}
    for path in (f"/callpickups/{pickup['id']}/interceptors", f"/callpickups/{pickup['id']}/targets"):
        assert confd.put(f"{path}/users", {"users": [user]}).status == 204
        assert confd.put(f"{path}/groups", {"groups": [{"id": group["id"]}]}).status == 204
    for path in ("callers", "members"):
        assert confd.put(f"/pagings/{paging['id']}/{path}/users", {"users": [user]}).status == 204
    assert confd.delete(f"/groups/{group['id']}").status == 204
    side = shown(confd, "callpickup", pickup)["targets"]
    assert side["groups"] == [] and side["users"][0]["uuid"] == user["uuid"]
    assert shown(confd, "paging", paging)["members"]["users"][0]["uuid"] == user["uuid"]
    refused(confd.put(f"/pagings/{paging['id']}/members/users", {"users": [user, user]}), "twice")


def test_feature_codes_are_there_from_the_start(confd):
    """ADA-059, ADA-062, ADA-144, ADA-167, ADB-079, ADB-120, ADB-207, ADB-213"""
    listed = {each["feature"]: each for each in confd.get("/extensions/features").json()["items"]}
    for feature, exten in (("vmusermsg", "*98"), ("paging", "_*11."), ("callrecord", "*26"), ("bsfilter", "_*37."),
                           ("cctoggle", "*40"), ("pickupgroup", "*8"), ("guestprov", "*48378"), ("enablednd", "*25")):
        assert listed[feature]["exten"] == exten
    path = f"/extensions/features/{listed['vmusermsg']['uuid']}"
    assert confd.put(path, {"exten": "*97", "enabled": False}).status == 204
    assert confd.get(path).json() == {**listed["vmusermsg"], "exten": "*97", "enabled": False}
    refused(confd.put(path, {"exten": "*25"}), "exten", "taken")
    last = confd.get("/history?limit=1").json()["items"][0]["number"]
    assert confd.post(f"/history/{last}/undo").status == 201
    assert confd.get(path).json() == listed["vmusermsg"]
    assert confd.delete(path).status == 405 and confd.post("/extensions/features", {"exten": "*5"}).status == 405


def test_settings_are_replaced_as_a_whole(confd):
    """API-096, ADB-208"""
    assert confd.get("/asterisk/voicemail/general").json() == {"options": {}}
    assert confd.put("/asterisk/voicemail/general", {"options": {"maxsecs": "600", "format": "wav"}}).status == 204
    assert confd.put("/asterisk/voicemail/general", {"options": {"format": "gsm"}}).status == 204
    assert confd.get("/asterisk/voicemail/general").json() == {"options": {"format": "gsm"}}
    refused(confd.put("/asterisk/voicemail/general", {"options": {"a\nb": "1"}}), "options")
    refused(confd.put("/asterisk/voicemail/general", {"ordered_options": []}), "ordered_options")
    assert confd.put("/asterisk/sip/general", {"ordered_options": [["register", "a"], ["register", "b"]]}).status == 204
    assert confd.get("/asterisk/sip/general").json() == {"options": {},
                                                        "ordered_options": [["register", "a"], ["register", "b"]]}


def test_registrations_belong_to_one_trunk(confd, stage):
    """ADB-013, ADB-020"""
    trunk, other = stage.make("trunk"), stage.make("trunk")
    for kind in ("sip", "iax"):
        made = stage.make(f"register_{kind}")
        path = f"registers/{kind}/{made['id']}"
        assert confd.put(f"/trunks/{trunk['id']}/{path}").status == 204
        assert shown(confd, "trunk", trunk)[f"register_{kind}"] == {"id": made["id"]}
        assert shown(confd, f"register_{kind}", made)["trunk"] == {"id": trunk["id"]}
        refused(confd.put(f"/trunks/{other['id']}/{path}"), "trunk")
        assert confd.delete(f"/trunks/{trunk['id']}/{path}").status == 204


def test_time_zones_are_listed(confd):
    names = [each["zone_name"] for each in confd.get("/timezones").json()["items"]]
    assert "Europe/Paris" in names and "America/Montreal" in names
