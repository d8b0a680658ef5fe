"""A device in a room that is encrypted end to end, beside SDKs with the same passphrase, with another one, and with none."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from typing import Any

from livekit import rtc

from ..device import Device
from ..feed import Feed
from ..lab import Lab
from ..receiver import Receiver
from ..report import Row
from .joined import IDENTITY, complete, join
from .mistakes import ended_at_once

PASSPHRASE = "Prüfstand 17"
COUNT = 80
# Bytes of the log that are streamed.
LOG = 20_000
# Nobody answers within the time that a caller waits for an acknowledgement.
CONNECTION_TIMEOUT = 1501


def key(passphrase: str) -> str:
    """The key that LiveKit's SDKs derive, for the provisioning."""
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), b"LKFrameEncryptionKey", 100_000, 16).hex()


async def encrypted(lab: Lab) -> list[Row]:
    server = await lab.server()
    receiver = await lab.receiver(server, passphrase=PASSPHRASE)
    stranger = await lab.receiver(server, identity="stranger", passphrase="another one")
    plain = await lab.receiver(server, identity="plain")
    alarms: Feed[str] = Feed("alarms")

    async def alarm(call: rtc.RpcInvocationData) -> str:
        alarms.append(call.payload)
        return "noted"

    receiver.register("alarm", alarm)
    device = await join(lab, server, interval_ms=250, count=COUNT, to=receiver.identity, key=key(PASSPHRASE))
    await device.line("accepted", within=20, n=3)

    # Both ways with the same key.
    result, _ = await receiver.call(IDENTITY, "read", "")
    assert isinstance(result, str) and float(result), result
    await receiver.publish("hello", b"for it", to=[IDENTITY])
    packet = await device.line("packet", within=5)
    assert packet.groups == {"sender": receiver.identity, "topic": "hello", "bytes": "6"}, packet
    answer = await device.line("alarm", within=20)
    assert answer.groups["answer"] == "noted" and len(alarms) == 1, (answer, alarms)
    log: Feed[str] = Feed("log")
    receiver.receive_text("log", log)
    assert (await receiver.call(IDENTITY, "log", str(LOG)))[0] == ""
    await log.until(lambda _: log.closed, "end", within=20)
    assert len("".join(log)) == LOG, f"{len(''.join(log))} bytes of log"

    # A file in chunks that fit the device's memory, and one in longer ones, which the server drops.
    content = bytes(range(256)) * 8
    await receiver.stream_file("files", content, to=[IDENTITY])
    file = await device.line("file", within=5)
    assert file.groups == {"bytes": str(len(content)), "crc32": f"{zlib.crc32(content):08x}"}, file
    await receiver.stream_file("files", bytes(20_000), to=[IDENTITY])
    assert (await device.line("no file", within=5)).error.startswith("Failed("), device.log

    # Nothing of others.
    await asyncio.gather(*(_apart(device, it, error) for it, error in ((stranger, "WrongKey"), (plain, "Unencrypted"))))

    counters = json.loads(str((await receiver.call(IDENTITY, "counters", ""))[0]))
    assert (counters["packets"], counters["calls"], counters["answered"]) == (1, 3, 1), counters
    await device.succeeds(within=60)
    tally = await complete(device, receiver, COUNT)
    return [Row.of(f"an encrypted room; others with another key and with none ({lab.image})", device.log, tally)]


async def _apart(device: Device, other: Receiver, error: str) -> None:
    """The device takes nothing of the other, and the other nothing of the device."""
    await other.publish("hello", b"not for it", to=[IDENTITY])
    line = await device.log.first(
        lambda it: it.kind == "refused" and it.groups["sender"] == other.identity, f"refusal of {other.identity}", within=5
    )
    assert line.error == error, line
    result, _ = await other.call(IDENTITY, "set_interval", "1")
    assert result == CONNECTION_TIMEOUT, f"{other.identity} called: {result}"
    assert not other.packets, f"{other.identity} received {other.packets}"


async def keys(lab: Lab) -> list[Row]:
    """A firmware for encrypted rooms does not start without a key, or with what is none."""
    whole = key(PASSPHRASE)
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "no key": ({}, r"^Missing\(key\)"),
        "key of 31 digits": ({"key": whole[1:]}, r"^InvalidValue\(key\)"),
        "key of 33 digits": ({"key": whole + "0"}, r"^InvalidValue\(key\)"),
        "passphrase instead of a key": ({"key": "a passphrase with 32 characters!"}, r"^InvalidValue\(key\)"),
    }
    return await ended_at_once(lab, await lab.server(), wrong)


async def no_key(lab: Lab) -> list[Row]:
    """A firmware without encryption does not start with a key: it would send what is meant to be encrypted."""
    wrong = {"key for firmware without encryption": ({"key": key(PASSPHRASE)}, r"^UnknownKey\(key\)")}
    return await ended_at_once(lab, await lab.server(), wrong)
