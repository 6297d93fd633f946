# SPDX-License-Identifier: GPL-3.0-or-later
"""A loopback of our own: every test run gets a private network where only `lo` exists and all ports are free."""
import contextlib
import ctypes
import fcntl
import os
import socket
import struct

ADDRESS = "127.0.0.1"
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1

_private = False
_next_port = 20000


def enter_private_loopback() -> bool:
    """Moves this process (and all it starts) into a new network namespace. Call before any thread is started.

    Without the right to do so the host's loopback stays in use and False is returned: then only phones that can be
    bound to 127.0.0.1 may run.
    """
    global _private
    if _private:
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        uid, gid = os.getuid(), os.getgid()
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            return False
        with contextlib.suppress(OSError):
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/uid_map", f"0 {uid} 1")
            _write("/proc/self/gid_map", f"0 {gid} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
    _private = True
    return True


def is_private() -> bool:
    return _private


def free_port() -> int:
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of `count` consecutive ports, the first even, that nobody holds, neither in UDP nor in TCP."""
    global _next_port
    while True:
        first = _next_port + _next_port % 2
        _next_port = first + count
        if _next_port > 60000:
            _next_port = first = 20000
        if all(_is_free(port) for port in range(first, first + min(count, 16))):
            return first


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                return False
    return True


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
