#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a running almon every operation of the reference's OpenAPI documents, and whether our documents say the same."""
import argparse
import contextlib
import fnmatch
import json
import os
import pathlib
import sys
import tomllib

import office as offices
from amid_checks import AmidChecks
from auth_checks import AuthChecks
from checks import Checks
from client import Client, Unreachable
from ctid_checks import CtidChecks
from ctid_ng_checks import CtidNgChecks
from openapi import Document, Operation, differences
from phones import loopback
from resources import Stage
from wizard_checks import WizardChecks

HERE = pathlib.Path(__file__).resolve().parent
SERVICES = ("confd", "auth", "ctid-ng", "dird", "agentd", "ctid", "amid")
EXPECTED = HERE / "expected.toml"
# Of an operation that is not there at all one sentence says enough.
_REASONS_SHOWN = 6


def reference_folder() -> pathlib.Path:
    default = HERE.parents[1].parent / "shared/reference"
    return pathlib.Path(os.environ.get("ALMON_REFERENCE", default)) / "api"


class Run:
    """One server, asked operation by operation; servers are started as the services that are asked need them."""

    def __init__(self, references: pathlib.Path, database: str, stack: contextlib.ExitStack):
        self._references = references
        self._database = database
        self._stack = stack
        self._office: offices.Office | None = None

    def service(self, name: str, pattern: str = "*", told=lambda operation, reasons: None) -> dict[str, list[str]]:
        """The reasons why each operation fails, none where it passes. `pattern` chooses operations."""
        reference = Document.read(self._references / f"{name}.yml")
        ask = {"confd": self._confd, "auth": self._auth, "ctid-ng": self._ctid_ng,
               "ctid": self._ctid, "amid": self._amid}.get(name, self._absent)(reference)
        results = {}
        for operation in reference.operations:
            if fnmatch.fnmatch(operation.name, pattern):
                results[operation.name] = ask(operation)
                told(operation, results[operation.name])
        return results

    @property
    def office(self) -> offices.Office:
        if self._office is None:
            self._office = self._stack.enter_context(offices.Office(self._database))
        return self._office

    def _fresh(self) -> Client:
        """A server that has just been installed; the wizard asks nobody for a token."""
        return self._stack.enter_context(offices.Office(self._database, demo=False)).confd(token=None)

    def _confd(self, reference: Document):
        stage = Stage(self.office.confd())
        stranger = self.office.confd(token=None)
        ours = fetched(self.office.confd(token=None))
        checks = Checks(reference, stage, stranger=stranger)
        wizard = WizardChecks(reference, self._fresh, stranger)

        def ask(operation: Operation) -> list[str]:
            asked = wizard if operation.path.startswith("/wizard") else checks
            return with_document(asked.reasons(operation), reference, operation, ours)
        return ask

    def _auth(self, reference: Document):
        ours = fetched(self.office.auth())
        checks = AuthChecks(reference, self.office.auth(), self.office.login)
        with contextlib.suppress(AssertionError, Unreachable):
            checks.limited_token = self.office.user_token()
        return lambda operation: with_document(checks.reasons(operation), reference, operation, ours)

    def _ctid_ng(self, reference: Document):
        ours = fetched(self.office.ctid_ng(token=None))
        checks = CtidNgChecks(reference, self.office)
        return lambda operation: with_document(checks.reasons(operation), reference, operation, ours)

    def _ctid(self, reference: Document):
        ours = fetched(self.office.ctid())
        checks = CtidChecks(reference, self.office)
        return lambda operation: with_document(checks.reasons(operation), reference, operation, ours)

    def _amid(self, reference: Document):
        ours = fetched(self.office.amid(token=None))
        checks = AmidChecks(reference, self.office)
        return lambda operation: with_document(checks.reasons(operation), reference, operation, ours)

    def _absent(self, reference: Document):
        return lambda operation: ["the service is not there"]


def fetched(client: Client) -> Document | str:
    """Our document of a service, or what is wrong with it."""
    try:
        response = client.get("/api/api.yml", headers={"Accept": "*/*"})
        if response.status != 200:
            return f"our document answers {response}"
        return Document.parse(response.body)
    except Exception as failure:  # whatever a YAML reader finds wrong
        return f"our document cannot be read: {failure}"


def with_document(reasons: list[str], reference: Document, operation: Operation, ours: Document | str) -> list[str]:
    if isinstance(ours, str):
        return [*reasons, ours]
    return [*reasons, *differences(reference, operation, ours)]


def summary(results: dict[str, dict[str, list[str]]]) -> dict:
    return {service: {"passed": sum(not reasons for reasons in operations.values()), "total": len(operations),
                      "failed": [{"operation": name, "reasons": reasons} for name, reasons in operations.items()
                                 if reasons]}
            for service, operations in results.items()}


def expectations(service: str) -> list[str]:
    return tomllib.loads(EXPECTED.read_text()).get(service, {}).get("passes", [])


def surprises(service: str, results: dict[str, list[str]], expected: list[str]) -> list[str]:
    """Where results are not what expected.toml says."""
    found = [f"{service}: {name} is expected to pass and is not in the reference" for name in expected
             if name not in results]
    for name, reasons in results.items():
        if name in expected and reasons:
            found.append(f"{service}: {name} is expected to pass and fails: " + "; ".join(reasons))
        elif name not in expected and not reasons:
            found.append(f"{service}: {name} passes now: add it to tests/conformance/expected.toml")
    return found


def print_table(results: dict[str, dict[str, list[str]]], every_reason: bool) -> None:
    for service, operations in results.items():
        for name, reasons in operations.items():
            if not reasons:
                print(f"  ok    {service:8} {name}")
        for name, reasons in operations.items():
            if reasons:
                print(f"  FAILS {service:8} {name}")
                for reason in reasons if every_reason else reasons[:_REASONS_SHOWN]:
                    print(f"          {reason}")
                if not every_reason and len(reasons) > _REASONS_SHOWN:
                    print(f"          and {len(reasons) - _REASONS_SHOWN} more")
    print()
    for service, each in summary(results).items():
        print(f"{service:10} {each['passed']:4} of {each['total']:4}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev conformance", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the results there as well")
    parser.add_argument("--service", action="append", choices=SERVICES, help="ask this service only; may be repeated")
    parser.add_argument("--database", choices=offices.DATABASES, default="sqlite")
    parser.add_argument("--only", metavar="PATTERN", default="*", help="operations, such as 'GET /users*'")
    parser.add_argument("--all-reasons", action="store_true", help="say everything that is wrong with an operation")
    parser.add_argument("--expected", action="store_true",
                        help="fail where the results are not those of tests/conformance/expected.toml")
    arguments = parser.parse_args()

    references = reference_folder()
    if not references.is_dir():
        missing = f"there is no reference in {references} (ALMON_REFERENCE)"
        if os.environ.get("CI") == "true":
            print(f"conformance has to run in CI: {missing}")
            return 1
        print(f"conformance did not run: {missing}")
        return 0

    loopback.enter_private_loopback()
    results = {}
    with contextlib.ExitStack() as stack:
        run = Run(references, arguments.database, stack)
        for service in arguments.service or SERVICES:
            results[service] = run.service(service, arguments.only)
    print_table(results, arguments.all_reasons)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(summary(results), indent=2, ensure_ascii=False) + "\n")
    if not arguments.expected:
        return 0
    found = [each for service, operations in results.items() if arguments.only == "*"
             for each in surprises(service, operations, expectations(service))]
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
