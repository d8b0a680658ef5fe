"""The server dies, the network goes, and both come back, for a device that is in the room by itself."""

from __future__ import annotations

import asyncio
import random
import statistics
import time

from ..device import Device
from ..feed import Feed
from ..lab import Lab
from ..readings import Tally
from ..receiver import Receiver
from ..report import Row
from .joined import IDENTITY, counted, join

AWAY_S = 3
RESTARTS = 41
# A server that is killed may not have forwarded what it has received.
LAST_WORDS_S = 0.3


async def restart(lab: Lab) -> list[Row]:
    """The server is killed: nobody is told. The device's readings wait until it is back."""
    return await _restarted(lab, told=False)


async def shut_down(lab: Lab) -> list[Row]:
    """The server is shut down by its signal: it tells the device to connect again."""
    return await _restarted(lab, told=True)


async def restarts(lab: Lab) -> list[Row]:
    """How long it takes until a device is back in its room, over many outages of 1 to 10 s: as measured, without a limit."""
    lengths = random.Random(5)
    server = await lab.server()
    device = await join(lab, server, interval_ms=500)
    await device.line("connected", within=20)
    took: list[float] = []
    for n in range(RESTARTS):
        await server.kill()
        await asyncio.sleep(lengths.uniform(1, 10))
        await server.start()
        started = time.monotonic()
        lines = await device.lines("reconnected", n + 1, within=60)
        took.append(lines[n].at - started)
        await asyncio.sleep(lengths.uniform(1, 3))
    in_9_of_10 = statistics.quantiles(took, n=10)[-1]
    what = f"{RESTARTS} restarts: back {statistics.median(took):.1f} s after the server (median), in {in_9_of_10:.1f} s 9 times of 10"
    print(what, flush=True)
    return [Row(what, "–", "joined again")]


async def _restarted(lab: Lab, told: bool) -> list[Row]:
    server = await lab.server()
    before = await lab.receiver(server)
    device = await join(lab, server, interval_ms=500, count=40)
    await device.line("accepted", within=20, n=5)
    await _follow(before)
    ended = time.monotonic()
    if told:
        await server.shut_down()
    else:
        await server.kill()
    # It would come back later than the device; the next one is there first, as a rule.
    await asyncio.gather(before.leave(), asyncio.sleep(AWAY_S))
    await server.start()
    started = time.monotonic()
    after = await lab.receiver(server)
    line = await device.line("reconnected", within=30)
    await _follow(after)
    await device.succeeds(within=60)
    tally = await settled(device, before, after)
    # Sent while nobody was there, or the server had no time to forward it.
    unheard = sent(device, ended - LAST_WORDS_S, ended) | sent(device, line.at, after.changes[-1].at)
    silent = tally.gaps - tally.dropped - unheard
    assert len(silent) <= int(line.groups["lost"]), f"lost without a reason: {sorted(silent)}, {line}"
    assert not tally.duplicates, tally.duplicates
    assert tally.in_order, tally.received
    how = "shut down" if told else "killed"
    what = f"server {how}, away for {AWAY_S} s; reconnected {line.at - started:.1f} s after its start"
    print(f"{lab.room}: {what}", flush=True)
    return [Row.of(what, device.log, tally)]


async def _follow(receiver: Receiver) -> None:
    """Asks the device for its log, and gets lines as they come. The log that was followed before is given up."""
    log: Feed[str] = Feed(f"log to {receiver.identity}")
    receiver.receive_text("log", log)
    result, _ = await receiver.call(IDENTITY, "log", "")
    assert result == "", result
    called = f"{receiver.identity} calls log\n"
    await log.until(lambda it: " sent\n" in "".join(it).partition(called)[2], "line after the call", within=10)


async def network(lab: Lab) -> list[Row]:
    """The cable is out. The receiver stays, so that all is received that the device does not say to have dropped."""
    # At the end of the second one the cable is out: it leaves later.
    return list(await asyncio.gather(_cable(lab, 10, 30), _cable(lab, 10, 12), _cable(lab, 60, 80)))


async def _cable(lab: Lab, away_s: int, count: int) -> Row:
    server = await lab.server(suffix=f"-{away_s}-{count}")
    receiver = await lab.receiver(server)
    device = await join(lab, server, interval_ms=1000, count=count)
    await device.line("accepted", within=20, n=5)
    await device.link(up=False)
    await asyncio.sleep(away_s)
    await device.link(up=True)
    plugged = time.monotonic()
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    back = next((line for line in device.log if line.kind == "reconnected"), None)
    lost = int(back.groups["lost"]) if back else 0
    said = f"reconnected after {back.at - plugged:.1f} s, {lost} lost" if back else "not noticed"
    what = f"cable out for {away_s} s: {said}"
    print(f"{lab.room}: {what}", flush=True)
    assert len(tally.gaps - tally.dropped) <= lost, f"lost without a reason: {tally}"
    assert tally.dropped <= tally.gaps, f"dropped, and received: {tally}"
    assert bool(tally.dropped) == (away_s > 16), f"dropped {tally.dropped}"
    assert not tally.duplicates, tally.duplicates
    assert tally.in_order, tally.received
    return Row.of(what, device.log, tally)


def sent(device: Device, start: float, end: float) -> set[int]:
    return {line.n for line in device.log if line.kind == "accepted" and start <= line.at <= end}


async def settled(device: Device, *receivers: Receiver) -> Tally:
    """Returns the tally once the last reading has been received."""
    last = max(line.n for line in device.log if line.kind == "accepted")
    newest = receivers[-1]
    await newest.packets.until(lambda _: any(r.n == last for r in newest.readings()), f"reading {last}", within=5)
    await asyncio.sleep(0.2)  # for duplicates
    return counted(device, *receivers)
