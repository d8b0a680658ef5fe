"""Nothing happens: all readings arrive."""

from __future__ import annotations

from ..device import Device
from ..lab import Lab
from ..readings import Tally
from ..receiver import Receiver
from ..report import Row

COUNT = 30


async def steady(lab: Lab) -> list[Row]:
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await lab.device(server, interval_ms=200, count=COUNT)
    return [Row.of(f"nothing ({lab.image})", device.log, await all_arrive(device, receiver, COUNT))]


async def all_arrive(device: Device, receiver: Receiver, count: int) -> Tally:
    """The device ends by itself; each of its readings came once, in order, as what it is."""
    await device.succeeds(within=60)
    await receiver.got(count, within=2)
    tally = Tally.of(device.log, receiver.readings())
    assert tally.received == tuple(range(1, count + 1)), f"received {tally.received}"
    assert tally.accepted == set(tally.received)
    # Sent by the server on behalf of nobody: the device is no participant.
    assert {(packet.topic, packet.sender) for packet in receiver.packets} == {("readings", None)}
    return tally
