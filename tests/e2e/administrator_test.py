# SPDX-License-Identifier: GPL-3.0-or-later
"""Administrators with rights by section: what they may look at, what they may change, and when that changes."""
from api import sign_in


def test_an_administrator_of_sections_may_no_more(almon):
    """API-038, API-039"""
    root = sign_in(almon)
    made = root.post("/administrators", {"username": "desk", "password": "front door", "sections": [
        {"section": "users", "access": "write"}, {"section": "lines", "access": "read"}]})
    assert made.status == 201, made
    assert "password" not in made.json()
    desk = sign_in(almon, "desk", "front door")
    user = desk.post("/users", {"firstname": "Nora"})
    assert user.status == 201, user
    assert desk.put(f"/users/{user.json()['id']}/services/dnd", {"enabled": True}).status == 204
    assert desk.get("/lines").status == 200
    line = desk.get("/lines?limit=1").json()["items"][0]["id"]
    assert desk.get(f"/lines/{line}").status == 200
    assert desk.put(f"/lines/{line}", {"position": 2}).status == 401
    assert desk.delete(f"/lines/{line}").status == 401
    assert desk.get("/extensions").status == 401
    assert desk.get("/administrators").status == 401

    admin = made.json()["id"]
    assert root.put(f"/administrators/{admin}", {"sections": [{"section": "lines", "access": "write"}]}).status == 204
    assert desk.get("/users").status == 401, "the token had other rights, and has ended"
    desk = sign_in(almon, "desk", "front door")
    assert desk.put(f"/lines/{line}", {"position": 2}).status == 204
    assert desk.get("/users").status == 401
    assert root.delete(f"/administrators/{admin}").status == 204
    assert desk.get("/lines").status == 401
