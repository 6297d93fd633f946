# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone of our own that says exactly what the test tells it to, rightly or wrongly, and shows all that comes back."""
import contextlib
import re
import secrets
import select
import socket
import time
from typing import ClassVar

from phones import loopback
from phones.rtp_socket import RtpSocket
from phones.sip_message import Message, address_uri, authorization, challenges

PATIENCE = 5.0


def offer(port: int, codecs: str = "8 0 101", direction: str = "sendrecv", version: int = 1) -> bytes:
    """A session description with one audio stream. 101 is telephone-event, 18 is G.729, 97 one that nobody knows."""
    names = {"0": "PCMU/8000", "8": "PCMA/8000", "9": "G722/8000", "18": "G729/8000", "97": "CLEARMODE/8000",
             "101": "telephone-event/8000"}
    lines = ["v=0", f"o=raw 1 {version} IN IP4 {loopback.ADDRESS}", "s=-", f"c=IN IP4 {loopback.ADDRESS}", "t=0 0",
             f"m=audio {port} RTP/AVP {codecs}", *(f"a=rtpmap:{code} {names[code]}" for code in codecs.split())]
    if "101" in codecs.split():
        lines.append("a=fmtp:101 0-15")
    return "\r\n".join([*lines, f"a={direction}", ""]).encode()


def press(phone: "RawPhone", to: int, keys: str) -> None:
    """Presses keys one after the other, as RFC 4733 events to a port."""
    for key in keys:
        phone.rtp.press(to, "0123456789*#".index(key))
        phone.rtp.listen(0.05)


def media_port(message: Message) -> int:
    found = re.search(rb"m=audio (\d+)", message.body)
    assert found, f"no audio in\n{message}"
    return int(found[1])


class RawPhone:
    """One socket, UDP or TCP, towards the server. Nothing is sent that the test did not ask for, with one exception:
    OPTIONS of the server are answered, as every phone does."""

    _switched_on: ClassVar[list["RawPhone"]] = []

    def __init__(self, server: tuple[str, int], username: str = "stranger", password: str = "", transport: str = "udp"):
        self.server = server
        self.username = username
        self.password = password
        self.transport = transport
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.bind((loopback.ADDRESS, 0))
        self._socket.connect(server)
        self.port = self._socket.getsockname()[1]
        self.rtp = RtpSocket()
        self._unread = b""
        self._seen: set[bytes] = set()
        self._waiting: list[Message] = []
        self._challenge: dict[str, str] = {}
        self._registered = False
        self.received: list[Message] = []
        RawPhone._switched_on.append(self)

    def close(self) -> None:
        if self in RawPhone._switched_on:
            RawPhone._switched_on.remove(self)
        self._socket.close()
        self.rtp.close()

    def leave(self) -> None:
        """Removes its contact, if the server still listens, and is closed."""
        with contextlib.suppress(AssertionError, OSError):
            if self._registered:
                self.register(expires=0, timeout=0.5)
        self.close()

    def __enter__(self) -> "RawPhone":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def domain(self) -> str:
        return f"{self.server[0]}:{self.server[1]}"

    @property
    def contact(self) -> str:
        parameter = ";transport=tcp" if self.transport == "tcp" else ""
        return f"<sip:{self.username}@{loopback.ADDRESS}:{self.port}{parameter}>"

    # Sending

    def send(self, message: Message | bytes) -> None:
        self._socket.sendall(message if isinstance(message, bytes) else message.encode())

    def request(self, method: str, uri: str = "", *, to: str = "", body: bytes = b"", **fields: str) -> Message:
        """A well-formed request outside of a dialog; `fields` name more header fields (with _ for -)."""
        uri = uri or f"sip:{self.domain}"
        message = Message(f"{method} {uri} SIP/2.0", [
            ("Via", self.via()),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{self.username}@{self.domain}>;tag={secrets.token_hex(4)}"),
            ("To", to or f"<{uri}>"),
            ("Call-ID", secrets.token_hex(8)),
            ("CSeq", f"1 {method}"),
            ("Contact", self.contact),
        ], body)
        if body:
            message.set("Content-Type", "application/sdp")
        for name, value in fields.items():
            message.set(name.replace("_", "-"), value)
        return message

    def via(self) -> str:
        return (f"SIP/2.0/{self.transport.upper()} {loopback.ADDRESS}:{self.port};rport;"
                f"branch=z9hG4bK{secrets.token_hex(8)}")

    def respond(self, request: Message, status: int, reason: str = "Whatever", *, body: bytes = b"", tag: str = "",
                **fields: str) -> Message:
        """Answers a request as RFC 3261 section 8.2.6 says."""
        to = request["To"]
        if "tag=" not in to and status > 100:
            to += f";tag={tag or self.username}"
        response = Message(f"SIP/2.0 {status} {reason}", [
            *(("Via", value) for value in request.all("Via")),
            *(("Record-Route", value) for value in request.all("Record-Route")),
            ("From", request["From"]), ("To", to), ("Call-ID", request["Call-ID"]), ("CSeq", request["CSeq"]),
            ("Contact", self.contact),
        ], body)
        if body:
            response.set("Content-Type", "application/sdp")
        for name, value in fields.items():
            response.set(name.replace("_", "-"), value)
        self.send(response)
        return response

    # Receiving

    def receive(self, timeout: float = PATIENCE) -> Message | None:
        """The next message that is not a repetition; None if nothing came within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            message = self._next_from_buffer() if self.transport == "tcp" else None
            if message is None:
                readable, _, _ = select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))
                if not readable:
                    return None
                data = self._socket.recv(65536)
                if self.transport == "tcp":
                    if not data:
                        return None
                    self._unread += data
                    continue
                if data in self._seen or not data.strip():
                    continue
                self._seen.add(data)
                message = Message.parse(data)
            if message.is_request and message.method == "OPTIONS":
                self.respond(message, 200, "OK")
                continue
            self.received.append(message)
            return message

    def expect(self, wanted, timeout: float = PATIENCE, *, call_id: str = "") -> Message:
        """Waits for a request by method ("BYE"), a response by status (180) or a class of them (range(200, 700)).

        What comes in between is kept for a later expect().
        """
        deadline = time.monotonic() + timeout
        for index, message in enumerate(self._waiting):
            if _fits(message, wanted, call_id):
                return self._waiting.pop(index)
        while (message := self.receive(max(0.0, deadline - time.monotonic()))) is not None:
            if _fits(message, wanted, call_id):
                return message
            self._waiting.append(message)
        raise AssertionError(f"waited {timeout} s for {wanted}; came: {self._came()}{self._came_to_others()}")

    def expect_nothing(self, wanted, during: float) -> None:
        """What is `wanted` must not come while `during` seconds pass."""
        try:
            message = self.expect(wanted, during)
        except AssertionError:
            return
        raise AssertionError(f"this should not have come:\n{message}")

    def is_closed(self, timeout: float = PATIENCE) -> bool:
        """Whether the server closes this TCP connection within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            readable, _, _ = select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))
            if not readable:
                return False
            try:
                data = self._socket.recv(65536)
            except ConnectionError:
                return True
            if not data:
                return True
            self._unread += data

    def _came(self) -> str:
        return ", ".join(message.start_line for message in self.received) or "nothing"

    def _came_to_others(self) -> str:
        """What reached the other parties of the test, who may not have looked yet: why a call did not arrive."""
        lines = ""
        for phone in RawPhone._switched_on:
            if phone is not self:
                with contextlib.suppress(AssertionError, OSError):
                    while (message := phone.receive(0)) is not None:
                        phone._waiting.append(message)
                lines += f"\n  meanwhile to {phone.username} at port {phone.port}: {phone._came()}"
        return lines

    # Whole exchanges

    def ask(self, request: Message, timeout: float = PATIENCE) -> Message:
        """Sends the request and returns the final response, whatever it is."""
        self.send(request)
        return self.expect(range(200, 700), timeout, call_id=request["Call-ID"])

    def authorized(self, request: Message, algorithm: str = "MD5", password: str | None = None,
                   timeout: float = PATIENCE) -> Message:
        """Sends the request, and returns the same once more, with the answer to the challenge that came for it."""
        response = self.ask(request, timeout)
        assert response.status in (401, 407), f"no challenge but\n{response}"
        return self.answer_challenge(request, response, algorithm, password)

    def answer_challenge(self, request: Message, response: Message, algorithm: str = "MD5",
                         password: str | None = None) -> Message:
        if request.method == "INVITE":
            self.send(self.acknowledge_refusal(request, response))
        offered = challenges(response)
        assert algorithm in offered, f"{algorithm} is not among the challenges {list(offered)}"
        self._challenge = offered[algorithm]
        number, method = request["CSeq"].split()
        again = Message(request.start_line, list(request.fields), request.body)
        again.set("Via", self.via()).set("CSeq", f"{int(number) + 1} {method}")
        return self.sign(again, password)

    def sign(self, request: Message, password: str | None = None, count: int = 1) -> Message:
        """Puts the answer to the last challenge into the request, for the `count`th time."""
        return request.set("Authorization", authorization(self._challenge, request.method, request.uri, self.username,
                                                          self.password if password is None else password, count))

    def acknowledge_refusal(self, invite: Message, response: Message) -> Message:
        """ACK for a final response of 300 to 699: the same branch, the response's To (RFC 3261 17.1.1.3)."""
        return Message(f"ACK {invite.uri} SIP/2.0", [
            ("Via", invite["Via"]), ("Max-Forwards", "70"), ("From", invite["From"]), ("To", response["To"]),
            ("Call-ID", invite["Call-ID"]), ("CSeq", invite["CSeq"].split()[0] + " ACK")])

    def register(self, expires: int = 600, algorithm: str = "MD5", password: str | None = None,
                 timeout: float = PATIENCE, **fields: str) -> Message:
        """The final answer to a REGISTER with this phone's contact."""
        request = self.request("REGISTER", to=f"<sip:{self.username}@{self.domain}>", Expires=str(expires), **fields)
        response = self.ask(self.authorized(request, algorithm, password, timeout), timeout)
        if response.status == 200:
            self._registered = expires > 0
        return response

    def call(self, number: str, body: bytes | None = None, **fields: str) -> "RawCall":
        """Sends an INVITE to a number of the server, again with credentials if it asks; the test then waits for what it
        expects."""
        body = offer(self.rtp.port) if body is None else body
        invite = self.request("INVITE", f"sip:{number}@{self.domain}", body=body, **fields)
        self.send(invite)
        response = self.expect(range(101, 700), call_id=invite["Call-ID"])
        if response.status in (401, 407):
            invite = self.answer_challenge(invite, response)
            self.send(invite)
        else:
            self._waiting.append(response)
        return RawCall(self, invite)

    def _next_from_buffer(self) -> Message | None:
        self._unread = self._unread.lstrip(b"\r\n")
        head, blank, rest = self._unread.partition(b"\r\n\r\n")
        if not blank:
            return None
        length = int(Message.parse(head).get("Content-Length", "0"))
        if len(rest) < length:
            return None
        self._unread = rest[length:]
        return Message.parse(head + blank + rest[:length])


class RawCall:
    """A dialog, as the caller made it by INVITE or as the callee answered it."""

    def __init__(self, phone: RawPhone, invite: Message, *, incoming: bool = False):
        self.phone = phone
        self.invite = invite
        self.incoming = incoming
        self.cseq = 1 if incoming else int(invite["CSeq"].split()[0])
        self.local = invite["To"] if incoming else invite["From"]
        self.remote = invite["From"] if incoming else invite["To"]
        self.target = address_uri(invite["Contact"]) if incoming else invite.uri
        self.route = invite.all("Record-Route") if incoming else []

    @property
    def call_id(self) -> str:
        return self.invite["Call-ID"]

    # The caller's side

    def expect(self, wanted, timeout: float = PATIENCE) -> Message:
        response = self.phone.expect(wanted, timeout, call_id=self.call_id)
        if not response.is_request and response.method == "INVITE" and response.tag("To"):
            self.remote = response["To"]
            if response.get("Contact"):
                self.target = address_uri(response["Contact"])
            self.route = list(reversed(response.all("Record-Route")))
        return response

    def answered(self, timeout: float = PATIENCE) -> Message:
        """Waits for the 200 and acknowledges it."""
        response = self.expect(200, timeout)
        self.acknowledge(response)
        return response

    def refused(self, timeout: float = PATIENCE) -> Message:
        """Waits for the refusal and acknowledges it."""
        response = self.expect(range(300, 700), timeout)
        self.phone.send(self.phone.acknowledge_refusal(self.invite, response))
        return response

    def cancel(self) -> None:
        """RFC 3261 section 9.1: the same as the INVITE but for the method."""
        number = self.invite["CSeq"].split()[0]
        self.phone.send(Message(f"CANCEL {self.invite.uri} SIP/2.0", [
            ("Via", self.invite["Via"]), ("Max-Forwards", "70"), ("From", self.invite["From"]),
            ("To", self.invite["To"]), ("Call-ID", self.call_id), ("CSeq", f"{number} CANCEL")]))

    def acknowledge(self, response: Message, body: bytes = b"") -> None:
        self.phone.send(self.request("ACK", cseq=int(response["CSeq"].split()[0]), body=body))

    # The callee's side

    @classmethod
    def incoming_at(cls, phone: RawPhone, timeout: float = PATIENCE) -> "RawCall":
        return cls(phone, phone.expect("INVITE", timeout), incoming=True)

    def ring(self, **fields: str) -> Message:
        return self._tagged(self.phone.respond(self.invite, 180, "Ringing", **fields))

    def refuse(self, status: int, reason: str = "Refused") -> None:
        self._tagged(self.phone.respond(self.invite, status, reason))
        self.phone.expect("ACK", call_id=self.call_id)

    def accept(self, body: bytes | None = None, **fields: str) -> None:
        """200 with an answer. The ACK is not waited for: it may depend on what the caller does next."""
        self._tagged(self.phone.respond(self.invite, 200, "OK", **fields,
                                        body=offer(self.phone.rtp.port, "8 101") if body is None else body))

    def acknowledged(self) -> None:
        """Waits for the next ACK, of the first INVITE or a later one."""
        self.phone.expect("ACK", call_id=self.call_id)

    # Both sides, within the dialog

    def request(self, method: str, *, body: bytes = b"", cseq: int | None = None, **fields: str) -> Message:
        if cseq is None:
            self.cseq += 1
        message = Message(f"{method} {self.target} SIP/2.0", [
            ("Via", self.phone.via()), ("Max-Forwards", "70"), *(("Route", value) for value in self.route),
            ("From", self.local), ("To", self.remote), ("Call-ID", self.call_id),
            ("CSeq", f"{self.cseq if cseq is None else cseq} {method}"), ("Contact", self.phone.contact)], body)
        if body:
            message.set("Content-Type", "application/sdp")
        for name, value in fields.items():
            message.set(name.replace("_", "-"), value)
        return message

    def ask(self, method: str, timeout: float = PATIENCE, **arguments) -> Message:
        """A request in the dialog and its final response; the answer to a re-INVITE is acknowledged."""
        request = self.request(method, **arguments)
        response = self.phone.ask(request, timeout)
        if method == "INVITE":
            if response.status < 300:
                self.acknowledge(response)
            else:
                self.phone.send(self.phone.acknowledge_refusal(request, response))
        return response

    def hang_up(self) -> Message:
        return self.ask("BYE")

    def hung_up(self, timeout: float = PATIENCE) -> Message:
        """Waits for the BYE of the other side and answers it."""
        bye = self.phone.expect("BYE", timeout, call_id=self.call_id)
        self.phone.respond(bye, 200, "OK")
        return bye

    def _tagged(self, response: Message) -> Message:
        self.local = response["To"]
        return response


def _fits(message: Message, wanted, call_id: str) -> bool:
    if call_id and message.get("Call-ID") != call_id:
        return False
    if isinstance(wanted, str):
        return message.is_request and message.method == wanted
    return message.status == wanted if isinstance(wanted, int) else message.status in wanted


def call_and_hang_up(alice: RawPhone, bob: RawPhone, number: str = "1002") -> None:
    """A whole call from the first to the second, which answers; both are told of its end."""
    call = alice.call(number)
    incoming = RawCall.incoming_at(bob)
    incoming.accept()
    call.answered()
    assert call.hang_up().status == 200
    incoming.hung_up()
