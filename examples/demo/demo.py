"""Two devices without a heap: one publishes its readings into a LiveKit room over HTTP, one is in the room by itself. LiveKit's
Python SDK and a page receive what they send."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from browser import Browser
from web import Web

from e2e import entry, tokens
from e2e.device import Device
from e2e.feed import Late
from e2e.firmware import PARTICIPANT, PUBLISHER
from e2e.lab import Lab
from e2e.peers import ROOT, get
from e2e.readings import Reading, Tally
from e2e.receiver import Receiver
from livekit import rtc

# The identity of the one that is in the room.
DEVICE = "device"
LOGS = ROOT / "target/demo"


def say(who: str, what: object) -> None:
    print(f"{who:<11} │ {what}", flush=True)


async def main() -> int:
    say("demo", "building the firmware")
    await PUBLISHER.build()
    await PARTICIPANT.build()
    async with AsyncExitStack() as stack:
        lab = Lab("demo", LOGS / "run", PUBLISHER, stack)
        server = await lab.server()
        say("server", f"LiveKit on {server.http}, room {lab.room}")
        receiver = await lab.receiver(server)
        say("SDK", f"{receiver.identity} has joined")
        receiver.register("alarm", alarm)
        joined: dict[str, Any] = {"token": tokens.joining(server, lab.room), "topic": "room", "to": receiver.identity}
        participant = await lab.device(server, image=PARTICIPANT, interval_ms=options.interval_ms, **joined)
        shown = [asyncio.create_task(show_device("participant", participant))]
        await participant.line("connected", within=20)
        browser = None
        if options.page:
            web = Web(server, lab.room, await get("browser"))
            stack.push_async_callback(web.stop)
            url = await web.start()
            say("page", url)
            if options.screenshot:
                browser = Browser(web, options.count, options.screenshot)
                stack.push_async_callback(browser.stop)
                await browser.start(url)
        told: dict[str, Any] = {"interval_ms": options.interval_ms}
        if not options.forever:
            told["count"] = options.count
        device = await lab.device(server, **told)
        shown += [asyncio.create_task(show_device("publisher", device)), asyncio.create_task(show_received(receiver))]
        status = await device.ended(within=float("inf"))
        if status == 0:
            with suppress(Late):  # the last line tells how many are lost
                await receiver.got(options.count, within=5)
            if browser:
                await compare(browser, receiver)
        receiver.packets.close()
        shown.pop(0).cancel()  # it has no end
        await asyncio.gather(*shown)
        tally = Tally.of(device.log, receiver.readings())
        say("demo", f"{len(tally.enqueued)} readings enqueued, {len(set(tally.received))} received, {len(tally.gaps)} lost")
        return status or bool(tally.gaps)


async def show_device(name: str, device: Device) -> None:
    async for line in device.log.follow():
        say(name, line)


async def alarm(call: rtc.RpcInvocationData) -> str:
    say("SDK", f"{call.caller_identity} says that it is too warm: {call.payload}")
    return "noted"


async def show_received(receiver: Receiver) -> None:
    async for packet in receiver.packets.follow():
        reading = Reading.parse(packet.payload)
        say("SDK", f"{reading.celsius:.2f} °C, reading {reading.n} of boot {reading.boot}, topic {packet.topic}")


async def compare(browser: Browser, receiver: Receiver) -> None:
    """Asserts that the page shows what the Python SDK receives, when the screenshot is saved."""
    answered = await browser.answered(within=30)
    answer, _ = await receiver.call(DEVICE, "read", "")
    assert answered == answer, f"the page shows the answer {answered}, the SDK {answer}"
    say("page", f"shows the log of the device, and its answer {answered}, which the SDK gets too")
    shown = await browser.readings()
    received = [(reading.boot, reading.n, reading.celsius) for reading in receiver.readings()]
    assert shown == received, f"the page shows {shown}, the SDK received {received}"
    say("page", f"shows the same {len(shown)} readings, see {options.screenshot}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="examples/demo/run", description=__doc__)
    parser.add_argument("--count", type=int, default=30, metavar="N", help="end after so many readings (30)")
    parser.add_argument("--forever", action="store_true", help="end on ctrl-C")
    parser.add_argument("--interval-ms", type=int, default=1000, metavar="MS", help="between readings (1000)")
    parser.add_argument("--no-page", dest="page", action="store_false", help="no page; npm is not needed then")
    parser.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="test the page in Chromium, keep a picture of it"
    )
    options = parser.parse_args()
    if options.screenshot and (options.forever or not options.page):
        parser.error("--screenshot needs the page and an end")
    if options.screenshot:
        options.screenshot = options.screenshot.absolute()
    return options


options = arguments()
entry.start(main, LOGS)
