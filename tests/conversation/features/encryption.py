"""End-to-end encryption: that it is there, and what becomes of what is not encrypted."""

from __future__ import annotations

from livekit.protocol.models import DataPacket, RpcRequest, UserPacket

from .. import content
from . import BACK, OUT, Feature, Pair


async def sealed(pair: Pair, direction: str, said: str = "") -> None:
    """Who has no key sees who sends, and nothing of it."""
    sender, receiver = pair.ends(direction)
    start, before = len(pair.bystander.packets), len(receiver.events)
    secret = said or f"secret {direction}"
    sent = content.exactly(pair.contents, secret)
    await sender.do("publish", file=str(sent.path), topic=secret, to=[], lossy=False)
    event = await receiver.event("data", lambda event: event["topic"] == secret, start=before)
    assert event["content"] == sent.told, event
    packet = await pair.bystander.packets.first(
        lambda packet: packet.participant_identity == sender.identity, "packet", 20, start
    )
    assert packet.WhichOneof("value") == "encrypted_packet", packet
    assert len(packet.encrypted_packet.iv) == 12 and secret.encode() not in packet.SerializeToString(), packet


async def refused(pair: Pair, direction: str) -> None:
    """The device tells that a packet is not encrypted, and does nothing of what it says."""
    start = len(pair.device.events)
    for value in ({"user": UserPacket(payload=b"plain")}, {"rpc_request": RpcRequest(id="x", method="echo", version=1)}):
        sent_after = len(pair.device.events)
        pair.bystander.send(DataPacket(destination_identities=["device"], **value))
        await pair.device.event("refused", start=sent_after)
    await sealed(pair, direction)
    seen = [event["event"] for event in pair.device.events[start:]]
    assert seen == ["refused", "refused", "data"], seen
    assert not [packet for packet in pair.bystander.packets if packet.HasField("rpc_ack")], "it has acknowledged"


async def changed(pair: Pair, direction: str) -> None:
    """The key is another one from now on, and then the first one again."""
    for said, index in (("another key", pair.column.next_key), (pair.room.passphrase, 0)):
        key = content.exactly(pair.contents, said)
        for participant in (pair.device, pair.peer):
            await participant.do("key", file=str(key.path), index=index)
        await sealed(pair, direction, f"by {said} {direction}")


PLAIN = "nothing is encrypted"
FEATURES = [
    Feature("what is sent is encrypted", sealed, left_out_plain=PLAIN),
    Feature("keys that change", changed, left_out_plain=PLAIN),
    Feature("what is not encrypted is refused", refused, {OUT: "SDKs deliver what is not encrypted"}, left_out_plain=PLAIN),
]
