"""A device that joins a room by itself: what takes more than a packet, and what it does by itself."""

from __future__ import annotations

import json
import random
import zlib

from livekit import rtc

from ..device import Device
from ..feed import Feed
from ..lab import Lab
from ..receiver import Receiver
from ..report import Row
from .joined import IDENTITY, complete, join

COUNT = 40
# The reading of this number is the first that is too warm.
WARM = 11
MOST = 102_400


async def streams(lab: Lab) -> list[Row]:
    """The log and a file, both of 100 KB, while the device publishes and answers; an alarm; and counters that add up."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    alarms: Feed[str] = Feed("alarms")

    async def alarm(call: rtc.RpcInvocationData) -> str:
        alarms.append(call.payload)
        return "noted"

    receiver.register("alarm", alarm)
    device = await join(lab, server, interval_ms=200, count=COUNT, to=receiver.identity)
    await device.line("connected", within=20)
    calls = await log(device, receiver)
    calls += await file(device, receiver)
    answer = await device.line("alarm", within=20)
    assert answer.groups["answer"] == "noted", answer
    assert [json.loads(it)["n"] for it in alarms] == [WARM], alarms

    counters = json.loads(str((await receiver.call(IDENTITY, "counters", ""))[0]))
    expected = {"calls": calls + 1, "answered": 1, "unanswered": 0, "packets": 0, "dropped": 0, "reconnected": 0}
    assert {key: counters[key] for key in expected} == expected, counters
    assert counters["streamed"] == MOST and counters["logged"] >= MOST, counters
    await device.succeeds(within=60)
    called = next(at for at, line in enumerate(device.log) if line.groups.get("method") == "counters")
    sent = sum(line.kind == "accepted" for line in device.log[:called])
    # There may be one more between the call and its answer.
    assert 0 <= counters["sent"] - sent <= 1, f"{sent} readings sent, it counts {counters['sent']}"
    stack = next(int(line.groups["bytes"]) for line in device.log if line.kind == "stack")
    assert WARM <= counters["sent"] and 1000 < counters["stack"] <= stack, (counters, stack)
    tally = await complete(device, receiver, COUNT)
    return [Row.of(f"log and file of {MOST} bytes each ({lab.image})", device.log, tally)]


async def log(device: Device, receiver: Receiver) -> int:
    """The log as its lines come, then so many bytes of it. Returns how many calls that took."""
    lines: Feed[str] = Feed("log")
    receiver.receive_text("log", lines)
    assert (await receiver.call(IDENTITY, "log", ""))[0] == ""
    called = f"{receiver.identity} calls log"
    await lines.until(lambda it: called in "".join(it), f"'{called}'", within=5)
    await lines.until(lambda it: "".join(it).count(" sent\n") >= 3, "readings in the log", within=5)
    assert "connected\n" in "".join(lines), lines
    receiver.forget_text("log")

    whole: Feed[str] = Feed("whole log")
    receiver.receive_text("log", whole)
    assert (await receiver.call(IDENTITY, "log", str(MOST)))[0] == ""
    # Meanwhile the device answers.
    newest = receiver.readings()[-1].n
    result, took = await receiver.call(IDENTITY, "read", "")
    assert isinstance(result, str) and float(result), result
    await whole.until(lambda _: whole.closed, "end", within=20)
    expected = "".join(f"line {n:010}\n" for n in range(MOST // 16))
    assert "".join(whole) == expected, f"{len(''.join(whole))} bytes"
    assert lines.closed, "the log before it did not end"
    receiver.forget_text("log")
    too_long, _ = await receiver.call(IDENTITY, "log", str(MOST + 1))
    assert too_long == 2001, too_long
    print(f"{MOST} bytes of log; a call meanwhile took {took} ms, reading {newest}", flush=True)
    return 4


async def file(device: Device, receiver: Receiver) -> int:
    """A file arrives whole. Returns how many calls that took."""
    assert (await receiver.call(IDENTITY, "received", ""))[0] == "null"
    content = random.Random(17).randbytes(MOST)
    await receiver.stream_file("files", content, to=[IDENTITY])
    line = await device.line("file", within=20)
    crc32 = f"{zlib.crc32(content):08x}"
    assert line.groups == {"bytes": str(MOST), "crc32": crc32}, line
    result, _ = await receiver.call(IDENTITY, "received", "")
    assert json.loads(str(result)) == {"bytes": MOST, "crc32": crc32}, result
    return 2


async def unanswered(lab: Lab) -> list[Row]:
    """The operator has no method `alarm`, or is not there: the device says so, and works on."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    for to, error in ((receiver.identity, "error 1400, Method not supported"), ("nobody", "error 1501, ")):
        device = await join(lab, server, interval_ms=100, count=120, to=to)
        line = await device.line("alarm", within=30)
        assert line.groups["answer"].startswith(error), f"alarm to {to}: {line}"
        result, _ = await receiver.call(IDENTITY, "counters", "")
        counters = json.loads(str(result))
        assert (counters["answered"], counters["unanswered"]) == (0, 1), counters
        await device.stop()
    return [Row("alarms that nobody answers", "`error 1400`, `error 1501`", "works on")]
