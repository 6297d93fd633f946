# SPDX-License-Identifier: GPL-3.0-or-later
"""A lamp of a phone: a subscription to the dialogs of a number (RFC 6665, RFC 4235)."""
import xml.etree.ElementTree as xml

SPACE = "{urn:ietf:params:xml:ns:dialog-info}"


class Lamp:
    """A subscription of a phone, and what it was told."""

    def __init__(self, phone, number: str, expires: int = 600, **fields):
        self.phone = phone
        self.request = phone.request("SUBSCRIBE", f"sip:{number}@{phone.domain}", Event="dialog",
                                     Accept="application/dialog-info+xml", Expires=str(expires), **fields)
        response = phone.ask(self.request)
        if response.status == 401:
            self.request = phone.answer_challenge(self.request, response)
            response = phone.ask(self.request)
        self.response = response
        self.cseq = int(self.request["CSeq"].split()[0])
        self.version = -1

    def told(self):
        """The next NOTIFY, answered: its whole-or-partial state and {dialog id: (direction, state)}."""
        notify = self.phone.expect("NOTIFY", call_id=self.request["Call-ID"])
        self.phone.respond(notify, 200, "OK")
        self.subscription = notify["Subscription-State"]
        self.target = notify["Contact"].strip("<>")
        self.remote = notify["From"]
        self.info = xml.fromstring(notify.body) if notify.body else None
        if self.info is None:
            return None, {}
        assert notify["Event"] == "dialog"
        assert notify["Content-Type"] == "application/dialog-info+xml"
        version = int(self.info.get("version"))
        assert version == self.version + 1
        self.version = version
        return self.info.get("state"), {dialog.get("id"): (dialog.get("direction"), dialog.find(SPACE + "state").text)
                                        for dialog in self.info.findall(SPACE + "dialog")}

    def subscribe_again(self, expires: int):
        self.cseq += 1
        request = self.phone.request("SUBSCRIBE", self.target, Event="dialog", Expires=str(expires),
                                     Call_ID=self.request["Call-ID"], CSeq=f"{self.cseq} SUBSCRIBE",
                                     From=self.request["From"], To=self.remote)
        response = self.phone.ask(request)
        if response.status == 401:
            self.cseq += 1
            response = self.phone.ask(self.phone.answer_challenge(request, response))
        return response
