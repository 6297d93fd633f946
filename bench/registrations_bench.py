# SPDX-License-Identifier: GPL-3.0-or-later
"""What a registration costs, challenge and digest included."""
from office import QUICK, Office, loopback, report

USERS = 100 if QUICK else 1000
ROUNDS = 1 if QUICK else 10
RATE = 500

with Office(USERS) as office:
    office.start()
    port = loopback.free_port()
    office.register(office.users, port, RATE)
    before = office.cpu_ms()
    office.register(office.users * ROUNDS, port, RATE)
    report(register_cpu_ms=(office.cpu_ms() - before) / (len(office.users) * ROUNDS))
