"""A room that is not live, and responses that are altered, replaced or never end."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from .. import logline, proxy
from ..lab import Lab
from ..proxy import Fault
from ..readings import Tally
from ..report import Row
from ..tokens import device as device_token

FAILED = ("retry", "rejected")


async def not_live(lab: Lab) -> list[Row]:
    """Nobody is in the room; then a participant joins and receives what is still queued."""
    server = await lab.server()
    device = await lab.device(server, interval_ms=500, count=10)
    logline.expect(await device.line("retry", within=10), logline.NOT_LIVE)
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
    assert tally.in_order and not tally.duplicates
    return [Row.of("nobody in the room, then a participant", device.log, tally)]


def response(status: str, body: bytes = b"", content_type: str = "text/html; charset=utf-8") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def twirp(code: str) -> bytes:
    """LiveKit's error, in another order and with other spaces than the server writes today."""
    return json.dumps({"msg": "try again", "code": code}, indent=1).encode()


# LiveKit's response to a token of 2 KB, which it repeats, in chunks.
LONG = b"invalid token: " + b"e" * 2100
LONG_CHUNK = b"%x\r\n%s\r\n0\r\n\r\n" % (len(LONG), LONG)
PROTOBUF = b"Content-Type: application/protobuf\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

GARBAGE = bytes(range(256)) * 4
NO_END = b"HTTP/1.1 200 OK\r\n" + proxy.FIELDS
NO_NUMBER = b"HTTP/1.1 OK\r\n\r\n"
NO_LENGTH = b"HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n<html>"
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\n" + CHUNKED + LONG_CHUNK
# What server 1.13.11 says to a body of more than 10 MiB.
TOO_LARGE = b"request body too large"
MOVED = b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\nContent-Length: 0\r\n\r\n"

# A line break and `<` are a field of 60 bytes in protobuf, `{"` opens a group: both pass for the beginning of a message.
SIGN_IN = b"\n<!doctype html><title>Sign in</title>" + b"<p>Welcome to our network.</p>" * 60
SIGN_IN_JSON = json.dumps({"login": "https://portal.example/", "terms": "x" * 400}).encode()

# Each with the error that the device has to log.
ALTERED = [
    (proxy.cut(0), logline.CLOSED),
    (proxy.cut(7), logline.UNEXPECTED_EOF),
    (proxy.cut(40), logline.UNEXPECTED_EOF),
    (proxy.replaced("garbage", GARBAGE), logline.NOT_HTTP),
    (proxy.replaced("4 KB of headers without an end", NO_END, then_close=True), logline.UNEXPECTED_EOF),
    (proxy.replaced("status that is not a number", NO_NUMBER), logline.NOT_HTTP),
    (proxy.replaced("500 of a proxy", response("500 Oops", b"oops")), logline.retryable(500)),
    (proxy.replaced("502 without a length", NO_LENGTH, then_close=True), logline.retryable(502)),
    (proxy.replaced("503 of 2 KB in chunks", UNAVAILABLE), logline.retryable(503)),
    (proxy.replaced("302 to a sign-in page", MOVED), logline.retryable(302)),
    (proxy.replaced("413 of a proxy", response("413 Content Too Large")), logline.retryable(413)),
    (proxy.replaced("413 of LiveKit", response("413 Content Too Large", TOO_LARGE, "text/plain")), logline.TOO_LARGE),
    (proxy.silent(), logline.TIMEOUT),
]
# Pages of others that a device may take for LiveKit's response, or for its final word.
FOREIGN = [
    (proxy.replaced("200, sign-in page of 2 KB after a line break", response("200 OK", SIGN_IN)), logline.FOREIGN),
    (proxy.replaced("200, the same of 300 bytes", response("200 OK", SIGN_IN[:300])), logline.FOREIGN),
    (proxy.replaced("200, JSON", response("200 OK", SIGN_IN_JSON, "application/json")), logline.FOREIGN),
    (proxy.replaced("200, empty text/html", response("200 OK")), logline.FOREIGN),
    (proxy.replaced("200, page cut off", response("200 OK", SIGN_IN)[:1000], then_close=True), logline.FOREIGN),
    (
        proxy.replaced("200, cut off after the headers", response("200 OK", SIGN_IN)[:80], then_close=True),
        logline.FOREIGN,
    ),
    (
        proxy.replaced("404 page not found", response("404 Not Found", b"404 page not found\n", "text/plain")),
        logline.retryable(404),
    ),
    (
        proxy.replaced("default backend - 404", response("404 Not Found", b"default backend - 404", "text/plain")),
        logline.retryable(404),
    ),
    (proxy.replaced("407 of a proxy", response("407 Proxy Authentication Required")), logline.retryable(407)),
    (proxy.replaced("421 of a proxy", response("421 Misdirected Request")), logline.retryable(421)),
    (proxy.replaced("460 of a load balancer", response("460 Client Closed")), logline.retryable(460)),
    (proxy.replaced("499 of a proxy", response("499 Client Closed Request")), logline.retryable(499)),
    (
        proxy.replaced("409 aborted of LiveKit", response("409 Conflict", twirp("aborted"), "application/json")),
        logline.retryable(409),
    ),
]
# Responses without a fault.
UNUSUAL = [proxy.delayed(1), proxy.chunked(), proxy.long_headers()]

# The connection is never silent for long, so no timeout that counts from the last byte ends it.
ENDLESS = [
    proxy.endless("a byte of a header each second", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", every_s=1),
    proxy.endless("chunks without an end", b"HTTP/1.1 200 OK\r\n" + PROTOBUF + CHUNKED, b"1\r\nx\r\n"),
    proxy.endless("100 Continue without an end", b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
]


async def responses(lab: Lab) -> list[Row]:
    return await _recovers(lab, ALTERED, UNUSUAL)


async def foreign_pages(lab: Lab) -> list[Row]:
    """With a longer interval, so that the queue does not overflow in the long pauses: nothing is lost."""
    return await _recovers(lab, FOREIGN, interval_ms=3000)


async def endless(lab: Lab) -> list[Row]:
    """The publisher leaves after its deadline and delivers the reading over another connection."""
    return await _recovers(lab, [(fault, logline.TIMEOUT) for fault in ENDLESS])


async def endless_list(lab: Lab) -> list[Row]:
    server = await lab.server()
    await lab.receiver(server)
    relay = await lab.proxy(server)
    rows = []
    for fault in ENDLESS:
        relay.fault = fault
        device = await lab.device(server, port=relay.port)
        status = await device.ended(within=20)
        logline.expect(await device.line("not listed", within=1), logline.TIMEOUT)
        assert status, f"{fault.name}: {device.log}"
        rows.append(Row(f"{fault.name} ({lab.image})", "`Timeout`", "ended, status not 0"))
    return rows


async def endless_template(lab: Lab) -> list[Row]:
    """The template logs the timeout and makes another connection."""
    lab.room = "lab"
    server = await lab.server()
    await lab.receiver(server)
    relay = await lab.proxy(server, port=7880)
    device = await lab.device(server, text=device_token(server, "lab"))
    rows = []
    for fault in ENDLESS:
        await device.log.first(lambda line: "accepted" in line.text, "accepted", 20, len(device.log))
        relay.fault = fault
        await device.log.first(lambda line: "timeout" in line.text, f"timeout at: {fault.name}", 20, len(device.log))
        rows.append(Row(f"{fault.name} ({lab.image})", "`timeout`", "another connection, accepted"))
    await device.log.first(lambda line: "accepted" in line.text, "accepted", 20, len(device.log))
    return rows


async def _recovers(
    lab: Lab, faults: list[tuple[Fault, str]], unusual: Sequence[Fault] = (), interval_ms: int = 1000
) -> list[Row]:
    """One device meets all faults and loses nothing. The server accepts each reading at the first attempt and recognizes its
    nonce at the next, so each is received once."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    relay = await lab.proxy(server)
    device = await lab.device(server, port=relay.port, interval_ms=interval_ms)
    await device.line("accepted", within=10)
    parts = []
    for fault, error in faults:
        start = len(device.log)
        relay.fault = fault
        failed = await device.log.first(lambda line: line.kind in FAILED, f"error at: {fault.name}", 20, start)
        logline.expect(failed, error)
        assert failed.kind == "retry" or error == logline.TOO_LARGE, f"{fault.name}: {failed}"
        told = device.log.index(failed)
        again = await device.log.first(lambda it: it.kind == "accepted", f"recovery from: {fault.name}", 20, told)
        # A kept connection that was closed meanwhile is no reason for a pause, all else is.
        pause_s = int(failed.groups.get("pause_ms", 0)) / 1000
        assert (pause_s == 0) == (error in (logline.CLOSED, logline.TOO_LARGE)), f"{fault.name}: {failed}"
        assert again.at - failed.at > pause_s - 0.1, f"{fault.name}: again after {again.at - failed.at:.3f} s"
        parts.append((fault.name, device.log[start:]))
    for fault in unusual:
        start = len(device.log)
        met = len(relay.applied)
        relay.fault = fault
        await relay.applied.until(lambda all_: len(all_) > met, f"response for: {fault.name}", 20)
        line = await device.log.first(
            lambda it: it.kind in ("accepted", *FAILED), f"outcome of: {fault.name}", 20, len(device.log)
        )
        assert line.kind == "accepted", f"{fault.name}: {line}"
        parts.append((fault.name, device.log[start:]))
    await device.stop()
    last = max(line.n for line in device.log if line.kind == "accepted")
    await receiver.packets.until(lambda _: any(r.n == last for r in receiver.readings()), f"reading {last}", within=2)
    tally = Tally.of(device.log, receiver.readings())
    assert tally.accepted <= set(tally.received) and not tally.duplicates and tally.in_order, f"{tally}"
    assert not tally.dropped, f"{tally}"
    return [Row.of(event, part, Tally.of(part, receiver.readings())) for event, part in parts]
