# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call costs: 200 a second, authenticated, through the B2BUA, without media."""
from office import QUICK, Office, loopback, report

RATE = 20 if QUICK else 200
CALLS = 20 if QUICK else 3000
USERS = 1000

with Office(USERS) as office:
    office.start()
    phones = loopback.free_port()
    half = len(office.users) // 2
    callers, callees = office.users[:half], office.users[half:]
    office.register(callees, phones, 500)
    with office.callees(phones):
        rows = [office.call_row(callers[number % half], callees[number % half]) for number in range(CALLS)]
        office.load("caller.xml", rows[:half // 10], RATE, "-d", 0)  # warm
        before = office.cpu_ms()
        office.load("caller.xml", rows, RATE, "-d", 0)
        report(call_setup_cpu_ms=(office.cpu_ms() - before) / CALLS)
