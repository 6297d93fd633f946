# SPDX-License-Identifier: GPL-3.0-or-later
"""What every end-to-end test finds: a private network, an office per file, phones that are surely switched off."""
import contextlib
import itertools

import pytest

pytest.register_assert_rewrite("phones.conversation", "phones.raw_phone", "phones.baresip")

from phones import loopback  # noqa: E402
from phones.almon import Almon
from phones.baresip import Baresip
from phones.browser import BrowserPhone
from phones.linphone import Linphone
from phones.raw_phone import RawPhone
from phones.window import Window
from phones.wire import Tap


def pytest_configure(config):
    loopback.enter_private_loopback()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows what the server had to say."""
    report = (yield).get_result()
    office = item.funcargs.get("almon") if hasattr(item, "funcargs") else None
    if report.failed and office is not None:
        report.sections.append(("almon", office.output()[-6000:]))


@pytest.fixture(scope="module")
def almon(tmp_path_factory):
    """One office for all tests of a file."""
    office = Almon(tmp_path_factory.mktemp("almon")).start()
    yield office
    office.stop()


@pytest.fixture
def fresh_almon(tmp_path):
    """An office for one test alone; a file that needs this for all its tests makes it its `almon`."""
    office = Almon(tmp_path / "almon").start()
    yield office
    office.stop()


@pytest.fixture
def tap():
    with Tap() as tap:
        yield tap


@pytest.fixture
def phones(almon, tmp_path):
    """A maker of phones of the demo office; each is switched off at the end of the test."""
    with contextlib.ExitStack() as all_phones:
        yield PhoneMaker(almon, tmp_path, all_phones)


class PhoneMaker:
    def __init__(self, almon: Almon, folder, stack: contextlib.ExitStack):
        self._almon = almon
        self._folder = folder
        self._stack = stack
        self._numbers = itertools.count(1)

    def baresip(self, firstname: str, *, tone: int = 440, transport: str = "udp", answers: bool = False,
                **options) -> Baresip:
        """A registered baresip of Alice, Bob or Carol."""
        person = self._almon.person(firstname)
        host, port = self._almon.address
        server = (host, self._almon.tls_port if transport == "tls" else port)
        phone = Baresip(self._folder / f"{firstname}{next(self._numbers)}", firstname, server=server,
                        username=person.username, password=person.password, tone=tone, transport=transport,
                        answers=answers, **options)
        self._stack.enter_context(phone)
        phone.event("REGISTER_OK")
        return phone

    def linphone(self, firstname: str, **options) -> Linphone:
        person = self._almon.person(firstname)
        phone = Linphone(self._folder / f"{firstname}{next(self._numbers)}", server=self._almon.address,
                         username=person.username, password=person.password, **options)
        self._stack.enter_context(phone)
        phone.wait_until_registered()
        return phone

    def browser(self, firstname: str, *, tone: int = 440, secure: bool = True) -> BrowserPhone:
        """Chromium with JsSIP, registered over WSS, or over WS where not `secure`."""
        person = self._almon.person(firstname)
        port = self._almon.wss_port if secure else self._almon.ws_port
        phone = BrowserPhone(url=f"{'wss' if secure else 'ws'}://{self._almon.address[0]}:{port}/ws",
                             host=self._almon.address[0], username=person.username, password=person.password,
                             tone=tone)
        self._stack.enter_context(phone)
        phone.event("registered")
        return phone

    def window(self, *, signed_in_as: str | None = None, **options) -> Window:
        """The page, at the sign-in; or signed in as Alice, Bob or Carol, with the telephone ready, or as "admin"."""
        window = Window(self._almon, **options)
        self._stack.enter_context(window)
        window.go()
        if signed_in_as == "admin":
            window.sign_in(*self._almon.administrator, administrator=True)
        elif signed_in_as is not None:
            person = self._almon.person(signed_in_as)
            window.sign_in(person.username, person.password)
            window.state("connection", "data-state", "registered")
        return window

    def raw(self, firstname: str, *, transport: str = "udp", registers: bool = True) -> RawPhone:
        person = self._almon.person(firstname)
        phone = RawPhone(self._almon.address, person.username, person.password, transport)
        self._stack.callback(phone.leave)
        if registers:
            response = phone.register()
            assert response.status == 200, response
        return phone
