# SPDX-License-Identifier: GPL-3.0-or-later
"""What really passes on the loopback: RTP with the time of its arrival, which no recording of a phone keeps."""
import array
import bisect
import dataclasses
import select
import socket
import struct
import threading
import time

from phones.sound import RATE, Sound

_ETH_P_IP = 0x0800
_PACKET_OUTGOING = 4  # the loopback shows each packet twice, once leaving and once arriving


def _decode_alaw(byte: int) -> int:
    byte ^= 0x55
    exponent = (byte >> 4) & 7
    value = ((byte & 15) << 4) + 8
    if exponent:
        value = (value + 0x100) << (exponent - 1)
    return value if byte & 0x80 else -value


def _decode_ulaw(byte: int) -> int:
    byte = ~byte & 0xFF
    value = ((((byte & 15) << 3) + 0x84) << ((byte >> 4) & 7)) - 0x84
    return -value if byte & 0x80 else value


_G711 = {0: [_decode_ulaw(byte) for byte in range(256)], 8: [_decode_alaw(byte) for byte in range(256)]}


_ALAW_OF = {value: byte for byte, value in enumerate(_G711[8])}
_ALAW_LEVELS = sorted(_ALAW_OF)


def encode_alaw(sample: int) -> int:
    """The A-law byte (ITU-T G.711) whose level is nearest to the sample."""
    place = bisect.bisect_left(_ALAW_LEVELS, sample)
    return _ALAW_OF[min(_ALAW_LEVELS[max(0, place - 1):place + 1], key=lambda level: abs(level - sample))]


@dataclasses.dataclass(frozen=True)
class RtpPacket:
    """RFC 3550 section 5.1, with the moment of arrival in seconds and the two UDP ports."""
    arrived: float
    source: int
    destination: int
    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes

    @classmethod
    def parse(cls, data: bytes, arrived: float = 0.0, source: int = 0, destination: int = 0) -> "RtpPacket | None":
        """None for what is not RTP: RTCP (RFC 5761 section 4), keep-alives, anything else."""
        if len(data) < 12 or data[0] >> 6 != 2 or 64 <= data[1] & 0x7F < 96:
            return None
        start = 12 + 4 * (data[0] & 15)
        sequence, timestamp, ssrc = struct.unpack_from("!HII", data, 2)
        return cls(arrived, source, destination, data[1] & 0x7F, bool(data[1] & 0x80), sequence, timestamp, ssrc,
                   data[start:])


@dataclasses.dataclass(frozen=True)
class Stream:
    """RTP that arrived at one place, in order of arrival."""
    packets: list[RtpPacket]

    def since(self, moment: float) -> "Stream":
        return Stream([packet for packet in self.packets if packet.arrived >= moment])

    @property
    def seconds(self) -> float:
        return self.packets[-1].arrived - self.packets[0].arrived if self.packets else 0.0

    def longest_gap(self) -> float:
        """Seconds of the longest time without a packet."""
        return max((b.arrived - a.arrived for a, b in zip(self.packets, self.packets[1:])), default=0.0)

    def lost(self) -> int:
        """Sequence numbers that never came, as long as one source is sending."""
        return sum((b.sequence - a.sequence - 1) & 0xFFFF
                   for a, b in zip(self.packets, self.packets[1:]) if a.ssrc == b.ssrc)

    def sound(self) -> Sound:
        """The G.711 payloads, one after the other."""
        samples = array.array("h")
        for packet in self.packets:
            if packet.payload_type in _G711:
                table = _G711[packet.payload_type]
                samples.extend(table[byte] for byte in packet.payload)
        return Sound(samples, RATE)

    def digits(self, payload_type: int = 101) -> list[int]:
        """RFC 4733 events, each once, as numbers: 10 is star and 11 is pound."""
        found: dict[tuple[int, int], int] = {}
        for packet in self.packets:
            if packet.payload_type == payload_type and len(packet.payload) >= 4:
                found.setdefault((packet.ssrc, packet.timestamp), packet.payload[0])
        return list(found.values())


class Tap:
    """Listens to all UDP on the loopback (needs the right to open a packet socket) and keeps what is RTP."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_IP))
        self._socket.bind(("lo", _ETH_P_IP))
        self._packets: list[RtpPacket] = []
        self._arrived = threading.Condition()
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.close()
        self._thread.join()
        self._stopped.close()
        self._socket.close()

    def __enter__(self) -> "Tap":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def arriving_at(self, ports: range) -> Stream:
        """What came to a phone whose RTP ports are `ports`, so far."""
        with self._arrived:
            return Stream([packet for packet in self._packets if packet.destination in ports])

    def leaving_from(self, ports: range) -> Stream:
        """What such a phone has sent, so far."""
        with self._arrived:
            return Stream([packet for packet in self._packets if packet.source in ports])

    def wait_for_sound(self, ports: range, seconds: float, *, since: float = 0.0, patience: float = 8.0) -> Stream:
        """Waits until packets have been arriving at `ports` for `seconds`."""
        deadline = time.monotonic() + patience + seconds
        with self._arrived:
            while True:
                stream = self.arriving_at(ports).since(since)
                if stream.seconds >= seconds:
                    return stream
                if not self._arrived.wait(timeout=deadline - time.monotonic()):
                    raise AssertionError(
                        f"only {stream.seconds:.2f} s of RTP ({len(stream.packets)} packets) came to ports "
                        f"{ports.start}-{ports.stop - 1}, {seconds} s were expected")

    def _listen(self) -> None:
        while True:
            readable, _, _ = select.select([self._socket, self._stopped], [], [])
            if self._stopped in readable:
                return
            frame, place = self._socket.recvfrom(65535)
            if place[2] == _PACKET_OUTGOING or len(frame) < 42 or frame[23] != socket.IPPROTO_UDP:
                continue
            udp = 14 + 4 * (frame[14] & 15)
            source, destination = struct.unpack_from("!HH", frame, udp)
            packet = RtpPacket.parse(frame[udp + 8:], time.monotonic(), source, destination)
            if packet is not None:
                with self._arrived:
                    self._packets.append(packet)
                    self._arrived.notify_all()
