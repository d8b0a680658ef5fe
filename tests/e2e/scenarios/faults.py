"""A room without anybody, and answers that are spoilt on their way."""

from __future__ import annotations

import time

from .. import logline, proxy
from ..lab import Lab
from ..readings import Tally
from ..report import Row

REFUSED = ("refused", "given up")


async def not_live(lab: Lab) -> list[Row]:
    """Nobody is in the room; then somebody comes and gets what has waited."""
    server = await lab.server()
    device = await lab.device(server, interval_ms=500, count=10)
    logline.expect(await device.line("refused", within=10), logline.NOT_LIVE)
    began = time.monotonic()
    receiver = await lab.receiver(server)
    opened = await receiver.opened(after=began, within=1)
    await device.succeeds(within=60)
    await receiver.packets.until(
        lambda packets: any(r.n == 10 for r in receiver.readings()), "the last reading", within=2
    )
    tally = Tally.of(device.log, receiver.readings())
    unheard = {line.n for line in device.log if line.kind == "accepted" and line.at <= opened.at}
    assert tally.gaps <= tally.dropped | unheard, f"lost without a reason: {tally}, unheard {unheard}"
    assert tally.in_order and not tally.doubles
    return [Row.of("nobody in the room, then somebody", device.log, tally)]


# What LiveKit's server says about a token of 2 KB: the token again, in chunks.
LONG = b"invalid token: " + b"e" * 2100
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(LONG), LONG)

GARBAGE = bytes(range(256)) * 4
NO_END = b"HTTP/1.1 200 OK\r\n" + proxy.FIELDS
NO_NUMBER = b"HTTP/1.1 OK\r\n\r\n"
IN_BETWEEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"
NO_LENGTH = b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>"
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\n" + CHUNKED
PAGE = b"<html>log in" + b" " * 2000 + b"</html>"
PORTAL = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"

# And the error that the device has to tell.
SPOILT = [
    (proxy.cut(0), logline.CLOSED),
    (proxy.cut(7), logline.CUT),
    (proxy.cut(40), logline.CUT),
    (proxy.answered("garbage instead of an answer", GARBAGE), logline.NOT_HTTP),
    (proxy.answered("4 KB of a header without an end", NO_END, then_close=True), logline.CUT),
    (proxy.answered("status that is no number", NO_NUMBER), logline.NOT_HTTP),
    (proxy.answered("500 of something in between", IN_BETWEEN), logline.unknown(500)),
    (proxy.answered("502 without a length", NO_LENGTH, then_close=True), logline.unknown(502)),
    (proxy.answered("503 of 2 KB in chunks", UNAVAILABLE), logline.unknown(503)),
    (proxy.answered("200 with the page of a portal, 2 KB", PORTAL), logline.NO_MESSAGE),
    (proxy.answered("302 to a portal", MOVED), logline.unknown(302)),
    (proxy.answered("413 of something in between", TOO_LARGE), logline.TOO_LARGE),
    (proxy.silent(), logline.TIMEOUT),
]
# Nothing that a device may complain about.
UNUSUAL = [proxy.delayed(1), proxy.chunked(), proxy.wordy()]


async def answers(lab: Lab) -> list[Row]:
    """One device goes through them all. The server got each reading at the first attempt and knows it again at the next
    by its nonce, so everything arrives once."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    relay = await lab.proxy(server)
    device = await lab.device(server, port=relay.port, interval_ms=1000)
    await device.line("accepted", within=10)
    parts = []
    for fault, error in SPOILT:
        start = len(device.log)
        relay.fault = fault
        refused = await device.log.first(lambda line: line.kind in REFUSED, f"error at: {fault.name}", 20, start)
        logline.expect(refused, error)
        told = device.log.index(refused)
        again = await device.log.first(lambda it: it.kind == "accepted", f"recovery from: {fault.name}", 20, told)
        # A connection that was kept and is gone is no reason for a pause, all else is: no less than the device says.
        pause_s = int(refused.groups.get("pause_ms", 0)) / 1000
        assert (pause_s == 0) == (error in (logline.CLOSED, logline.TOO_LARGE)), f"{fault.name}: {refused}"
        assert again.at - refused.at > pause_s - 0.1, f"{fault.name}: again after {again.at - refused.at:.3f} s"
        parts.append((fault.name, device.log[start:]))
    for fault in UNUSUAL:
        start = len(device.log)
        met = len(relay.spoilt)
        relay.fault = fault
        await relay.spoilt.until(lambda all_: len(all_) > met, f"answer that meets: {fault.name}", 20)
        line = await device.log.first(
            lambda it: it.kind in ("accepted", *REFUSED), f"verdict on: {fault.name}", 20, len(device.log)
        )
        assert line.kind == "accepted", f"{fault.name}: {line}"
        parts.append((fault.name, device.log[start:]))
    await device.stop()
    tally = Tally.of(device.log, receiver.readings())
    assert tally.accepted <= set(tally.received) and not tally.doubles and tally.in_order, f"{tally}"
    return [Row.of(happened, part, Tally.of(part, receiver.readings())) for happened, part in parts]
