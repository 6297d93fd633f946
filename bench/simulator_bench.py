# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls of a random office the simulator does in a second of processor time."""
import re
import subprocess

from office import BUILD, QUICK, report

output = subprocess.run([BUILD / "sim", "--calls", "200" if QUICK else "20000", "--handovers", "0"],
                        stdout=subprocess.PIPE, check=True, text=True).stdout
report(sim_calls_per_s=float(re.search(r"(\d+) calls/s", output).group(1)))
