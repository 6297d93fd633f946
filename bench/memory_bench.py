# SPDX-License-Identifier: GPL-3.0-or-later
"""How much memory an idle office of 1,000 users takes, how much a held call adds, and how soon the office is there."""
import time

from office import QUICK, Office, loopback, report

CALLS = 20 if QUICK else 400
RATE = 50

with Office(1000) as office:
    start = office.start()
    idle = office.rss_kb()
    phones = loopback.free_port()
    half = len(office.users) // 2
    callers, callees = office.users[:half], office.users[half:]
    office.register(callees, phones, 500)
    rows = [office.call_row(callers[number], callees[number]) for number in range(CALLS)]
    with office.callees(phones):
        office.load("caller.xml", rows[:20], RATE, "-d", 0)  # what the first calls allocate for good
        before = office.rss_kb()
        up = CALLS / RATE
        with office.begin_load("caller.xml", rows, RATE, "-d", int((up + 4) * 1000)) as load:
            time.sleep(up + 2)
            held = office.rss_kb()
            load.finish(60)
    report(idle_rss_mb_1000_users=idle / 1024, held_call_kb=(held - before) / CALLS, start_s_1000_users=start)
