# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to people: keys, voicemail, devices, agents, permissions; and URLs that are gone."""
import pytest

from api import sign_in
from client import Client
from phones import loopback


@pytest.fixture
def confd(almon):
    return sign_in(almon)


def made(response) -> dict:
    assert response.status == 201, response
    return response.json()


def user_of(confd: Client, **fields) -> dict:
    return made(confd.post("/users", {"firstname": "Nora", **fields}))


def test_own_keys_take_the_place_of_the_templates(confd):
    """API-073, API-116, API-117, API-121, API-124, API-126, API-127, API-130"""
    template = made(confd.post("/funckeys/templates", {"name": "Sales", "keys": {
        "1": {"destination": {"type": "park"}}, "2": {"label": "Record", "destination": {"type": "onlinerec"}},
        "3": {"destination": {"type": "park_position", "position": "701"}}}}))
    user = user_of(confd)
    keys = f"/users/{user['uuid']}/funckeys"
    assert confd.put(f"{keys}/templates/{template['id']}").status == 204
    assert confd.get(f"{keys}/templates").json()["items"] == [{"user_id": user["id"], "template_id": template["id"]}]
    own = {"blf": True, "label": "Mom", "destination": {"type": "custom", "exten": "5551234567"}}
    assert confd.put(f"{keys}/1", own).status == 204
    shown = confd.get(keys).json()["keys"]
    assert [shown[place]["destination"]["type"] for place in "123"] == ["custom", "onlinerec", "park_position"]
    assert [shown[place]["inherited"] for place in "123"] == [False, True, True]
    assert confd.delete(f"{keys}/1").status == 204
    assert confd.get(f"{keys}/1").json()["destination"] == {"type": "park"}
    # All at once: what is left out is the template's again.
    assert confd.put(keys, {"keys": {"4": {"destination": {"type": "transfer", "transfer": "blind"}}}}).status == 204
    assert sorted(confd.get(keys).json()["keys"]) == ["1", "2", "3", "4"]
    assert confd.put(f"{keys}/5", {"destination": {"type": "transfer", "transfer": "blind"}}).status == 400
    assert confd.delete(f"/funckeys/templates/{template['id']}").status == 204
    assert sorted(confd.get(keys).json()["keys"]) == ["4"]


def test_keys_go_with_what_they_lead_to(confd):
    """API-118, API-122, API-128, API-129, API-131"""
    agent, queue = made(confd.post("/agents", {"number": "8101"})), made(confd.post("/queues", {"name": "support"}))
    colleague, user = user_of(confd), user_of(confd)
    keys = f"/users/{user['id']}/funckeys"
    assert confd.put(keys, {"keys": {
        "1": {"destination": {"type": "agent", "agent_id": agent["id"]}},
        "2": {"destination": {"type": "queue", "queue_id": queue["id"]}},
        "3": {"destination": {"type": "user", "user_id": colleague["id"]}},
        "4": {"destination": {"type": "service", "service": "enablednd"}},
        "5": {"destination": {"type": "forward", "forward": "busy"}}}}).status == 204
    for path in (f"/agents/{agent['id']}", f"/queues/{queue['id']}", f"/users/{colleague['id']}"):
        assert confd.delete(path).status == 204
    assert sorted(confd.get(keys).json()["keys"]) == ["4", "5"]
    for destination in ({"type": "user", "user_id": 987654}, {"type": "service", "service": "coffee"},
                        {"type": "custom"}, {"type": "teleport"}, {"type": "park", "exten": "1"}):
        assert confd.put(f"{keys}/6", {"destination": destination}).status == 400, destination
    assert {each["type"] for each in confd.get("/funckeys/destinations").json()} == {
        "agent", "bsfilter", "conference", "custom", "forward", "group", "onlinerec", "paging", "park", "park_position",
        "queue", "service", "transfer", "user"}


def test_a_device_is_found_by_its_address_and_waits_for_a_code_without_a_line(confd):
    """API-087, API-114"""
    device = made(confd.post("/devices", {"mac": "00-1A-2B-3C-4D-5E", "ip": "10.0.0.7", "plugin": "xivo-snom"}))
    assert len(device["id"]) == 32 and device["mac"] == "00:1a:2b:3c:4d:5e" and device["status"] == "autoprov"
    for word in ("1a:2b:3c", "10.0.0.7"):
        assert [each["id"] for each in confd.get(f"/devices?search={word}").json()["items"]] == [device["id"]]
    line = made(confd.post("/lines", {"context": "default"}))
    joined = f"/lines/{line['id']}/devices/{device['id']}"
    assert confd.put(joined).status == 400  # without endpoint
    sip = made(confd.post("/endpoints/sip", {}))
    assert confd.put(f"/lines/{line['id']}/endpoints/sip/{sip['id']}").status == 204
    assert confd.put(joined).status == 204
    assert confd.get(f"/devices/{device['id']}").json()["status"] == "configured"
    assert confd.get(f"/lines/{line['id']}").json()["device_id"] == device["id"]
    for path in (f"/lines/{line['id']}", f"/devices/{device['id']}", f"/lines/{line['id']}/endpoints/sip/{sip['id']}"):
        assert confd.delete(path).status == 400, path
    assert confd.get(f"/devices/{device['id']}/synchronize").status == 204
    assert confd.get(f"/devices/{device['id']}/autoprov").status == 204
    assert confd.get(f"/devices/{device['id']}").json()["status"] == "autoprov"
    assert confd.get(f"/lines/{line['id']}/devices").status == 404


def test_agents_have_skills_and_queues(confd):
    """API-070"""
    agent = made(confd.post("/agents", {"number": "8200", "firstname": "Nora"}))
    skill = made(confd.post("/agents/skills", {"name": "french"}))
    queues = [made(confd.post("/queues", {"name": name})) for name in ("sales", "repairs")]
    assert confd.put(f"/agents/{agent['id']}/skills/{skill['id']}", {"skill_weight": 70}).status == 204
    for queue in queues:
        member = {"agent_id": agent["id"], "penalty": 3}
        assert confd.post(f"/queues/{queue['id']}/members/agents", member).status == 200
        assert confd.post(f"/queues/{queue['id']}/members/agents", member).status == 400
    user = user_of(confd)
    assert confd.put(f"/users/{user['id']}/agents/{agent['id']}").status == 204
    assert confd.delete(f"/agents/{agent['id']}").status == 400
    shown = confd.get(f"/agents/{agent['id']}").json()
    assert shown["skills"] == [{"id": skill["id"], "name": "french", "skill_weight": 70}]
    assert [queue["penalty"] for queue in shown["queues"]] == [3, 3]
    assert shown["users"][0]["uuid"] == user["uuid"]
    assert confd.put(f"/agents/{agent['id']}", {"number": "8201"}).status == 400
    assert confd.delete(f"/users/{user['id']}/agents").status == 204
    assert confd.delete(f"/agents/{agent['id']}").status == 204
    number = confd.get("/history?limit=1").json()["items"][0]["number"]
    assert confd.post(f"/history/{number}/undo").status == 201
    assert confd.get(f"/agents/{agent['id']}").json()["skills"] == shown["skills"]


def test_urls_that_are_gone_answer_404_and_deprecated_ones_answer(confd):
    """API-072, API-081, API-087"""
    device = made(confd.post("/devices", {}))
    line = made(confd.post("/lines_sip", {"context": "default", "device_slot": 1, "callerid": '"Nora" <1300>'}))
    assert line["username"] and line["secret"] and line["callerid"] == '"Nora" <1300>'
    for path in (f"/devices/{device['id']}/associate_line/{line['id']}",
                 f"/devices/{device['id']}/dissociate_line/{line['id']}", "/user_links", "/extensions/1/user_links"):
        assert confd.get(path).status == 404, path
    user = user_of(confd)
    box = made(confd.post("/voicemails", {"name": "Nora", "number": "1300", "context": "default"}))
    assert confd.post(f"/users/{user['id']}/voicemail", {"voicemail_id": box["id"]}).status == 200
    assert confd.get(f"/users/{user['id']}/voicemail").json()["voicemail_id"] == box["id"]
    assert confd.put(f"/users/{user['id']}/voicemails/987654").status == 400
    assert confd.delete(f"/users/{user['id']}").status == 400
    assert confd.delete(f"/users/{user['id']}/voicemail").status == 204
    assert confd.delete(f"/lines_sip/{line['id']}").status == 204


def test_names_of_earlier_operations_are_taken_in_lists_too(confd):
    """API-056"""
    answer = confd.post("/batch", {"operations": [
        {"method": "POST", "path": "/endpoints/sip", "body": {}},
        {"method": "POST", "path": "/endpoints/sip", "body": {"options": [["setvar", "FROM=${0.username}"]]}}]})
    assert answer.status == 200, answer
    first, second = (each["body"] for each in answer.json()["results"])
    assert second["options"] == [["setvar", f"FROM={first['username']}"]]


def test_another_password_ends_what_was_got_for_the_old_one(almon, confd):
    """SYS-080"""
    login = ("nora.l", "first-password")
    user = user_of(confd, username=login[0], password=login[1])
    auth = Client((loopback.ADDRESS, almon.auth_port), "/0.1", login=login)
    token = auth.post("/token", {"backend": "xivo_user"}).json()["data"]["token"]
    assert auth.get(f"/token/{token}").status == 200
    assert confd.put(f"/users/{user['id']}", {"description": "Sits at the window"}).status == 204
    assert auth.get(f"/token/{token}").status == 200
    assert confd.put(f"/users/{user['id']}", {"password": "second-password"}).status == 204
    assert auth.get(f"/token/{token}").status == 404
