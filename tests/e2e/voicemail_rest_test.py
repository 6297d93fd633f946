# SPDX-License-Identifier: GPL-3.0-or-later
"""Voicemail over REST: a message that a phone has left is listed, heard, moved and erased by programs."""
import pytest

from event_client import EventClient, sign_in_as, user_of
from exterior import Exterior
from messages import Light, leave_message
from phones import rest
from phones.sound import Sound


@pytest.fixture(scope="module")
def office(almon) -> Exterior:
    """Bob has the mailbox 1002; his phone is switched off, so that calls for him end there."""
    office = Exterior(almon)
    box = office.make("/voicemails", {"name": "Bob", "number": "1002", "context": "default", "password": "42"})
    office.put(f"/users/{office.user('Bob')['uuid']}/voicemails/{box['id']}")
    return office


class Messages:
    """What a program sees of the mailbox of Bob."""

    def __init__(self, almon, base: str, token: str | None = None):
        self.program = rest.ctid_ng(almon, token)
        self.base = f"/1.0{base}"

    def folders(self) -> dict[str, list[dict]]:
        answer = self.program.get(self.base)
        assert answer.status == 200, answer
        return {folder["type"]: folder["messages"] for folder in answer.json["folders"]}

    def message(self, message: str):
        return self.program.get(f"{self.base}/messages/{message}")

    def move(self, message: str, folder: int) -> int:
        return self.program.put(f"{self.base}/messages/{message}", {"folder_id": folder}).status

    def erase(self, message: str) -> int:
        return self.program.delete(f"{self.base}/messages/{message}").status


@pytest.fixture(scope="module")
def his_token(almon, office) -> str:
    return sign_in_as(almon, rest.confd(almon), "Bob")[0]


@pytest.fixture
def empty(almon):
    """Nothing is left in the mailbox by tests before."""
    box = Messages(almon, f"/voicemails/{box_id(almon, 'Bob')}")
    for messages in box.folders().values():
        for message in messages:
            assert box.erase(message["id"]) == 204


def box_id(almon, name: str) -> int:
    return next(box["id"] for box in rest.confd(almon).get("/1.1/voicemails").json["items"] if box["name"] == name)


# API-142, API-143, API-144, API-145, API-021
def test_a_program_reads_hears_moves_and_erases_a_message(almon, office, phones, his_token, empty, tmp_path):
    events = EventClient.listening(almon, his_token, *(f"user_voicemail_message_{change}" for change in
                                                       ("created", "updated", "deleted")))
    leave_message(phones.raw("Alice"), 700)
    mine = Messages(almon, "/users/me/voicemails", his_token)
    anybodys = Messages(almon, f"/voicemails/{box_id(almon, 'Bob')}")
    assert mine.folders() == anybodys.folders()
    [message] = mine.folders()["new"]
    assert message["caller_id_num"] == "1001" and message["caller_id_name"] is None and message["duration"] == 2
    inbox, old = ({"id": 1, "name": "inbox", "type": "new"}, {"id": 2, "name": "old", "type": "old"})
    assert mine.message(message["id"]).json == {**message, "folder": inbox}
    [created] = events.until("user_voicemail_message_created")
    told = {"user_uuid": user_of(rest.confd(almon), "Bob")["uuid"], "voicemail_id": box_id(almon, 'Bob'),
            "message_id": message["id"]}
    assert created["data"] == {**told, "message": {**message, "folder": inbox}}
    assert created["required_acl"] == f"events.users.{told['user_uuid']}.voicemails"

    recording = f"{mine.base}/messages/{message['id']}/recording"
    for answer in (mine.program.get(recording), mine.program.post(recording),
                   rest.Rest(almon, almon.ctid_ng_port).get(f"{recording}?download=1&token={his_token}")):
        assert answer.status == 200 and answer.headers["Content-Type"] == "audio/wav", answer
        (tmp_path / "message.wav").write_bytes(answer.body)
        heard = Sound.read(tmp_path / "message.wav")
        assert 1.8 < heard.seconds < 2.4 and heard.middle(1.0).share(700) > 0.9
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{message["id"]}.wav"'
    assert rest.Rest(almon, almon.ctid_ng_port).get(recording).status == 401
    assert rest.Rest(almon, almon.ctid_ng_port).get(f"{mine.base}?token={his_token}").status == 401

    light = Light(phones.raw("Bob"))
    assert light.told()["Voice-Message"] == "1/0 (0/0)"
    assert mine.move(message["id"], 2) == 204
    assert light.told()["Voice-Message"] == "0/1 (0/0)"
    assert mine.folders() == {"new": [], "old": [message]}
    [updated] = events.until("user_voicemail_message_updated")
    assert updated["data"] == {**told, "message": {**message, "folder": old}}
    assert mine.program.get(f"{mine.base}/folders/2").json == {**old, "messages": [message]}
    assert mine.program.get(f"{mine.base}/folders/1").json == {**inbox, "messages": []}
    assert anybodys.program.get(f"{anybodys.base}/messages/{message['id']}/recording").body == answer.body
    assert mine.move(message["id"], 1) == 204
    assert light.told()["Voice-Message"] == "1/0 (0/0)"
    events.until("user_voicemail_message_updated")
    assert mine.erase(message["id"]) == 204
    assert light.told()["Messages-Waiting"] == "no"
    [deleted] = events.until("user_voicemail_message_deleted")
    assert deleted["data"] == {**told, "message": {**message, "folder": inbox}}
    assert mine.message(message["id"]).status == mine.erase(message["id"]) == 404
    assert mine.folders() == {"new": [], "old": []}


# API-144: what belongs to others, what is not there, and what would lead out of the folder
def test_others_do_not_get_at_a_message(almon, office, phones, his_token, empty):
    leave_message(phones.raw("Alice"), 700)
    mine = Messages(almon, "/users/me/voicemails", his_token)
    [message] = mine.folders()["new"]
    confd = rest.confd(almon)
    hers = sign_in_as(almon, confd, "Carol")[0]
    assert rest.ctid_ng(almon, hers).get("/1.0/users/me/voicemails").status == 404, "she has none"
    box = office.make("/voicemails", {"name": "Carol", "number": "1003", "context": "default"})
    office.put(f"/users/{office.user('Carol')['uuid']}/voicemails/{box['id']}")
    carol = Messages(almon, "/users/me/voicemails", hers)
    assert carol.folders() == {"new": [], "old": []}
    assert carol.message(message["id"]).status == carol.move(message["id"], 2) == carol.erase(message["id"]) == 404
    assert carol.program.get(f"{carol.base}/messages/{message['id']}/recording").status == 404
    for refused in ("", "/folders/1", f"/messages/{message['id']}", f"/messages/{message['id']}/recording"):
        assert carol.program.get(f"/1.0/voicemails/{box_id(almon, 'Bob')}{refused}").status == 401
    anybodys = Messages(almon, f"/voicemails/{box_id(almon, 'Bob')}")
    bobs = f"{box_id(almon, 'Bob')}%2fnew%2f{message['id']}"
    for name in (f"..%2fold%2f{message['id']}", f"..%2f..%2f{bobs}", "%2fetc%2fpasswd", f"{message['id']}%00", "%2e%2e"):
        recording = anybodys.program.get(f"{anybodys.base}/messages/{name}/recording")
        assert {anybodys.message(name).status, anybodys.move(name, 2), anybodys.erase(name), recording.status} <= {400, 404}
    for box in ("999999", "0", "none", "-1"):
        assert anybodys.program.get(f"/1.0/voicemails/{box}").status == 404
    for folder in ("0", "3", "new"):
        assert anybodys.program.get(f"{anybodys.base}/folders/{folder}").status == 404
    for body in ({}, {"folder_id": 3}, {"folder_id": "2"}, {"folder_id": -1}, []):
        assert anybodys.program.put(f"{anybodys.base}/messages/{message['id']}", body).status == 400
    assert anybodys.program.get("/1.0/users/me/voicemails").status == 400, "the administrator is no user"
    assert mine.folders()["new"] == [message]


# API-142: how long a message is, is known after a restart
def test_a_restart_keeps_what_programs_see(almon, office, phones, his_token):
    mine = Messages(almon, "/users/me/voicemails", his_token)
    before = mine.folders()
    assert before["new"]
    almon.stop()
    almon.start()
    assert mine.folders() == before
