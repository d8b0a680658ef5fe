"""The same over TLS, and certificates that are not to be trusted."""

from __future__ import annotations

from .. import logline, tls
from ..lab import Lab
from ..readings import Tally
from ..report import Row
from .steady import COUNT, all_arrive


async def trusted(lab: Lab) -> list[Row]:
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    front = await lab.front(server, chain)
    device = await lab.device(
        server, port=front.port, interval_ms=200, count=COUNT, host=tls.NAME, ca=chain.root
    )
    return [Row.of("nothing, over TLS", device.log, await all_arrive(device, receiver, COUNT))]


async def refused(lab: Lab) -> list[Row]:
    """A server that somebody else vouches for, and one that has another name, get no token from the device."""
    server = await lab.server()
    receiver = await lab.receiver(server)
    chain = await tls.Chain.make(lab.folder / "chain")
    other = await tls.Chain.make(lab.folder / "other")
    front = await lab.front(server, chain)
    wrong = {
        "certificate of another root": {"host": tls.NAME, "ca": other.root},
        "certificate of another name": {"host": "other.test", "ca": chain.root},
    }
    rows = []
    for happened, provisioning in wrong.items():
        device = await lab.device(server, port=front.port, interval_ms=500, **provisioning)
        logline.expect(await device.line("refused", within=20), logline.ISSUER)
        await device.stop()
        rows.append(Row.of(happened, device.log, Tally.of(device.log, [])))
    assert not receiver.packets
    return rows
