"""The same over TLS: certificates that are not to be trusted, and outages that TLS adds or makes look otherwise."""

from __future__ import annotations

import re

from .. import logline, tls
from ..lab import Lab
from ..readings import Tally
from ..report import Row
from .outages import settled, survives_restart
from .steady import COUNT, all_arrive


async def trusted(lab: Lab) -> list[Row]:
    """One handshake for all readings, and an end of which the other side is told."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=200, count=COUNT, host=tls.NAME, ca=chain.root)
    tally = await all_arrive(device, receiver, COUNT)
    assert len([line for line in device.log if line.kind == "secured"]) == 1, "the connection was not kept"
    front.expect("Connection closed: ")  # "reset" otherwise
    return [Row.of(f"nothing ({lab.image})", device.log, tally)]


async def refused(lab: Lab) -> list[Row]:
    """A server that somebody else vouches for, and one that has another name, get no token from the device.

    It goes on trying, and whoever runs the server finds in its log why.
    """
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    other = await tls.Chain.make(lab.folder / "other")
    front = await lab.front(server, chain)
    wrong = {
        "certificate of another root": (tls.NAME, other, logline.ISSUER, "alert unknown ca"),
        "certificate of another name": ("other.test", chain, logline.NAME, "alert bad certificate"),
    }
    rows = []
    for happened, (host, trusts, error, alert) in wrong.items():
        device = await lab.device(server, port=front.port, interval_ms=500, host=host, ca=trusts.root)
        for line in await device.lines("refused", 2, within=20):
            logline.expect(line, error)
        await device.stop()
        front.expect(alert)
        rows.append(Row.of(happened, device.log, Tally.of(device.log, [])))
    assert not receiver.packets
    return rows


async def renewed(lab: Lab) -> list[Row]:
    """The wrong certificate was a mistake of the server's, which somebody puts right. It is for the server's address, which
    the device takes for its name when it is told none."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, await tls.Chain.make(lab.folder / "other"))
    device = await lab.device(server, port=front.port, interval_ms=300, count=8, ca=chain.root)
    for line in await device.lines("refused", 2, within=20):
        logline.expect(line, logline.ISSUER)
    await front.stop()
    front.show(chain)
    await front.start()
    return [Row.of("wrong certificate, then the right one", device.log, await all_arrive(device, receiver, 8))]


async def front_restart(lab: Lab) -> list[Row]:
    """TLS is away in front of a server, and a room, that live on: nonces keep doubles away."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=500, count=16, host=tls.NAME, ca=chain.root)
    await device.line("accepted", n=3, within=20)
    await front.stop()
    lines = await device.lines("refused", 2, within=20)
    # The connection that was kept ends without a word; new ones are refused.
    logline.expect(lines[-1], logline.NO_CONNECTION)
    await front.start()
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    assert tally.gaps == tally.dropped, f"lost without a reason: {tally}"
    assert not tally.doubles
    assert tally.in_order
    return [Row.of("TLS killed, back after seconds", device.log, tally)]


async def server_restart(lab: Lab) -> list[Row]:
    """The server is away behind TLS that is not: the handshake is made, and then the connection ends without a word."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=1000, count=16, host=tls.NAME, ca=chain.root)
    tally = await survives_restart(server, receiver, device, attempts=2)
    errors = [line.error for line in device.log if line.kind == "refused"]
    assert any(re.search(logline.LOST, error) for error in errors), f"no connection ended without a word: {errors}"
    return [Row.of("server killed behind TLS", device.log, tally)]
