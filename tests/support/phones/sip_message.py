# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP messages as a test needs them: read leniently, written exactly as told. Independent of Almon's own parser."""
import dataclasses
import hashlib
import re
import secrets

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
            "c": "content-type", "s": "subject", "k": "supported", "e": "content-encoding"}


def _long_name(name: str) -> str:
    name = name.strip().lower()
    return _COMPACT.get(name, name)


@dataclasses.dataclass
class Message:
    """A request or a response: its first line, the header fields in their order, and the body."""
    start_line: str
    fields: list[tuple[str, str]]
    body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> "Message":
        head, _, body = data.partition(b"\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
        fields = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        return cls(lines[0], fields, body)

    def encode(self) -> bytes:
        fields = list(self.fields)
        if not any(_long_name(name) == "content-length" for name, _ in fields):
            fields.append(("Content-Length", str(len(self.body))))
        head = [self.start_line, *(f"{name}: {value}" for name, value in fields), "", ""]
        return "\r\n".join(head).encode() + self.body

    @property
    def is_request(self) -> bool:
        return not self.start_line.startswith("SIP/2.0 ")

    @property
    def method(self) -> str:
        """Of a response the method of its request."""
        return self.start_line.split(" ", 1)[0] if self.is_request else self["CSeq"].split()[-1]

    @property
    def uri(self) -> str:
        return self.start_line.split(" ")[1]

    @property
    def status(self) -> int:
        return 0 if self.is_request else int(self.start_line.split(" ")[1])

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if _long_name(field) == _long_name(name)]

    def get(self, name: str, default: str = "") -> str:
        return next(iter(self.all(name)), default)

    def __getitem__(self, name: str) -> str:
        values = self.all(name)
        assert values, f"no {name} in\n{self}"
        return values[0]

    def set(self, name: str, value: str | None) -> "Message":
        """Replaces the first such field in place (None removes all), or adds one."""
        places = [index for index, (field, _) in enumerate(self.fields) if _long_name(field) == _long_name(name)]
        if value is None:
            self.fields = [field for index, field in enumerate(self.fields) if index not in places]
        elif places:
            self.fields[places[0]] = (self.fields[places[0]][0], value)
        else:
            self.fields.append((name, value))
        return self

    def tag(self, name: str) -> str:
        """The tag in From or To, empty if there is none."""
        return parameter(self[name], "tag")

    def __str__(self) -> str:
        return self.encode().decode("utf-8", "replace")


def parameter(value: str, name: str) -> str:
    """A parameter of a header field, after the address in it."""
    found = re.search(rf";\s*{name}\s*=\s*([^;,\s]+)", value.rsplit(">", 1)[-1], re.IGNORECASE)
    return found[1] if found else ""


def address_uri(value: str) -> str:
    """The URI of a name-addr."""
    found = re.search(r"<([^>]*)>", value)
    return found[1] if found else value.split(";")[0].strip()


def challenges(response: Message) -> dict[str, dict[str, str]]:
    """The digest challenges of a 401 or 407, by algorithm in upper case."""
    found = {}
    for value in response.all("WWW-Authenticate") + response.all("Proxy-Authenticate"):
        scheme, _, rest = value.partition(" ")
        if scheme.lower() == "digest":
            pairs = {name.lower(): quoted or bare
                     for name, quoted, bare in re.findall(r'([\w-]+)\s*=\s*(?:"([^"]*)"|([^,\s]+))', rest)}
            found[pairs.get("algorithm", "MD5").upper()] = pairs
    return found


def authorization(challenge: dict[str, str], method: str, uri: str, username: str, password: str,
                  count: int = 1) -> str:
    """The answer to a challenge (RFC 7616 section 3.4, for SIP RFC 8760), MD5 or SHA-256, qop `auth` or none."""
    algorithm = challenge.get("algorithm", "MD5")

    def digest(text: str) -> str:
        return hashlib.new("sha256" if algorithm.upper().startswith("SHA-256") else "md5", text.encode()).hexdigest()

    secret = digest(f"{username}:{challenge['realm']}:{password}")
    request = digest(f"{method}:{uri}")
    pairs = [f'username="{username}"', f'realm="{challenge["realm"]}"', f'nonce="{challenge["nonce"]}"',
             f'uri="{uri}"', f"algorithm={algorithm}"]
    if "qop" in challenge:
        client_nonce = secrets.token_hex(8)
        response = digest(f"{secret}:{challenge['nonce']}:{count:08x}:{client_nonce}:auth:{request}")
        pairs += ["qop=auth", f"nc={count:08x}", f'cnonce="{client_nonce}"']
    else:
        response = digest(f"{secret}:{challenge['nonce']}:{request}")
    if "opaque" in challenge:
        pairs.append(f'opaque="{challenge["opaque"]}"')
    return "Digest " + ", ".join(pairs + [f'response="{response}"'])
