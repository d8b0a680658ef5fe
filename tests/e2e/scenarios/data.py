"""Devices that speak over data channels: a lamp that is called, a panel that follows a transcription and sends a file."""

from __future__ import annotations

import asyncio

from livekit import rtc

from ..lab import Lab
from ..report import Row

LOG = bytes(b"0123456789abcdef"[at % 16] for at in range(20_000))


async def lamp(lab: Lab) -> list[Row]:
    """The Python SDK calls the lamp's method; what the lamp does not know is an error with the SDKs' code."""
    server = await lab.server()
    operator = await lab.receiver(server)
    bridge = await lab.bridge(server, "lamp")
    device = await lab.device(server, port=bridge.port)
    await operator.present("lamp", within=20)
    took = []
    for payload, expected in (("on", "on"), ("off", "off"), ("dim", 1), ("on", "on")):
        result, ms = await operator.call("lamp", "lamp", payload)
        assert result == expected, (payload, result)
        took.append(ms)
    result, _ = await operator.call("lamp", "explode", "")
    assert result == rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD, result
    # Its log comes a little after the fact.
    switched = [line.groups["state"] for line in await device.lines("lamp", 3, within=5)]
    assert switched == ["on", "off", "on"], switched
    await bridge.stop()
    await device.ended(within=10)
    return [Row(f"5 calls ({lab.image})", "each switched once", f"responses after {', '.join(map(str, took))} ms")]


async def panel(lab: Lab) -> list[Row]:
    """An agent's line is shown once it is final, a user's interim results replace each other; the log file arrives whole."""
    server = await lab.server()
    agent = await lab.receiver(server, identity="agent")
    file: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    agent.receive_file("log", file)
    bridge = await lab.bridge(server, "panel")
    device = await lab.device(server, port=bridge.port)
    assert await asyncio.wait_for(file, 30) == LOG
    await agent.transcribe("SG_1", ["Good ", "morning. ", "x" * 3000, " The end."])
    line = await device.line("final", within=10)
    assert line.groups["text"].endswith("x The end."), line
    await agent.transcribe("SG_2", ["hello"], is_final=False)
    line = await device.line("interim", within=10)
    assert line.groups["text"] == "hello", line
    await agent.send_text("lk.agent.session", "not wanted")
    await bridge.stop()
    await device.ended(within=10)
    shown = [line.kind for line in device.log if line.kind in ("final", "interim")]
    assert shown == ["final", "interim"], shown
    what = f"a file of {len(LOG)} bytes received; a text of 3 KB shown through a buffer of 1280 bytes"
    return [Row(f"transcription and log file ({lab.image})", "final, interim", what)]
