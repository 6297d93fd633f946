# SPDX-License-Identifier: GPL-3.0-or-later
"""Callers who leave messages, the light of their user, and the files."""
from phones.almon import binary
from phones.raw_phone import media_port
from phones.sound import Sound


def seconds_of(*names: str) -> float:
    return sum(Sound.read(binary().parent / "sounds" / "en_US" / f"{name}.wav").seconds for name in names)


GREETING = ("vm-person", "digits/1", "digits/0", "digits/0", "digits/2", "vm-unavailable", "vm-instructions")


def leave_message(phone, hertz: int, ends_by_key: bool = True) -> None:
    call = phone.call("1002")
    to = media_port(call.answered())
    heard = phone.rtp.listen(seconds_of(*GREETING) + 0.55).sound()
    beep = heard.between(heard.seconds - 0.35, heard.seconds - 0.05)
    assert heard.share(1000) > 0 and max(frame.share(1000) for frame in beep.frames()) > 0.9, "the beep"
    phone.rtp.talk(to, hertz, 2.0)
    if ends_by_key:
        phone.rtp.press(to, 11)
        assert phone.rtp.listen(seconds_of("vm-saved") + 0.3).sound().audible_seconds() > 0.5
        call.hung_up()
    else:
        call.hang_up()


class Light:
    """A subscription to the messages of the phone's user (RFC 3842)."""

    def __init__(self, phone):
        self.phone = phone
        self.request = phone.request("SUBSCRIBE", f"sip:{phone.username}@{phone.domain}", Event="message-summary",
                                     Accept="application/simple-message-summary", Expires="600")
        response = phone.ask(self.request)
        if response.status == 401:
            self.request = phone.answer_challenge(self.request, response)
            response = phone.ask(self.request)
        self.status = response.status

    def told(self) -> dict[str, str]:
        notify = self.phone.expect("NOTIFY", call_id=self.request["Call-ID"])
        self.phone.respond(notify, 200, "OK")
        assert notify["Event"] == "message-summary"
        return dict(line.split(": ") for line in notify.body.decode().splitlines())


def files(almon, folder: str) -> list:
    return sorted((almon.data / "voicemail").glob(f"*/{folder}/*"))
