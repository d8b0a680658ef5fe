"""Refusals by the real server, and answers that were spoilt on their way."""

from __future__ import annotations

import re
import secrets
import time
from datetime import timedelta

from .. import logline, proxy, tokens
from ..lab import Lab
from ..logline import Line
from ..readings import Tally
from ..report import Row

REFUSED = ("refused", "given up")


async def refusals(lab: Lab) -> list[Row]:
    """Mistakes of whoever provisions the device. Trying again does not help, the log has to."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    wrong = {
        "token signed with another secret": tokens.device(server, lab.room, secret=secrets.token_hex(20)),
        "token expired an hour ago": tokens.device(server, lab.room, lasts=-timedelta(hours=1)),
        "token of another room": tokens.device(server, "attic"),
        "no token": "garbage",
    }
    rows = []
    for happened, token in wrong.items():
        device = await lab.device(server, interval_ms=200, token=token)
        line = await device.log.first(lambda line: line.kind in REFUSED, "refusal", within=10)
        expect(line, logline.TOKEN)
        await device.log.first(
            lambda line: line.kind in (*REFUSED, "dropped") and line.n > 1, "a next reading", within=20
        )
        await device.stop()
        rows.append(Row.of(happened, device.log, Tally.of(device.log, receiver.readings())))
    assert not receiver.packets, "the server let in whoever had no right to"
    return rows


async def not_live(lab: Lab) -> list[Row]:
    """Nobody is in the room; then somebody comes and gets what has waited."""
    server = await lab.server()
    device = await lab.device(server, interval_ms=500, count=10)
    expect(await device.line("refused", within=10), logline.NOT_LIVE)
    began = time.monotonic()
    receiver = await lab.receiver(server)
    opened = await receiver.opened(after=began, within=1)
    assert await device.ended(within=60) == 0
    await receiver.packets.until(
        lambda packets: any(r.n == 10 for r in receiver.readings()), "the last reading", within=2
    )
    tally = Tally.of(device.log, receiver.readings())
    unheard = {line.n for line in device.log if line.kind == "accepted" and line.at <= opened.at}
    assert tally.gaps <= tally.dropped | unheard, f"lost without a reason: {tally}, unheard {unheard}"
    assert tally.in_order and not tally.doubles
    return [Row.of("nobody in the room, then somebody", device.log, tally)]


REPEATED_TOKEN = b"invalid token: " + b"e" * 2100
ANSWERS: list[tuple[proxy.Fault, str]] = [
    (proxy.cut(0), logline.CLOSED),
    (proxy.cut(7), logline.CUT),
    (proxy.cut(40), logline.CUT),
    (proxy.answered("garbage instead of an answer", bytes(range(256)) * 4), logline.NOT_HTTP),
    (
        proxy.answered("header without an end", b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 0123456789\r\n" * 200),
        logline.HEAD_TOO_LARGE,
    ),
    (proxy.answered("status that is no number", b"HTTP/1.1 OK\r\n\r\n"), logline.NOT_HTTP),
    (
        proxy.answered("500 of something in between", b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
        logline.unknown(500),
    ),
    (
        proxy.answered("502 without a length", b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>"),
        logline.unknown(502),
    ),
    (
        proxy.answered(
            "chunked 503 of 2 KB",
            b"HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
            % (len(REPEATED_TOKEN), REPEATED_TOKEN),
        ),
        logline.unknown(503),
    ),
    (proxy.silent(), logline.TIMEOUT),
]


async def answers(lab: Lab) -> list[Row]:
    """One device goes through them all. The server got each reading at the first attempt and knows it again at the next
    by its nonce, so everything arrives once."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    relay = await lab.proxy(server)
    device = await lab.device(server, port=relay.port, interval_ms=500)
    await device.line("accepted", within=10)
    parts = []
    for fault, error in ANSWERS:
        start = len(device.log)
        relay.fault = fault
        expect(await device.log.first(lambda line: line.kind in REFUSED, f"error at: {fault.name}", 20, start), error)
        relay.fault = None
        await device.log.first(lambda line: line.kind == "accepted", f"recovery from: {fault.name}", 20, start)
        parts.append((fault.name, device.log[start:]))
    # Not spoilt, only unusual: the device has to take them.
    for fault in (proxy.delayed(1), proxy.chunked()):
        start = len(device.log)
        relay.fault = fault
        line = await device.log.first(lambda line: "n" in line.groups, f"verdict on: {fault.name}", 20, start)
        assert line.kind == "accepted", f"{fault.name}: {line}"
        relay.fault = None
        parts.append((fault.name, device.log[start:]))
    await device.stop()
    tally = Tally.of(device.log, receiver.readings())
    assert tally.accepted <= set(tally.received) and not tally.doubles and tally.in_order, f"{tally}"
    return [Row.of(happened, part, Tally.of(part, receiver.readings())) for happened, part in parts]


def expect(line: Line, error: str) -> None:
    assert re.search(error, line.error), f"expected an error like /{error}/: {line}"
