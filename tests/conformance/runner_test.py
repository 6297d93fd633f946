# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks themselves: a service that does everything right passes, and each mistake is seen."""
import pytest

import checks
import conformance
import resources
from client import Client
from fake_confd import DOCUMENT, FakeConfd
from openapi import Document, differences

REFERENCE = Document.parse(DOCUMENT)


def results(*mistakes: str) -> dict[str, list[str]]:
    with FakeConfd(*mistakes) as service:
        stage = resources.Stage(Client(service.address, "/1.1", tls=False, token="key"))
        asked = checks.Checks(REFERENCE, stage, stranger=Client(service.address, "/1.1", tls=False),
                               contradictions={})
        return {operation.name: asked.reasons(operation) for operation in REFERENCE.operations}


def test_a_service_that_does_everything_right_passes():
    assert results() == {operation.name: [] for operation in REFERENCE.operations}


@pytest.mark.parametrize("mistake, operation, sentence", [
    ("open", "GET /entities", "instead of 401"),
    ("any_accept", "GET /entities/{entity_id}", "instead of 406"),
    ("error_object", "POST /entities", "without a JSON list of sentences"),
    ("unknown", "DELETE /entities/{entity_id}", "for an unknown entity_id instead of 404"),
    ("undead", "DELETE /entities/{entity_id}", "still there"),
    ("forgetful", "PUT /entities/{entity_id}", "a change of name changes display_name as well"),
    ("take_id", "POST /entities", "read-only id is taken over"),
    ("take_id", "PUT /entities/{entity_id}", "read-only fields are changed"),
    ("mute", "POST /entities", "without naming it"),
    ("default", "POST /entities", "the default of size is 8 instead of 7"),
    ("missing", "GET /entities/{entity_id}", "display_name is missing"),
    ("total", "GET /entities", "limit=1 gives 1 of 1"),
])
def test_a_mistake_is_seen(mistake, operation, sentence):
    assert any(sentence in reason for reason in results(mistake)[operation])


def test_what_is_not_served_fails_with_one_sentence():
    with FakeConfd() as service:
        stage = resources.Stage(Client(service.address, "/1.1", tls=False, token="key"))
        reference = Document.parse(DOCUMENT.replace("/entities", "/groups").replace("entity_id", "group_id"))
        asked = checks.Checks(reference, stage)
        for operation in reference.operations:
            assert len(asked.reasons(operation)) == 1


def test_nobody_who_listens_is_a_reason():
    with FakeConfd() as service:
        address = service.address
    asked = checks.Checks(REFERENCE, resources.Stage(Client(address, "/1.1", tls=False)))
    [reason] = asked.reasons(REFERENCE.find("GET", "/entities"))
    assert reason.startswith("no answer: ")


@pytest.mark.parametrize("wrong, right, sentence", [
    ("readOnly: true", "readOnly: false", "'id' is not read-only"),
    ("default: 7", "default: 8", "default 8 instead of 7"),
    ("size: {type: integer", "size: {type: string", "'size' is string instead of integer"),
    ("    required: [name]", "", "does not require 'name'"),
    ("'404': {description: c}", "'409': {description: c}", "does not have the status 404"),
    ("name: limit,", "name: least,", "parameter 'limit' is missing"),
    ("enum: [asc, desc]", "enum: [asc]", "may be ['asc'] instead of ['asc', 'desc']"),
    ("display_name", "shown_name", "'display_name' is missing"),
])
def test_another_document_is_seen(wrong, right, sentence):
    ours = Document.parse(DOCUMENT.replace(wrong, right))
    found = [each for operation in REFERENCE.operations for each in differences(REFERENCE, operation, ours)]
    assert any(sentence in each for each in found)


def test_the_same_document_has_no_differences():
    for operation in REFERENCE.operations:
        assert differences(REFERENCE, operation, Document.parse(DOCUMENT)) == []


def test_what_passes_unexpectedly_is_a_surprise_as_well():
    found = conformance.surprises("confd", {"GET /a": [], "GET /b": ["is wrong"], "GET /c": ["is wrong"]}, ["GET /c"])
    assert found == ["confd: GET /a passes now: add it to tests/conformance/expected.toml",
                     "confd: GET /c is expected to pass and fails: is wrong"]


def test_the_summary_counts_the_whole_document():
    assert conformance.summary({"auth": {"GET /a": [], "GET /b": ["is wrong"]}}) == {
        "auth": {"passed": 1, "total": 2, "failed": [{"operation": "GET /b", "reasons": ["is wrong"]}]}}
