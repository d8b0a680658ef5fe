"""A device that joins a room by itself, whose signalling goes over TLS with certificates as public authorities issue them."""

from __future__ import annotations

import re
from typing import Any

from .. import logline, tls
from ..device import HOST, Device
from ..lab import Lab
from ..report import Row
from ..server import Server
from .joined import IDENTITY, complete, join
from .joined_streams import file, log

COUNT = 40
DAY_S = 86_400


async def _join(lab: Lab, server: Server, front: tls.Front, chain: tls.Chain, **provisioning: Any) -> Device:
    page = {"host": tls.NAME, "ca": chain.root, **provisioning}
    return await join(lab, server, front.port, **page)


async def secure(lab: Lab) -> list[Row]:
    """Calls, 100 KB of log and of a file. Then the certificate is renewed, and the proxy starts again with it."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    clock = await lab.time_server()
    rows = []
    for family in ("Let's Encrypt's RSA", "Let's Encrypt's ECDSA"):
        chain = await tls.Chain.make(lab.folder / family.replace(" ", "-"), tls.FAMILIES[family])
        front = await lab.front(server, chain)
        time = f"{HOST}:{clock.port}"
        device = await _join(lab, server, front, chain, time=time, interval_ms=200, count=COUNT)
        await device.line("connected", within=30)
        result, _ = await receiver.call(IDENTITY, "set_interval", "400")
        assert result == "", result
        await log(device, receiver)
        await file(device, receiver)
        await front.stop()
        front.use(await chain.renewed())
        await device.line("reconnecting", within=10)
        await front.start()
        line = await device.line("reconnected", within=30)
        assert line.groups["resumed"] == "true" and line.groups["lost"] == "0", line
        await device.succeeds(within=60)
        tally = await complete(device, receiver, COUNT)
        rows.append(Row.of(f"{family}; certificate renewed ({lab.image})", device.log, tally))
        await front.stop()
        receiver.packets.clear()
    return rows


async def expired(lab: Lab) -> list[Row]:
    """The certificate expires while the device is in the room, which ends nothing. It is refused at the next connection, and
    the device comes back when there is a new one."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain", tls.FAMILIES["Amazon's RSA"])
    clock = await lab.time_server(ahead_s=30 * DAY_S - 20)
    front = await lab.front(server, chain)
    device = await _join(lab, server, front, chain, time=f"{HOST}:{clock.port}", interval_ms=500, count=100)
    await device.line("connected", within=15)
    await device.line("accepted", within=60, n=60)
    assert not [line for line in device.log if line.kind in ("reconnecting", "no connection")], device.log
    await front.stop()
    await front.start()
    await device.log.first(
        lambda line: line.kind == "no connection" and re.search(logline.EXPIRED, line.error), "an expired certificate", 20
    )
    await front.stop()
    front.use(await chain.renewed())
    await front.start()
    await device.line("reconnected", within=40)
    await device.succeeds(within=60)
    tally = await complete(device, receiver, 100)
    return [Row.of("a certificate that expires meanwhile", device.log, tally)]


async def rejected(lab: Lab) -> list[Row]:
    """A server that cannot prove who it is gets no token, and neither does one at a time that the device does not know."""
    server = await lab.server()
    chain = await tls.Chain.make(lab.folder / "chain")
    other = await tls.Chain.make(lab.folder / "other")
    front = await lab.front(server, chain)
    ahead = await lab.time_server(ahead_s=400 * DAY_S)
    rows = []
    for happened, error, alert, page in (
        ("certificate of another root", logline.OTHER_ISSUER, "alert bad certificate", {"ca": other.root}),
        ("certificate of another name", logline.OTHER_NAME, "alert bad certificate", {"host": "other.test"}),
        ("a root of the public, not of ours", logline.UNKNOWN, "alert", {"ca": None}),
        ("clock 400 days ahead", logline.EXPIRED, "alert certificate expired", {"time": f"{HOST}:{ahead.port}"}),
        ("no answer to the question for the time", logline.NO_TIME, None, {"time": f"{HOST}:9"}),
    ):
        keys = {key: value for key, value in {"host": tls.NAME, "ca": chain.root, **page}.items() if value}
        device = await join(lab, server, front.port, interval_ms=500, **keys)
        line = await device.line("no connection", within=30)
        logline.expect(line, error)
        await device.stop()
        assert not [line for line in device.log if line.kind == "connected"], device.log
        if alert:
            await front.expect(alert)
        rows.append(Row(happened, f"`{line.groups['error']}`", "no token is sent"))
    return rows
