"""The server dies, the network goes, and both come back."""

from __future__ import annotations

import asyncio
import time

from ..device import Device
from ..lab import Lab
from ..readings import Tally
from ..receiver import Receiver
from ..report import Row
from ..server import Server

# A server that dies may have answered, and not yet passed on what it said yes to.
LAST_WORDS_S = 0.3


async def restart(lab: Lab) -> list[Row]:
    """What is accepted before the receiver is back is lost: 200 is no receipt. All else arrives, in order."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await lab.device(server, interval_ms=1000, count=16)
    tally = await survives_restart(server, receiver, device)
    return [Row.of("server killed, back after a second", device.log, tally)]


async def restart_rpc(lab: Lab) -> list[Row]:
    """With proof of receipt nothing is lost, and what comes twice is known by its number."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await lab.device(server, interval_ms=1000, count=16, mode="rpc", to=receiver.identity)
    await device.line("accepted", n=3, within=20)
    await kill_and_start(server, receiver, device)
    await device.succeeds(within=60)
    tally = Tally.of(device.log, receiver.calls)
    assert tally.gaps <= tally.dropped, f"no receipt for {tally.gaps - tally.dropped}"
    assert set(tally.received) >= tally.accepted, "acknowledged, and not received"
    assert tally.in_order
    assert not receiver.packets
    return [Row.of("the same, with proof of receipt", device.log, tally)]


async def network(lab: Lab) -> list[Row]:
    """The cable is out until the device has noticed. The room lives on, so nonces keep doubles away."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await lab.device(server, interval_ms=1500, count=12)
    await device.line("accepted", n=3, within=20)
    await device.link(up=False)
    await device.line("refused", within=20)
    await device.link(up=True)
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    assert tally.gaps == tally.dropped, f"lost without a reason: {tally}"
    assert not tally.doubles
    assert tally.in_order
    return [Row.of("network lost for seconds", device.log, tally)]


async def overflow(lab: Lab) -> list[Row]:
    """The server is away for longer than the device can remember: it drops what it says it drops."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    device = await lab.device(server, interval_ms=200, count=30)
    await device.line("accepted", n=3, within=20)
    killed, opened = await kill_and_start(server, receiver, device, until="dropped")
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    unheard = accepted_between(device, killed - LAST_WORDS_S, opened)
    assert tally.dropped
    assert tally.dropped <= tally.gaps, f"dropped, and received: {tally.dropped - tally.gaps}"
    assert tally.gaps <= tally.dropped | unheard, f"lost without a reason: {tally}, unheard {unheard}"
    assert tally.in_order
    return [Row.of("server away until the queue was full", device.log, tally)]


async def survives_restart(server: Server, receiver: Receiver, device: Device, attempts: int = 1) -> Tally:
    """The device takes 16 readings, one each second, and loses none without a reason.

    The server is back when that many attempts have failed.
    """
    await device.line("accepted", n=3, within=20)
    killed, opened = await kill_and_start(server, receiver, device, count=attempts)
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    unheard = accepted_between(device, killed - LAST_WORDS_S, opened)
    waited = {line.n for line in device.log if line.kind == "refused"}
    assert waited and waited <= tally.accepted, f"not repeated until accepted: {waited - tally.accepted}"
    assert tally.gaps <= tally.dropped | unheard, f"lost without a reason: {tally}, unheard {unheard}"
    # The room is a new one and knows no nonces: what the dead server passed on without an answer comes again.
    assert set(tally.doubles) <= waited, f"came twice without having been repeated: {tally.doubles}"
    assert tally.in_order
    return tally


async def kill_and_start(
    server: Server, receiver: Receiver, device: Device, until: str = "refused", count: int = 1
) -> tuple[float, float]:
    """When the server was killed, and when the receiver was surely back in its room. In between the device logged
    lines of the kind `until`, as many as `count`."""
    killed = time.monotonic()
    await server.kill()
    await device.lines(until, count, within=20)
    await server.start()
    return killed, (await receiver.opened(after=killed, within=30)).at


def accepted_between(device: Device, start: float, end: float) -> set[int]:
    return {line.n for line in device.log if line.kind == "accepted" and start <= line.at <= end}


async def settled(device: Device, receiver: Receiver) -> Tally:
    """The tally once what the device did last has had the time to arrive, which takes milliseconds."""
    last = max(line.n for line in device.log if line.kind == "accepted")
    await receiver.packets.until(lambda _: any(r.n == last for r in receiver.readings()), f"reading {last}", within=2)
    await asyncio.sleep(0.1)  # for doubles, which nothing announces
    return Tally.of(device.log, receiver.readings())
