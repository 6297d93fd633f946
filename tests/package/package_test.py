# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian package on a Debian 12 that has never seen us: it installs with apt alone and serves.

The fresh Debian is made by debootstrap once and kept as a tar in the user's cache folder. The started server sees a network
of its own with nothing but loopback (unshare --net).
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(os.environ.get("ALMON_SOURCE", Path(__file__).resolve().parents[2]))
BINARY = Path(os.environ["ALMON_BINARY"])
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "almon" / "bookworm-minbase.tar"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}

OPTIONS = (
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKpackage{n};rport\r\n"
    "From: <sip:probe@127.0.0.1>;tag=probe\r\nTo: <sip:127.0.0.1>\r\nCall-ID: package\r\nCSeq: {n} OPTIONS\r\n"
    "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


def run(*command, **more):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout[-4000:]}"
    return result.stdout


def in_debian(root, *command):
    return run("chroot", root, *command, env=ENVIRONMENT, cwd="/")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    output = tmp_path_factory.mktemp("package")
    return Path(run(SOURCE / "packaging/make_deb", BINARY.parent, output).splitlines()[-1])


@pytest.fixture(scope="module")
def debian(tmp_path_factory):
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("a fresh Debian needs root and debootstrap")
    root = tmp_path_factory.mktemp("debian")
    if CACHE.exists():
        run("tar", "-C", root, "-xpf", CACHE)
    else:
        mirror = os.environ.get("ALMON_DEBIAN_MIRROR", "")
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", root] + ([mirror] if mirror else []),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if made.returncode != 0:
            pytest.skip("debootstrap could not make a Debian: " + made.stdout[-300:])
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        run("tar", "-C", root, "-cpf", f"{CACHE}.new", ".")
        Path(f"{CACHE}.new").rename(CACHE)
    for path in ("/etc/resolv.conf", "/etc/hosts"):
        shutil.copy(path, f"{root}{path}")
    root.chmod(0o755)
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    run("mount", "-t", "proc", "proc", root / "proc")
    try:
        yield root
    finally:
        run("umount", root / "proc")
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def installed(debian, package):
    shutil.copy(package, debian / "root")
    in_debian(debian, "apt-get", "update", "-q")
    in_debian(debian, "apt-get", "install", "-q", "-y", "--no-install-recommends", f"/root/{package.name}")
    return debian


def test_the_package_names_what_it_needs_and_what_is_configuration(package):
    fields = run("dpkg-deb", "--field", package)
    assert "libc6" in fields and "libboost" in fields
    assert "conffiles" in run("dpkg-deb", "--info", package)


def test_the_unit_is_well_formed(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    unit = (SOURCE / "packaging/almon.service").read_text().replace("/usr/bin/almon", "/bin/true")
    (tmp_path / "almon.service").write_text(unit)
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", tmp_path / "almon.service"],
                              capture_output=True, text=True)
    assert "almon.service" not in verified.stderr, verified.stderr


def test_it_installs_and_says_its_version(installed):
    assert in_debian(installed, "/usr/bin/almon", "--version").strip()


def test_configuration_and_data_belong_to_the_user_almon(installed):
    listing = in_debian(installed, "stat", "-c", "%n %U:%G %a", "/etc/almon/config.yml", "/etc/almon/conf.d",
                        "/var/lib/almon")
    assert listing.splitlines() == ["/etc/almon/config.yml root:almon 640", "/etc/almon/conf.d root:almon 750",
                                    "/var/lib/almon almon:almon 750"]


def test_it_serves_as_the_user_almon(installed):
    """The unit's command line, as the unit's user, in a network that is its own."""
    unit = (SOURCE / "packaging/almon.service").read_text()
    command = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).removeprefix("ExecStart=")
    log = open(installed / "var/log/almon-test", "w+")
    namespace = subprocess.Popen(
        ["unshare", "--net", "sh", "-c",
         f"ip link set lo up && exec chroot {installed} setpriv --reuid=almon --regid=almon --init-groups {command}"],
        stdout=log, stderr=subprocess.STDOUT, env=ENVIRONMENT, cwd="/")
    try:
        answer = wait_for_answer(namespace, log)
        assert answer.startswith("SIP/2.0 200")
        log.seek(0)
        said = log.read()
        assert "the page listens on" in said and "the page is not served" not in said
    finally:
        namespace.terminate()
        assert namespace.wait(20) == 0


def wait_for_answer(server, log):
    """The answer to OPTIONS, asked again as a phone would until the server is up, at most for 20 s."""
    probe = (
        "import socket, sys, time\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.bind(('127.0.0.1', 0)); s.settimeout(0.3)\n"
        "for n in range(1, 70):\n"
        "    try:\n"
        f"        s.sendto({OPTIONS!r}.format(port=s.getsockname()[1], n=n).encode(), ('127.0.0.1', 5060))\n"
        "        print(s.recv(65535).decode()); break\n"
        "    except OSError as error:\n"
        "        if not isinstance(error, TimeoutError): time.sleep(0.3)\n"
    )
    own = os.readlink("/proc/self/ns/net")
    deadline = time.monotonic() + 20
    while os.readlink(f"/proc/{server.pid}/ns/net") == own and time.monotonic() < deadline:
        time.sleep(0.01)  # unshare has not got there yet
    probed = subprocess.run(["nsenter", f"--net=/proc/{server.pid}/ns/net", "/usr/bin/python3", "-c", probe],
                            capture_output=True, text=True, timeout=60)
    log.flush()
    log.seek(0)
    assert probed.stdout, f"no answer; the server said: {log.read()[-3000:]}\n{probed.stderr}"
    return probed.stdout


def test_it_leaves_when_it_is_purged_and_keeps_the_data(installed):
    in_debian(installed, "apt-get", "purge", "-q", "-y", "almon")
    assert not (installed / "usr/bin/almon").exists()
    assert not (installed / "etc/almon/config.yml").exists()
    assert (installed / "var/lib/almon").is_dir()
