"""What is said to an agent, and what it says."""

from __future__ import annotations

from .. import content
from . import BACK, OUT, Feature, Pair
from .streams import fields

WORDS = "turn the größe of the lamp to 温度 🌡 please"


async def spoken(pair: Pair, direction: str) -> None:
    """The agent says again what the device says to it. Its speech comes in pieces; only the trailer says that it is final."""
    start = len(pair.device.events)
    sent = content.exactly(pair.contents, WORDS if direction == OUT else f"{WORDS}!")
    said = fields(pair.peer, topic="lk.chat")
    await pair.device.do("stream", file=str(sent.path), text=True, form="whole", **said)
    event = await pair.device.event("stream", lambda event: event["topic"] == "lk.transcription", start=start)
    assert (event["from"], event["error"], event["text"]) == (pair.peer.identity, "", True), event
    wanted = content.exactly(pair.contents, sent.path.read_bytes().decode() + " ")
    assert event["content"] == wanted.told, event
    if direction == BACK:
        assert event["attributes"]["lk.transcription_final"] == "true", event
        assert event["attributes"]["lk.segment_id"].startswith("SG_"), event
    # The state of its session, broadcast on lk.agent.session, is of a topic that this device does not want.
    others = {e.get("topic") for e in pair.device.events[start:] if e["event"] in ("stream", "data")}
    assert others == {"lk.transcription"}, others


NO_AGENT = "only an agent listens to lk.chat and speaks on lk.transcription"
FEATURES = [
    Feature("lk.chat to an agent, lk.transcription of it", spoken, {kind: NO_AGENT for kind in ("python", "go", "js")}),
]
