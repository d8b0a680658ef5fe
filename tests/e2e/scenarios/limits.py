"""The largest and one byte more; nonces that are no good, or come again."""

from __future__ import annotations

import asyncio
import re
import secrets

from livekit import api

from .. import hosted
from ..lab import Lab
from ..readings import Tally
from ..receiver import Receiver
from ..report import Row
from ..server import Server

TOPIC = "readings"

# The largest packet that the server hands on to an SDK. A payload of this size makes a larger one.
MOST_FORWARDED = 262_144


async def limits(lab: Lab) -> list[Row]:
    """What `SendData` lets pass arrives, what it refuses would not, and the server says 200 all the same."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    rows = []
    me = receiver.identity
    for what, to in {"to all": (), "to one": (me,), "to one and to nobody": (me, "n" * 200)}.items():
        most = await largest(server, lab.room, to)
        refused = await send(server, lab.room, bytes(most + 1), to)
        assert refused.status and "TooLong" in refused.err, refused
        data = secrets.token_bytes(most)
        assert (accepted := await send(server, lab.room, data, to)).status == 0, accepted
        await arrives(receiver, data)
        rows.append(Row(f"{most} B, the most {what}", "–", "arrived; a byte more is refused before it is sent"))

    await beyond(server, lab.room, bytes(MOST_FORWARDED))
    rows.append(Row(f"{MOST_FORWARDED} B, sent by livekit-api", "–", "accepted, never arrived"))

    nonce = secrets.token_hex(16)
    for _ in range(2):
        again = await send(server, lab.room, b"sent twice", (), nonce)
        assert again.status == 0, again
    rows.append(Row("nonce used again", "–", "accepted twice, arrived once"))
    zero = await send(server, lab.room, b"never sent", (), "0" * 32)
    assert zero.status and "Nonce(Zero)" in zero.err, zero
    rows.append(Row("nonce of zeros", f"`{zero.err.removeprefix('Error: ').strip()}`", "was not sent"))

    assert (await send(server, lab.room, b"the last", ())).status == 0
    await arrives(receiver, b"the last")
    small = [packet.payload for packet in receiver.packets if len(packet.payload) < 20]
    assert small == [b"sent twice", b"the last"] and len(receiver.packets) == 3 + len(small), f"{small}"
    return rows


async def send(server: Server, room: str, data: bytes, to: tuple[str, ...], nonce: str = "") -> hosted.Ended:
    with_nonce = ("--nonce", nonce) if nonce else ()
    return await hosted.call(server, room, data, "send", room, TOPIC, *with_nonce, *to)


async def largest(server: Server, room: str, to: tuple[str, ...]) -> int:
    """As the crate says it itself when it refuses."""
    refused = await send(server, room, bytes(300_000), to)
    found = re.search(r'TooLong { field: "data", came: 300000, most: (\d+) }', refused.err)
    assert found, refused
    return int(found[1])


async def beyond(server: Server, room: str, data: bytes) -> None:
    """LiveKit's own library sends it and is told that all is well. That nothing comes of it the caller sees later."""
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client:
        packet = api.SendDataRequest(room=room, topic=TOPIC, data=data, nonce=secrets.token_bytes(16))
        await client.room.send_data(packet)


async def arrives(receiver: Receiver, data: bytes) -> None:
    await receiver.packets.first(lambda packet: packet.payload == data, f"packet of {len(data)} B", within=5)
    await asyncio.sleep(0.1)  # for doubles, which nothing announces


async def too_long(lab: Lab) -> list[Row]:
    """A reading that is longer than the device can keep is told and not taken; the next one may be shorter."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    count, most = 12, 80
    around = len('{"boot":"a1b2c3d4","n":1,"celsius":20.58,"name":""}')
    rows = []
    # With the second name the readings 1 to 9 fit to the byte; their numbers then have a digit more.
    for length, fit in {60: 0, most - around: 9}.items():
        device = await lab.device(server, interval_ms=100, count=count, name="x" * length)
        await device.succeeds(within=20)
        errors = [line.error for line in device.log if line.kind == "not taken"]
        longer = around + length + (1 if fit else 0)
        expected = f"PayloadTooLong {{ came: {longer}, most: {most} }}"
        assert errors == [expected] * (count - fit), f"expected {count - fit} of {expected}: {errors}"
        received = [reading for reading in receiver.readings() if len(reading.name or "") == length]
        tally = Tally.of(device.log, received)
        assert tally.received == tuple(range(1, fit + 1)) and tally.accepted == set(tally.received), f"{tally}"
        did = f"{count - fit} not taken, ended with status 0"
        rows.append(Row(f"name of {length} characters", f"`{expected}`", did, tally))
    return rows
