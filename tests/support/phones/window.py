# SPDX-License-Identifier: GPL-3.0-or-later
"""A window with the page of an office, used as a person uses it: by what fields and buttons are called."""
import pathlib

from phones.almon import Almon
from phones.browser import FOLDER, Browser, missing as browser_missing

WEB = FOLDER.parents[2] / "web"


def missing(almon_binary: pathlib.Path) -> str | None:
    if not (almon_binary.parent / "web/index.html").exists():
        return f"the page was not built: there is no {almon_binary.parent}/web"
    return browser_missing()


class Window(Browser):
    patience = 30.0  # Longer than the program that drives it, which says better what it waits for.

    def __init__(self, almon: Almon, *, tone: int = 440, width: int = 1280, height: int = 800,
                 language: str = "en-GB", dark: bool = False):
        super().__init__("window.mjs", tone=tone, url=f"https://{almon.address[0]}:{almon.page_port}",
                         width=width, height=height, language=language, dark=dark,
                         axe=str(WEB / "node_modules/axe-core/axe.min.js"))

    def go(self, path: str = "/") -> None:
        self.do("go", path)

    def visit(self, path: str) -> None:
        """As go(), without loading the page anew."""
        self.do("visit", path)

    def sign_in(self, username: str, password: str, administrator: bool = False) -> None:
        if administrator:
            self.do("choose", "Administrator")
        self.fill("User name", username)
        self.fill("Password", password)
        self.press("Sign in")

    def fill(self, label: str, text: str) -> None:
        self.do("fill", label, text)

    def press(self, name: str, role: str = "button") -> None:
        """A button, or whatever else is pressed: a link, a switch."""
        self.do("press", name, role)

    def check(self, label: str, checked: bool = True) -> None:
        """Sets a switch or a box."""
        self.do("check", label, checked)

    def is_checked(self, label: str, checked: bool = True) -> None:
        """Waits until a switch or a box is so."""
        self.do("is_checked", label, checked)

    def menu(self) -> list[list]:
        """The items of the menu that is open, each with whether it can be chosen."""
        return self.do("menu")

    def press_in(self, region: str, name: str) -> None:
        """A button in a part of the page, which may be a group."""
        self.do("press_in", region, name)

    def select(self, label: str, choice: str) -> None:
        self.do("select", label, choice)

    def see(self, text: str) -> None:
        """Waits until it is to be read somewhere."""
        self.do("see", text)

    def see_button(self, name: str) -> None:
        """Waits until there is a button that is called so."""
        self.do("see_button", name)

    def see_link(self, name: str) -> None:
        self.do("see_link", name)

    def miss(self, text: str) -> None:
        """Waits until it is not to be read any more."""
        self.do("miss", text)

    def count(self, text: str) -> int:
        return self.do("count", text)

    def value(self, label: str) -> str:
        return self.do("value", label)

    def value_in(self, group: str, label: str) -> str:
        return self.do("value_in", group, label)

    def state(self, test_id: str, attribute: str, wanted: str) -> None:
        """Waits until an element that tests know says so."""
        self.do("state", test_id, attribute, wanted)

    def has_focus(self) -> str:
        """The name of what the keyboard is in."""
        return self.do("focus")

    def key(self, name: str) -> None:
        self.do("key", name)

    def tab_to(self, name: str) -> None:
        """Goes on from the focus with the Tab key until what is called so has it."""
        for _ in range(60):
            if self.has_focus() == name:
                return
            self.key("Tab")
        raise AssertionError(f"{name!r} is not reached with the Tab key")

    def type(self, text: str) -> None:
        """With the keyboard, into what has the focus."""
        self.do("type", text)

    def reload(self) -> None:
        self.do("reload")

    def hear(self, frequency: int, own: int) -> None:
        """Asserts that one tone is heard and the own one is not."""
        # On a busy machine a browser stretches what it plays.
        for _ in range(4):
            sound = self.listen(1.5).middle(1.0)
            if sound.share(frequency) > 0.9:
                break
        assert sound.share(frequency) > 0.9, f"{sound.share(frequency):.3f} of the energy is at {frequency} Hz, loudness {sound.loudness():.0f}\n{self.trace()}"
        assert sound.share(own) < 0.05, "hears itself"

    def sends(self, microphone: str) -> None:
        """Waits until its call sends what this microphone hears."""
        self.do("sends", microphone)

    def sounds_through(self, what: str, speaker: str) -> None:
        """Waits until what was played last by an "element" or a "context" sounds through this device; empty: the system's own."""
        self.do("sounds_through", what, speaker)

    def unplug(self, device: str, out: bool = True) -> None:
        self.do("unplug", device, out)

    def level_above(self, percent: int) -> None:
        """Waits until the meter of the microphone shows more."""
        self.do("level_above", percent)

    def file(self, path: pathlib.Path) -> None:
        """Chooses a file in the first field that takes one."""
        self.do("file", str(path))

    def look(self, *, dark: bool = False, width: int = 1280) -> None:
        self.do("look", dark, width)

    def accessible(self, view: str, rules: list[str] | None = None, part: str | None = None) -> None:
        """Asserts that axe-core finds nothing (WCAG 2.2 AA), or nothing against these rules in a part of the page."""
        found = self.do("axe", rules, part)
        assert not found, f"{view}: " + "\n".join(found)

    def accessible_everywhere(self, view: str, part: str | None = None) -> None:
        """The same in both themes and on a narrow telephone, where nothing is wider than it either."""
        self.look()
        self.accessible(view, part=part)
        self.look(dark=True)
        self.accessible(f"{view}, dark", ["color-contrast"], part)
        self.look(width=320)
        assert self.do("overflow") == 0, f"{view} is wider than 320 pixels"
        self.accessible(f"{view}, narrow", part=part)
        self.look()

    def complaints(self) -> list[str]:
        """What the browser had to complain about: errors, and what the Content-Security-Policy forbade."""
        return self.do("complaints")

    def picture(self, path: pathlib.Path, whole: bool = True) -> None:
        """Of the whole page, or of what the window shows of it."""
        self.do("picture", str(path), whole)
