# SPDX-License-Identifier: GPL-3.0-or-later
"""Swagger UI at /api, out of our own files: a browser sees the operations of each service and tries one out."""
import json
import os
import subprocess

import pytest
import yaml

from api import sign_in
from client import Client
from phones import browser, loopback
from phones.almon import binary

LOOK = browser.FOLDER / "look.mjs"

if not (binary().parent / "swagger/index.html").exists():
    assert os.environ.get("CI") != "true", "tools/gather_swagger was not run"
    pytest.skip("tools/gather_swagger was not run", allow_module_level=True)


@pytest.fixture
def page(almon):
    return Client((loopback.ADDRESS, almon.page_port))


def plain(page: Client, path: str, **headers):
    return page.get(path, headers={"Accept": "*/*", **headers})


def test_its_files_are_kept_by_browsers_and_lead_nowhere_else(page):
    """API-032"""
    moved = plain(page, "/api")
    assert (moved.status, moved.headers["location"]) == (301, "api/")
    index = plain(page, "/api/")
    assert index.status == 200 and index.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in index.headers["content-security-policy"]
    script = plain(page, "/api/swagger-ui-bundle.js", **{"Accept-Encoding": "gzip"})
    assert script.headers["content-encoding"] == "gzip" and len(script.body) < 800_000
    again = plain(page, "/api/swagger-ui-bundle.js", **{"If-None-Match": script.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    for path in ("/api/../secret.key", "/api/..%2f..%2fsecret.key", "/api/nothing.js"):
        assert plain(page, path).status in (400, 404), path


def test_an_interface_that_is_not_there_is_not_answered_by_the_page(page):
    for path in ("/api/nothing", "/api/confd2/1.1/users", "/api/confd/1.2/users", "/api/ctid/0.1/users/1"):
        answer = plain(page, path)
        assert answer.status == 404 and answer.headers["content-type"].startswith("application/json"), (path, answer)
        assert isinstance(answer.json(), list) and answer.json(), answer


def test_each_service_has_a_page_of_its_own(almon):
    """API-033"""
    auth = Client((loopback.ADDRESS, almon.auth_port))
    assert plain(auth, "/api/").status == 200
    assert plain(auth, "/api/services.json").json()["services"] == [{"name": "xivo-auth", "folder": "", "version": "0.1"}]


def test_documents_are_where_the_page_looks_for_them(page):
    """API-033"""
    services = plain(page, "/api/services.json").json()["services"]
    assert [(service["name"], service["folder"]) for service in services] == [
        ("xivo-auth", "/api/auth"), ("xivo-confd", "/api/confd"), ("xivo-call-logd", "/api/call-logd"),
        ("xivo-ctid-ng", "/api/ctid-ng"), ("session", "/api/session")]
    for service in services:
        document = plain(page, f"{service['folder']}/{service['version']}/api/api.yml")
        assert document.status == 200 and yaml.safe_load(document.body)["swagger"] == "2.0"


@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "")
def test_a_browser_sees_all_operations_and_tries_one(almon, page):
    """API-032"""
    token = sign_in(almon).token
    steps = [{"texts": "#operations-tag-token"}, {"choose": [".topbar select", "xivo-confd"]},
             {"texts": "#operations-tag-infos"}, {"texts": ".opblock-tag"}, {"click": "#operations-tag-infos"}, {"texts": ".opblock-summary-path"},
             {"click": ".authorize"}, {"type": [".auth-container input", token]}, {"click": ".auth-btn-wrapper .authorize"},
             {"click": ".btn-done"}, {"click": "#operations-infos-get_infos .opblock-summary-control"},
             {"click": ".try-out__btn"}, {"click": ".execute"},
             {"texts": ".live-responses-table .response-col_status"}]
    seen = subprocess.run(["node", LOOK, json.dumps({"browser": "/usr/bin/chromium", "steps": steps,
                                                     "url": f"https://{loopback.ADDRESS}:{almon.page_port}/api/"})],
                          capture_output=True, text=True, timeout=120, check=True)
    told = json.loads(seen.stdout)
    assert not told["problems"], told
    _, _, tags, paths, statuses = told["texts"]
    assert {"users", "lines", "calls", "sounds", "infos"} <= {tag.split("\n")[0] for tag in tags}
    assert "/infos" in [path.replace("​", "") for path in paths]
    assert [status.split()[0] for status in statuses] == ["Code", "200"]
