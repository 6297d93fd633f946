# SPDX-License-Identifier: GPL-3.0-or-later
"""Users as a file, for what measures how long it takes to take and to give them."""
import time

CSV = "text/csv; charset=utf-8"


def sheet(count: int, entity: int, first: int) -> bytes:
    """A file of users with a phone and a voicemail each, in the context csv, with the numbers from `first` on."""
    lines = ["entity_id,firstname,lastname,email,exten,context,line_protocol,voicemail_name,voicemail_number,"
             "voicemail_context"]
    for number in range(first, first + count):
        lines.append(f"{entity},Person {number},Of the file,p{number}@example.org,{number},csv,sip,Box {number},{number},csv")
    return "\r\n".join(lines).encode()


def took(request, status: int) -> float:
    """The seconds until the answer was there."""
    begin = time.monotonic()
    response = request()
    assert response.status == status, response
    return time.monotonic() - begin
