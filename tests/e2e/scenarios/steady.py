"""Without faults all readings are received."""

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
    return [Row.of(f"none ({lab.image})", device.log, await all_received(device, receiver, COUNT))]


async def all_received(device: Device, receiver: Receiver, count: int) -> Tally:
    """The device ends by itself; each reading is received once, in order, with its topic."""
    await device.succeeds(within=60)
    await receiver.got(count, within=2)
    tally = Tally.of(device.log, receiver.readings())
    assert tally.received == tuple(range(1, count + 1)), f"received {tally.received}"
    assert tally.accepted == set(tally.received)
    # The device is not a participant, so there is no sender.
    assert {(packet.topic, packet.sender) for packet in receiver.packets} == {("readings", None)}
    return tally
