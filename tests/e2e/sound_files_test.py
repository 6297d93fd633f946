# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of music on hold and of sounds: uploaded, heard of, downloaded and erased; never half, never elsewhere."""
import socket
import ssl
import time

import pytest

from api import sign_in
from client import Client, Response
from phones.sound import tone_file

BYTES = {"Content-Type": "application/octet-stream"}
MEBIBYTE = 1 << 20


@pytest.fixture
def confd(almon):
    return sign_in(almon)


def upload(confd: Client, path: str, content: bytes) -> Response:
    return confd.request("PUT", path, raw=content, headers=BYTES)


def download(confd: Client, path: str) -> Response:
    return confd.get(path, headers={"Accept": "*/*"})


def kept(almon) -> list[str]:
    return sorted(str(path.relative_to(almon.data / "audio")) for path in (almon.data / "audio").rglob("*")
                  if path.is_file())


def category_of_music(confd: Client, label: str) -> str:
    made = confd.post("/moh", {"label": label, "mode": "files"})
    assert made.status == 201, made
    return f"/moh/{made.json()['uuid']}"


def test_music_on_hold_is_uploaded_and_downloaded_as_it_was(almon, confd):
    """ADB-072, ADB-163"""
    moh = category_of_music(confd, "Lobby")
    music = tone_file(440, 2.5)
    assert upload(confd, f"{moh}/files/waltz.wav", music).status == 204
    assert confd.get(moh).json()["files"] == [{"name": "waltz.wav"}]
    got = download(confd, f"{moh}/files/waltz.wav")
    assert got.status == 200 and got.body == music
    assert upload(confd, f"{moh}/files/stereo.wav", tone_file(440, 1, 44100, 2)).status == 204
    assert [file["name"] for file in confd.get(moh).json()["files"]] == ["stereo.wav", "waltz.wav"]
    assert len(kept(almon)) == 2
    almon.interrupt()
    almon.start()
    confd = sign_in(almon)
    assert download(confd, f"{moh}/files/waltz.wav").body == music
    assert confd.delete(f"{moh}/files/stereo.wav").status == 204
    assert confd.delete(moh).status == 204
    assert kept(almon) == []


def test_a_category_that_is_brought_back_says_which_files_it_had(confd):
    moh = category_of_music(confd, "Garden")
    assert upload(confd, f"{moh}/files/birds.wav", tone_file(440, 1)).status == 204
    [change] = confd.get("/history?limit=1").json()["items"]
    assert confd.post(f"/history/{change['number']}/undo").status == 201
    assert confd.get(moh).json()["files"] == []
    assert confd.delete(moh).status == 204


def test_sounds_have_categories_languages_and_formats(confd):
    """ADB-161: en_US and fr_FR are there from the start."""
    tags = [language["tag"] for language in confd.get("/sounds/languages").json()["items"]]
    assert {"en_US", "fr_FR"} <= set(tags)
    system = confd.get("/sounds/system").json()
    assert any({"en_US", "fr_FR"} <= {format["language"] for format in file["formats"]} for file in system["files"])
    assert confd.post("/sounds", {"name": "playback"}).status == 201
    closed, ferme = tone_file(440, 1), tone_file(440, 1.5)
    assert upload(confd, "/sounds/playback/files/closed?language=en_US", closed).status == 204
    assert upload(confd, "/sounds/playback/files/closed?language=de_DE&format=wav", ferme).status == 204
    assert download(confd, "/sounds/playback/files/closed?language=de_DE").body == ferme
    assert "de_DE" in [language["tag"] for language in confd.get("/sounds/languages").json()["items"]]
    [file] = confd.get("/sounds/playback").json()["files"]
    assert [(format["language"], format["format"]) for format in file["formats"]] == [("de_DE", "wav"), ("en_US", "wav")]
    assert upload(confd, f"/sounds/system/files/{system['files'][0]['name']}", closed).status == 400
    assert confd.delete("/sounds/playback").status == 204
    assert confd.get("/sounds/playback").status == 404


@pytest.mark.parametrize("content", [b"", b"hello", b"<html></html>" * 100, tone_file(440, 0), tone_file(440, 1)[:40], b"RIFF" + b"\xff" * 5000,
                                     b"\0" * 70_000], ids=["nothing", "text", "html", "silence", "head", "torn", "zeros"])
def test_what_is_no_audio_is_refused(almon, confd, content):
    before = kept(almon)
    assert confd.post("/sounds", {"name": "strange"}).status in (201, 400)
    response = upload(confd, "/sounds/strange/files/a.wav", content)
    assert response.status == 400 and "audio" in response.json()[0], response
    assert kept(almon) == before


def raw_request(almon, confd: Client, head: str, body: bytes = b"", *, finish: bool = True) -> bytes:
    """As no library would say it; gives all that comes back."""
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with socket.create_connection((almon.address[0], almon.confd_port), timeout=10) as plain, \
            trusting.wrap_socket(plain) as connection:
        connection.sendall(f"{head}\r\nHost: almon\r\nAccept: */*\r\nX-Auth-Token: {confd.token}\r\nConnection: close\r\n\r\n".encode()
                           + body)
        if not finish:
            return b""
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize("name", ["../../../secret.key", "..%2f..%2f..%2fsecret.key", "%2e%2e%2f%2e%2e%2fsecret.key",
                                  "%2e%2e/%2e%2e/secret.key", "/etc/passwd", "%2fetc%2fpasswd", "..%5c..%5csecret.key",
                                  ".hidden", "a%00.wav", "%c0%ae%c0%ae%2fsecret.key"])
def test_names_do_not_leave_their_folder(almon, confd, name):
    assert confd.post("/sounds", {"name": "inside"}).status in (201, 400)
    secret = (almon.data / "secret.key").read_bytes()
    before = kept(almon)
    moh = category_of_music(confd, "Inside")
    music = tone_file(440, 1)
    for path in (f"/1.1/sounds/inside/files/{name}", f"/1.1{moh}/files/{name}", f"/1.1/sounds/{name}"):
        for method in ("GET", "PUT", "DELETE"):
            body = music if method == "PUT" else b""
            head = f"{method} {path} HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(body)}"
            answer = raw_request(almon, confd, head, body)
            assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 404", b"HTTP/1.1 405"), (method, path, answer[:200])
            assert secret not in answer and b"root:" not in answer
    assert (almon.data / "secret.key").read_bytes() == secret
    assert kept(almon) == before
    assert confd.delete(moh).status == 204


def test_an_upload_that_breaks_off_leaves_nothing(almon, confd):
    moh = category_of_music(confd, "Broken")
    before = kept(almon)
    music = tone_file(440, 60)
    head = f"PUT /1.1{moh}/files/a.wav HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(music)}"
    raw_request(almon, confd, head, music[:len(music) // 2], finish=False)
    deadline = time.monotonic() + 10
    while kept(almon) != before:
        assert time.monotonic() < deadline, kept(almon)
    assert confd.get(moh).json()["files"] == []
    assert download(confd, f"{moh}/files/a.wav").status == 404


def test_a_long_upload_takes_no_memory_and_too_long_a_one_is_refused(almon, confd):
    def resident() -> int:
        with open(f"/proc/{almon.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    moh = category_of_music(confd, "Long")
    assert upload(confd, f"{moh}/files/short.wav", tone_file(440, 600)).status == 204  # checking it takes its own
    before = resident()
    assert upload(confd, f"{moh}/files/long.wav", tone_file(440, 5000)).status == 204, "80 megabytes"
    assert resident() - before < 20_000, "kilobytes"
    head = f"PUT /1.1{moh}/files/a.wav HTTP/1.1\r\nContent-Type: application/octet-stream\r\nContent-Length: {101 * MEBIBYTE}"
    assert raw_request(almon, confd, head).startswith(b"HTTP/1.1 413")
    assert confd.delete(moh).status == 204
