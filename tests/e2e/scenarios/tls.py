"""The same over TLS: certificates that must be rejected, and outages of the TLS proxy."""

from __future__ import annotations

import re

from .. import logline, tls
from ..device import HOST
from ..lab import Lab
from ..readings import Tally
from ..report import Row
from ..tls import FAMILIES, NAME, Chain
from .outages import settled, survives_restart
from .steady import COUNT, all_received


async def trusted(lab: Lab) -> list[Row]:
    """One handshake for all readings, and a close that the server is told of."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=200, count=COUNT, host=tls.NAME, ca=chain.root)
    tally = await all_received(device, receiver, COUNT)
    assert len([line for line in device.log if line.kind == "secured"]) == 1, "the connection was not kept"
    await front.expect("Connection closed: ")  # "reset" otherwise
    return [Row.of(f"none ({lab.image})", device.log, tally)]


async def public(lab: Lab) -> list[Row]:
    """As in the Internet: the device finds servers by their names, is told the time by one of them, and trusts the roots of its
    firmware, which are not those of this server, unless its page says so. The proxy is Go's, whose records are long."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    clock = await lab.time_server()
    await lab.name_server(NAME, "time.test")
    chain = await Chain.make(lab.folder / "chain", FAMILIES["Let's Encrypt's RSA"], names=300)
    front = await lab.go_front(server, chain)
    where = {"server": None, "host": f"{NAME}:{front.port}", "dns": HOST, "time": f"time.test:{clock.port}"}
    rows = []
    device = await lab.device(server, interval_ms=500, **where)
    line = await device.line("retry", within=20)
    while re.search(logline.NO_TIME_YET, line.error):
        line = await device.log.first(lambda it: it.kind == "retry" and "NoTime" not in it.error, "another error", 20)
    logline.expect(line, logline.ISSUER)
    await device.stop()
    # embedded-tls does not encrypt its alert, which Go expects; OpenSSL takes it as it is.
    await front.expect("handshake: ")
    rows.append(Row.of("a root that is not the public's", device.log, Tally.of(device.log, [])))
    device = await lab.device(server, interval_ms=200, count=COUNT, ca=chain.root, **where)
    tally = await all_received(device, receiver, COUNT)
    rows.append(Row.of(f"names, time and a certificate of 300 names ({lab.image})", device.log, tally))
    return rows


async def families(lab: Lab) -> list[Row]:
    """Certificates as public authorities issue them: RSA and P-384, and roots that older ones have signed."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    rows = []
    for family, keys in tls.FAMILIES.items():
        chain = await tls.Chain.make(lab.folder / family.replace(" ", "-"), keys)
        front = await lab.front(server, chain)
        device = await lab.device(server, port=front.port, interval_ms=200, count=4, host=tls.NAME, ca=chain.root)
        rows.append(Row.of(f"{family} ({lab.image})", device.log, await all_received(device, receiver, 4)))
        await front.stop()
        receiver.packets.clear()
    return rows


async def rejected(lab: Lab) -> list[Row]:
    """A server with a certificate of another root or for another name gets no token from the device.

    The device retries, and the reason is in the server's log.
    """
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    other = await tls.Chain.make(lab.folder / "other")
    front = await lab.front(server, chain)
    wrong = {
        "certificate of another root": (tls.NAME, other, logline.ISSUER, "alert bad certificate"),
        "certificate of another name": ("other.test", chain, logline.NAME, "alert bad certificate"),
    }
    rows = []
    for happened, (host, trusts, error, alert) in wrong.items():
        device = await lab.device(server, port=front.port, interval_ms=500, host=host, ca=trusts.root)
        for line in await device.lines("retry", 2, within=20):
            logline.expect(line, error)
        await device.stop()
        await front.expect(alert)
        rows.append(Row.of(happened, device.log, Tally.of(device.log, [])))
    assert not receiver.packets
    return rows


async def renewed(lab: Lab) -> list[Row]:
    """The server's certificate is replaced by a valid one. It is for the server's address, which is the name that the device
    verifies if its provisioning has no `host`."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, await tls.Chain.make(lab.folder / "other"))
    device = await lab.device(server, port=front.port, interval_ms=300, count=8, ca=chain.root)
    for line in await device.lines("retry", 2, within=20):
        logline.expect(line, logline.ISSUER)
    await front.stop()
    front.use(chain)
    await front.start()
    return [Row.of("wrong certificate, then the right one", device.log, await all_received(device, receiver, 8))]


async def front_restart(lab: Lab) -> list[Row]:
    """The TLS proxy restarts, the server and its room stay: nonces prevent duplicates."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=500, count=16, host=tls.NAME, ca=chain.root)
    await device.line("accepted", n=3, within=20)
    await front.stop()
    lines = await device.lines("retry", 2, within=20)
    # The kept connection ends without an alert; new ones are refused.
    logline.expect(lines[-1], logline.NO_CONNECTION)
    await front.start()
    await device.succeeds(within=60)
    tally = await settled(device, receiver)
    assert tally.gaps == tally.dropped, f"lost without a reason: {tally}"
    assert not tally.duplicates
    assert tally.in_order
    return [Row.of("TLS proxy killed, back after seconds", device.log, tally)]


async def server_restart(lab: Lab) -> list[Row]:
    """The server restarts behind the TLS proxy: the handshake succeeds, then the connection ends without an alert."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(server, port=front.port, interval_ms=1000, count=16, host=tls.NAME, ca=chain.root)
    tally = await survives_restart(server, receiver, device, attempts=2)
    errors = [line.error for line in device.log if line.kind == "retry"]
    assert any(re.search(logline.LOST, error) for error in errors), f"no connection ended without an alert: {errors}"
    return [Row.of("server killed behind TLS", device.log, tally)]
