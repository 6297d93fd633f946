# SPDX-License-Identifier: GPL-3.0-or-later
"""What a relayed packet costs beside a plain epoll relay, and how long it is under way (bench/relay_tool.cpp)."""
import json
import os
import subprocess
import sys
from pathlib import Path

program = Path(os.environ["ALMON_BUILD"]) / "bench_relay"
arguments = ["--quick"] if os.environ.get("ALMON_QUICK") else []
done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True)
if done.returncode != 0:
    sys.exit(done.returncode)
rows = [json.loads(line) for line in done.stdout.splitlines()]
print(json.dumps({row["name"]: row["value"] for row in rows}))
