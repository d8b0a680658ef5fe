"""A device that joins a room by itself: whatever the SDK sees and does while nothing fails."""

from __future__ import annotations

import asyncio
import statistics
from typing import Any

from livekit import rtc

from .. import tokens
from ..device import Device
from ..lab import Lab
from ..readings import Tally
from ..receiver import Receiver
from ..report import Row
from ..server import Server
from .repeats import OLD

IDENTITY = "device"
COUNT = 40
CALLS = 50
# Of a round trip. A busy host, with an emulated core on it, may need more than the 12 ms that it takes alone.
MOST_MS = 50
# The server tells the others within 5 s of one that publishes no media. One that had not said that it leaves would be taken for
# present three times as long.
TOLD_S = 6
# What an agent says, in the parts that it sends: the log shows each in a line, without a space at its end.
SAID = ["Good", " morning, Prüfstand.", " " + "x" * 3000, " The end."]


async def join(lab: Lab, server: Server, port: int = 0, **provisioning: Any) -> Device:
    """Starts a device that joins the room of the lab."""
    token = tokens.joining(server, lab.room)
    return await lab.device(server, port, **{"token": token, **provisioning})


async def joined(lab: Lab) -> list[Row]:
    return await _joined(lab, await lab.server())


async def joined_old(lab: Lab) -> list[Row]:
    """An older server does not know the way to join with an offer."""
    return await _joined(lab, await lab.server(OLD))


async def _joined(lab: Lab, server: Server) -> list[Row]:
    receiver = await lab.receiver(server)
    device = await join(lab, server, interval_ms=1000, count=COUNT)
    await device.line("connected", within=20)
    await receiver.present(IDENTITY, within=TOLD_S)
    await device.line("accepted", within=5, n=3)
    await _called(device, receiver)
    took = [(await receiver.call(IDENTITY, "read", ""))[1] for _ in range(CALLS)]
    median = statistics.median(took)
    assert median <= MOST_MS, f"the median of {CALLS} calls is {median} ms: {took}"
    await _addressed(device, receiver)
    await receiver.transcribe("SG_1", SAID)
    await device.log.until(lambda log: said(log) == "".join(SAID) or None, "the transcription", within=5)

    await device.succeeds(within=60)
    tally = await complete(device, receiver, COUNT)
    assert {packet.topic for packet in receiver.packets} == {"readings"}
    # Until the SDK is told of the device, its packets have no sender.
    senders = [packet.sender for packet in receiver.packets]
    assert set(senders[senders.index(IDENTITY) :]) == {IDENTITY} and set(senders) <= {None, IDENTITY}, senders
    end = next(line for line in device.log if line.kind == "disconnected")
    assert end.groups["reason"] == "CLIENT_INITIATED", end
    left = await receiver.departures.first(lambda it: it.identity == IDENTITY, "departure", within=TOLD_S)
    assert left.reason == "CLIENT_INITIATED", left
    counted = next(line.groups for line in device.log if line.kind == "counted")
    assert counted["calls"] == str(CALLS + 4), counted
    what = f"{CALLS} calls in {median:g} ms each (median)"
    return [Row.of(f"none ({lab.image}, server {server.program.parent.name}): {what}", device.log, tally)]


async def _called(device: Device, receiver: Receiver) -> None:
    """The device's methods, and calls that are errors."""
    newest = receiver.readings()[-1]
    result, _ = await receiver.call(IDENTITY, "read", "")
    # There may be a newer one than when it was called.
    assert float(result) in (newest.celsius, receiver.readings()[-1].celsius), f"read {result}, published {newest}"
    for method, payload, code in (
        ("explode", "", rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD),
        ("set_interval", "often", 2000),
    ):
        result, _ = await receiver.call(IDENTITY, method, payload)
        assert result == code, (method, payload, result)
    before = len(receiver.packets)
    result, _ = await receiver.call(IDENTITY, "set_interval", "250")
    assert result == "", result
    # The interval that has begun ends as it was.
    last = before + 6
    packets = await receiver.packets.until(
        lambda all: all[before + 1 : last] if len(all) >= last else None, "readings after set_interval", within=5
    )
    pauses = [round(later.at - earlier.at, 3) for earlier, later in zip(packets, packets[1:])]
    assert 0.2 < statistics.median(pauses) < 0.4, f"pauses of {pauses} s, not 0.25 s"
    methods = [line.groups["method"] for line in device.log if line.kind == "called"]
    assert methods == ["read", "explode", "set_interval", "set_interval"], methods


async def _addressed(device: Device, receiver: Receiver) -> None:
    """Packets to all and to the device arrive, and none that is to somebody else."""
    await receiver.publish("reliable", b"x" * 300)
    await receiver.publish("lossy", b"y" * 20, reliable=False)
    await receiver.publish("elsewhere", b"not for it", to=["nobody"])
    await receiver.publish("addressed", b"for it", to=[IDENTITY])
    await device.lines("packet", 3, within=5)
    await asyncio.sleep(0.2)  # for what must not come
    lines = {line.groups["topic"]: line.groups for line in device.log if line.kind == "packet"}
    # Over two channels, in any order.
    sizes = {topic: int(groups["bytes"]) for topic, groups in lines.items()}
    assert sizes == {"reliable": 300, "lossy": 20, "addressed": 6}, sizes
    assert {groups["sender"] for groups in lines.values()} == {receiver.identity}, lines


def said(log: list[Any]) -> str:
    return "".join(line.groups["text"] for line in log if line.kind == "said")


async def complete(device: Device, receiver: Receiver, count: int) -> Tally:
    """Each reading was received once and in order, and the device counted as it logged."""
    await receiver.got(count, within=5)
    tally = counted(device, receiver)
    assert tally.received == tuple(range(1, count + 1)), f"received {tally.received}"
    assert tally.accepted == set(tally.received), f"sent {sorted(tally.accepted)}"
    return tally


def counted(device: Device, *receivers: Receiver) -> Tally:
    """What became of the readings of a device that has ended; they were received by the receivers one after the other."""
    tally = Tally.of(device.log, [reading for receiver in receivers for reading in receiver.readings()])
    line = next(line for line in device.log if line.kind == "counted")
    for key, logged in (("accepted", tally.accepted), ("dropped", tally.dropped)):
        assert int(line.groups[key]) == len(logged), f"it logged {len(logged)} {key}: {line}"
    return tally


async def crowd(lab: Lab) -> list[Row]:
    """What the server says of others is many times the device's memory: it joins and works."""
    count, size = 20, 9_000
    server = await lab.server()
    receiver, *_ = await asyncio.gather(
        lab.receiver(server),
        *(lab.receiver(server, identity=f"guest-{n}", metadata="m" * size) for n in range(count - 1)),
    )
    device = await join(lab, server, interval_ms=200, count=20)
    await device.line("connected", within=20)
    result, took = await receiver.call(IDENTITY, "read", "")
    assert isinstance(result, str) and float(result), result
    await receiver.publish("hello", b"hello")
    await device.line("packet", within=5)
    await device.succeeds(within=30)
    tally = await complete(device, receiver, 20)
    return [Row.of(f"{count} participants with {size} bytes of metadata each ({lab.image})", device.log, tally)]


async def too_long(lab: Lab) -> list[Row]:
    """A packet that is longer than the device's memory does not disturb it, and neither does one that the server drops, as the
    device has said how long they may be."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await join(lab, server, interval_ms=200, count=20)
    await device.line("accepted", within=20, n=3)
    for topic, size in (("fits", 3_000), ("too-long", 8_000), ("longer", 20_000), ("small", 10)):
        await receiver.publish(topic, bytes(size), to=[IDENTITY])
        result, _ = await receiver.call(IDENTITY, "read", "")
        assert isinstance(result, str), f"after {size} bytes: {result}"
    await device.succeeds(within=30)
    arrived = [(line.groups["topic"], line.groups["bytes"]) for line in device.log if line.kind == "packet"]
    assert arrived == [("fits", "3000"), ("small", "10")], arrived
    assert not [line for line in device.log if line.kind == "reconnecting"], device.log
    tally = await complete(device, receiver, 20)
    return [Row.of(f"packets of 8 and 20 KB to the device ({lab.image})", device.log, tally)]
