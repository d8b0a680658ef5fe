"""A device without a network: on a serial line, with a bridge that joins a room in its place."""

from __future__ import annotations

import asyncio
import random
import socket
import statistics
import zlib

from livekit import api

from .. import tokens
from ..device import Device
from ..feed import Feed
from ..hosted import BRIDGING, LINKED
from ..lab import Lab
from ..program import Program
from ..receiver import Receiver
from ..report import Seen
from ..server import Server, free_port
from ..wire import Faults, Wire
from .joined import IDENTITY

COUNT = 40
CALLS = 20
FILE = 100_000
# Of 100 000 bytes. A frame has up to 256: every sixth is hit.
NOISE = Faults(lost=25, garbled=25, doubled=25)


async def serial(lab: Lab) -> list[Seen]:
    """A line without faults."""
    wire = lab.wire(Faults())
    return [Seen("a serial line", await _used(lab, wire), "each once, files whole")]


async def noise(lab: Lab) -> list[Seen]:
    """Lost, garbled and doubled bytes neither lose nor double a packet."""
    wire = lab.wire(NOISE)
    did = await _used(lab, wire)
    counts = wire.counts
    assert min(counts.lost, counts.garbled, counts.doubled) > 20, counts
    what = f"{counts.bytes} bytes, of which {counts.lost} lost, {counts.garbled} garbled, {counts.doubled} doubled"
    return [Seen(f"a serial line with faults: {what}", did, "each once, files whole")]


async def _used(lab: Lab, wire: Wire) -> str:
    """Readings, calls, packets, and files both ways, at the same time. Returns what was done."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    await lab.program(BRIDGING, server.ws, wire.ends[0])
    token = tokens.joining(server, lab.room)
    device = await lab.program(LINKED, wire.ends[1], token, str(COUNT), "250")
    await device.line("connected", within=20)
    await receiver.present(IDENTITY, within=10)

    log: Feed[str] = Feed("log")
    receiver.receive_text("log", log)
    content = random.Random(2).randbytes(FILE)
    assert (await receiver.call(IDENTITY, "log", str(FILE)))[0] == ""
    await receiver.publish("elsewhere", b"not for it", to=["nobody"])
    await receiver.publish("addressed", b"for it", to=[IDENTITY])
    took = []
    for n in range(CALLS):
        result, ms = await receiver.call(IDENTITY, "echo", f"call {n}")
        assert result == f"call {n}", result
        took.append(ms)
    # Not beside the calls: the SDK sends it at once, and a call that waits for 100 KB on a slow line is given up.
    await receiver.stream_file("files", content, to=[IDENTITY])
    line = await device.line("file", within=60)
    assert (line.groups["bytes"], line.groups["crc32"]) == (str(FILE), f"{zlib.crc32(content):08x}"), line
    await log.until(lambda chunks: sum(map(len, chunks)) >= FILE, "the log", within=60)
    assert "".join(log) == "." * FILE
    packets = [(line.groups["topic"], line.groups["bytes"]) for line in device.log if line.kind == "packet"]
    assert packets == [("addressed", "6")], packets

    await device.succeeds(within=60)
    await _complete(device, receiver)
    left = await receiver.departures.first(lambda it: it.identity == IDENTITY, "departure", within=10)
    assert left.reason == "CLIENT_INITIATED", left
    median = statistics.median(took)
    return f"{COUNT} readings, {CALLS} calls in {median:g} ms each (median), {FILE} bytes each way"


async def board(lab: Lab) -> list[Seen]:
    """Firmware over the UART of an emulated board, on a line with faults."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    wire = lab.wire(Faults(lost=60, garbled=60, doubled=60))
    await lab.program(BRIDGING, server.ws, wire.ends[0])
    device = await lab.device(server, text=tokens.joining(server, lab.room), line=wire.ends[1])
    await device.line("connected", within=30)
    await receiver.present(IDENTITY, within=10)
    await receiver.publish("addressed", b"for it", to=[IDENTITY])
    for n in range(CALLS):
        result, _ = await receiver.call(IDENTITY, "echo", f"call {n}")
        assert result == f"call {n}", result
    await device.line("packet", within=10)
    await device.succeeds(within=60)
    await _complete(device, receiver)
    end = next(line for line in device.log if line.kind == "disconnected")
    assert end.groups["reason"] == "CLIENT_INITIATED", end
    counts = wire.counts
    assert counts.lost + counts.garbled + counts.doubled > 3, counts
    what = f"{counts.bytes} bytes, of which {counts.lost} lost, {counts.garbled} garbled, {counts.doubled} doubled"
    return [Seen(f"the UART of a board: {what}", f"{COUNT} readings, {CALLS} calls", "each once")]


async def _complete(device: Program | Device, receiver: Receiver) -> None:
    """Each reading was received once, in order, as of the device."""
    await receiver.got(COUNT, within=10)
    assert [reading.n for reading in receiver.readings()] == list(range(1, COUNT + 1))
    sent = [line.n for line in device.log if line.kind == "accepted"]
    assert sent == list(range(1, COUNT + 1)), sent
    senders = [packet.sender for packet in receiver.packets]
    assert set(senders[senders.index(IDENTITY) :]) == {IDENTITY}, senders


async def restart(lab: Lab) -> list[Seen]:
    """The bridge is killed, and started again: the device joins anew, by its own token."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    wire = lab.wire(Faults())
    bridge = await lab.program(BRIDGING, server.ws, wire.ends[0])
    device = await lab.program(LINKED, wire.ends[1], tokens.joining(server, lab.room), "1000", "100")
    await receiver.got(10, within=20)
    await bridge.kill()
    await lab.program(BRIDGING, server.ws, wire.ends[0])
    line = await device.line("reconnected", within=30)
    assert line.groups["resumed"] == "false", line
    received = len(receiver.packets)
    await receiver.got(received + 10, within=20)
    await _echoes(receiver)
    numbers = [reading.n for reading in receiver.readings()]
    assert numbers == sorted(set(numbers)), "a reading came twice"
    missing = max(numbers) - len(numbers)
    return [Seen("the bridge is started anew", f"joined anew, {line.groups['lost']} lost", f"{missing} readings missing")]


async def _echoes(receiver: Receiver) -> None:
    result, _ = await receiver.call(IDENTITY, "echo", "again")
    assert result == "again", result


async def network(lab: Lab) -> list[Seen]:
    """The connection of the bridge to the server breaks: it is resumed, and nothing is lost."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    proxy = await lab.proxy(server)
    wire = lab.wire(Faults())
    await lab.program(BRIDGING, f"ws://127.0.0.1:{proxy.port}", wire.ends[0])
    device = await lab.program(LINKED, wire.ends[1], tokens.joining(server, lab.room), str(COUNT), "100")
    await receiver.got(10, within=20)
    await proxy.stop()
    await device.line("reconnecting", within=10)
    await proxy.start(proxy.port)
    line = await device.line("reconnected", within=20)
    assert (line.groups["resumed"], line.groups["lost"]) == ("true", "0"), line
    await device.succeeds(within=30)
    await _complete(device, receiver)
    return [Seen("the bridge's connection breaks", "waited, went on", f"{COUNT} readings once")]


async def ends(lab: Lab) -> list[Seen]:
    """The device is told why its room ended, and why it cannot join. Over TCP, and two devices at once."""
    server = await lab.server()
    port = free_port(socket.SOCK_STREAM)
    bridge = await lab.program(BRIDGING, server.ws, f"127.0.0.1:{port}")
    await bridge.said("listening", within=5)
    rooms = [f"{lab.room}-{n}" for n in range(2)]
    devices = [
        await lab.program(LINKED, f"127.0.0.1:{port}", tokens.joining(server, room), "1000", "100") for room in rooms
    ]
    for device in devices:
        await device.line("accepted", within=20)
    await _delete(server, rooms[0])
    gone = await devices[0].line("disconnected", within=10)
    assert gone.groups["reason"] == "ROOM_DELETED", gone
    await devices[0].succeeds(within=5)
    after = len(devices[1].log)
    await devices[1].line("accepted", within=5, start=after)

    refused = await lab.program(LINKED, f"127.0.0.1:{port}", tokens.joining(server, rooms[0], secret="x" * 32), "1")
    line = await refused.line("disconnected", within=20)
    return [Seen("the room is deleted; a token of another server", "ended", f"{gone.groups['reason']}; {line.error}")]


async def _delete(server: Server, room: str) -> None:
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client:
        await client.room.delete_room(api.DeleteRoomRequest(room=room))


async def overflow(lab: Lab) -> list[Seen]:
    """The room sends faster than the line carries: the device is told how many packets the bridge has dropped."""
    count, size = 300, 1_000
    server = await lab.server()
    receiver = await lab.receiver(server)
    wire = lab.wire(Faults())
    await lab.program(BRIDGING, server.ws, "--queue", "32768", wire.ends[0])
    device = await lab.program(LINKED, wire.ends[1], tokens.joining(server, lab.room), "1000", "200")
    await device.line("connected", within=20)
    await receiver.present(IDENTITY, within=10)
    wire.is_cut = True
    for n in range(count):
        await receiver.publish("many", bytes(size), to=[IDENTITY])
    # All of it is in the bridge, or dropped, before the line carries again.
    await asyncio.sleep(2)
    wire.is_cut = False
    await device.said("the bridge dropped", within=20)

    def known(log: list[object]) -> tuple[int, int] | None:
        packets = sum(line.kind == "packet" for line in device.log)
        words = [line.text.split() for line in device.log if "the bridge dropped" in line.text]
        dropped = sum(int(line[5]) for line in words)
        return (packets, dropped) if packets + dropped == count else None

    packets, dropped = await device.log.until(known, "each packet", within=20)
    assert 10 < packets < 40 and not [line for line in device.log if line.kind == "reconnecting"], (packets, dropped)
    await _echoes(receiver)
    return [Seen(f"{count} packets of {size} bytes while the line stands still", f"received {packets}", f"{dropped} dropped, told")]
