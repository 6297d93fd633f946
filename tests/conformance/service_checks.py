# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of services whose operations have one check each have in common."""
from collections.abc import Callable

from client import Response, Unreachable
from openapi import Document, Operation


class ServiceChecks:
    def __init__(self, reference: Document):
        self._reference = reference
        self.wrong: list[str] = []

    def reasons(self, operation: Operation) -> list[str]:
        self.wrong = []
        check = self._check_of(operation)
        if check is None:
            return ["the operation is not there"]
        try:
            self._check_strangers(operation)
            check(operation)
        except (AssertionError, Unreachable) as failure:
            self.wrong.append(str(failure))
        except KeyError as missing:
            self.wrong.append(f"the answer has no {missing}")
        return self.wrong

    def _check_of(self, operation: Operation) -> Callable[[Operation], None] | None:
        raise NotImplementedError

    def _check_strangers(self, operation: Operation) -> None:
        """Who may not ask gets no answer; nothing to check where everybody may."""

    def _is(self, response: Response, operation: Operation, status: int = 200) -> bool:
        if response.status != status or (status != 204) != response.is_json:
            self.wrong.append(f"answers {response} instead of {status} ({response.curl})")
            return False
        if status == 204:
            return not response.body
        found = self._reference.problems(response.json(), operation.success_schema)
        self.wrong += found
        return not found
