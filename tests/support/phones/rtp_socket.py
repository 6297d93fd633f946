# SPDX-License-Identifier: GPL-3.0-or-later
"""The media side of our own phone."""
import math
import secrets
import select
import socket
import struct
import time

from phones import loopback
from phones.sound import RATE
from phones.wire import RtpPacket, Stream, encode_alaw

_PACKET_SAMPLES = 160  # 20 ms


class RtpSocket:
    """Sends tones and digits in PCMA and keeps what arrives."""

    def __init__(self):
        self.port = loopback.free_ports(2)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((loopback.ADDRESS, self.port))
        self._ssrc = secrets.randbits(32)
        self._sequence = 1
        self._timestamp = 0

    def close(self) -> None:
        self._socket.close()

    def listen(self, seconds: float) -> Stream:
        """All RTP that arrives during `seconds`."""
        return self._pass(seconds, None, 0)

    def talk(self, to_port: int, hertz: int, seconds: float) -> Stream:
        """Sends a tone in real time and returns what arrived meanwhile."""
        return self._pass(seconds, to_port, hertz)

    def press(self, to_port: int, digit: int, payload_type: int = 101) -> None:
        """One RFC 4733 event of 100 ms; its last packet is sent three times."""
        for step in range(1, 8):
            duration = min(step, 5) * _PACKET_SAMPLES
            payload = struct.pack("!BBH", digit, (0x80 if step >= 5 else 0) | 10, duration)
            self.send(to_port, payload_type, payload, marker=step == 1)
        self._timestamp += 5 * _PACKET_SAMPLES

    def _pass(self, seconds: float, to_port: int | None, hertz: int) -> Stream:
        packets = []
        start = time.monotonic()
        sent = 0
        while (now := time.monotonic()) < start + seconds:
            while to_port is not None and now >= start + sent * 0.020:
                samples = (round(16000 * math.sin(2 * math.pi * hertz * n / RATE))
                           for n in range(sent * _PACKET_SAMPLES, (sent + 1) * _PACKET_SAMPLES))
                self.send(to_port, 8, bytes(encode_alaw(sample) for sample in samples))
                self._timestamp += _PACKET_SAMPLES
                sent += 1
            next_moment = start + (sent * 0.020 if to_port is not None else seconds)
            readable, _, _ = select.select([self._socket], [], [], max(0.0, min(next_moment, start + seconds) - now))
            if readable:
                data, source = self._socket.recvfrom(4096)
                packet = RtpPacket.parse(data, time.monotonic(), source[1], self.port)
                if packet is not None:
                    packets.append(packet)
        return Stream(packets)

    def lose(self, packets: int) -> None:
        """So many are sent that never arrive."""
        self._sequence += packets
        self._timestamp += packets * _PACKET_SAMPLES

    def send(self, to_port: int, payload_type: int, payload: bytes, marker: bool = False) -> None:
        """One packet with any payload."""
        header = struct.pack("!BBHII", 0x80, payload_type | (0x80 if marker else 0), self._sequence & 0xFFFF,
                             self._timestamp & 0xFFFFFFFF, self._ssrc)
        self._socket.sendto(header + payload, (loopback.ADDRESS, to_port))
        self._sequence += 1
