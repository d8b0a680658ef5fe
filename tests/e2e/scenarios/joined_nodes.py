"""Two nodes of a server, and one of them ends. The device's signalling goes to one node, its room is on the other one."""

from __future__ import annotations

import asyncio
import re
import time

from ..device import Device
from ..lab import Lab
from ..logline import Line
from ..nodes import NOTICED_S, Nodes
from ..receiver import Receiver
from ..report import Row
from .joined import IDENTITY, join
from .joined_outages import AWAY_S, LAST_WORDS_S, sent, settled

TOLD = r"Server\(SERVER_SHUTDOWN\)"
# The other node closes it.
CLOSED = r"Signal\(Closed \{ code: 1000 \}\)"
# Without a close frame.
CUT = r"SignalClosed"


async def shut_down(lab: Lab) -> list[Row]:
    """The room's node is drained, which the room does not notice, and then told to end: it tells the device to join again."""
    nodes = await Nodes.start(lab, lab.room)
    receiver = await lab.receiver(nodes.other)
    device = await join(lab, nodes.other, interval_ms=500, count=40)
    await device.line("accepted", within=20, n=5)
    nodes.host.drain()
    drained = len(receiver.packets)
    await receiver.got(drained + 5, within=10)
    await _answers(receiver)
    ended = time.monotonic()
    await nodes.host.end()
    return [await _moved(lab, "drained and shut down", nodes, device, receiver, ended, TOLD)]


async def killed(lab: Lab) -> list[Row]:
    """The room's node is killed: the other one has to notice, and ends the device's signalling."""
    nodes = await Nodes.start(lab, lab.room)
    receiver = await lab.receiver(nodes.other)
    device = await join(lab, nodes.other, interval_ms=500, count=60)
    await device.line("accepted", within=20, n=5)
    ended = time.monotonic()
    await nodes.host.kill()
    return [await _moved(lab, "killed", nodes, device, receiver, ended, CLOSED)]


async def signalling(lab: Lab) -> list[Row]:
    """The node is killed that passes signalling on, and comes back: the room, on the other one, notices nothing."""
    nodes = await Nodes.start(lab, lab.room)
    receiver = await lab.receiver(nodes.host)
    device = await join(lab, nodes.other, interval_ms=500, count=40)
    await device.line("accepted", within=20, n=5)
    await nodes.other.kill()
    await asyncio.sleep(AWAY_S)
    await nodes.other.start()
    started = time.monotonic()
    back = await _back(device, CUT)
    assert back.groups == {"resumed": "true", "lost": "0"}, back
    await _answers(receiver)
    assert not await nodes.has_moved(), "the room is on the node that came back"
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    assert not tally.gaps and not tally.duplicates and tally.in_order, tally
    assert [change.what for change in receiver.changes] == ["open"], receiver.changes
    what = f"the node that has the device's signalling killed for {AWAY_S} s: resumed {back.at - started:.1f} s after its start"
    print(f"{lab.room}: {what}", flush=True)
    return [Row.of(what, device.log, tally)]


async def _moved(lab: Lab, how: str, nodes: Nodes, device: Device, receiver: Receiver, ended: float, error: str) -> Row:
    """The node of the room has ended: the device and the SDK meet again on the other one."""
    back = await _back(device, error)
    assert back.groups["resumed"] == "false", back
    opened = await receiver.opened(ended, within=NOTICED_S)
    await receiver.present(IDENTITY, within=5)
    await _answers(receiver)
    assert await nodes.has_moved(), "the room is where it was"
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    # Sent while the SDK was away, or the node had no time to forward it.
    unheard = sent(device, ended - LAST_WORDS_S, ended) | sent(device, back.at, opened.at)
    silent = tally.gaps - tally.dropped - unheard
    assert len(silent) <= int(back.groups["lost"]), f"lost without a reason: {sorted(silent)}, {back}"
    assert silent <= sent(device, 0, back.at), f"lost when it was back: {sorted(silent)}"
    assert not tally.duplicates, tally.duplicates
    assert tally.in_order, tally.received
    what = f"node of the room {how}: joined again {back.at - ended:.1f} s later, {back.groups['lost']} lost"
    print(f"{lab.room}: {what}", flush=True)
    return Row.of(what, device.log, tally)


async def _back(device: Device, error: str) -> Line:
    """It says why it connects again, and does so once."""
    said = await device.line("reconnecting", within=NOTICED_S)
    assert re.fullmatch(error, said.error), said
    back = await device.line("reconnected", within=15)
    again = [line for line in device.log if line.kind == "reconnecting"]
    assert len(again) == 1, again
    return back


async def _answers(receiver: Receiver) -> None:
    result, _ = await receiver.call(IDENTITY, "read", "")
    assert isinstance(result, str) and float(result), f"read: {result}"
