#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a built almon says of its programming interfaces: served_api.py <almon> <folder>. Files that say the same
as before are left alone, so that nothing is built anew because of them."""
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

PLACES = {"auth": "/api/auth/0.1", "confd": "/api/confd/1.1", "session": "/api/session/0.1"}
PATIENCE = 30.0
PORTS = ["sip.udp.port", "sip.tcp.port", "sip.tls.port", "sip.ws.port", "sip.wss.port", "auth.port", "confd.port",
         "confd.plain_port", "page.port", "websocketd.port", "call_logd.port", "ctid_ng.port", "ctid.port", "ami.port",
         "amid.port", "monitoring.port"]
LOOPBACK = ["sip.address", "media.address", "http.address"]


def page_port(log: pathlib.Path, process: subprocess.Popen) -> int:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"the page listens on 127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))
        if found and "ready" in log.read_text(errors="replace"):
            return int(found[1])
        time.sleep(0.05)
    sys.exit(f"almon did not start to serve:\n{log.read_text(errors='replace')}")


def main() -> None:
    binary, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    # It proves itself with a certificate that it has just made.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with tempfile.TemporaryDirectory(prefix="almon-api-") as data:
        settings = [*(f"{port}=0" for port in PORTS), *(f"{address}=127.0.0.1" for address in LOOPBACK)]
        log = pathlib.Path(data, "output.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(binary), "serve", "--config", f"{data}/config.yml", "--data", data, *(word for setting in settings for word in ("--set", setting))],
                stdout=output, stderr=output)
        try:
            port = page_port(log, process)
            for name, place in PLACES.items():
                with urllib.request.urlopen(f"https://127.0.0.1:{port}{place}/api/api.yml", context=context, timeout=PATIENCE) as answer:
                    text = answer.read()
                file = folder / f"{name}.yml"
                if not file.exists() or file.read_bytes() != text:
                    file.write_bytes(text)
        finally:
            process.terminate()
            process.wait(PATIENCE)


if __name__ == "__main__":
    main()
