"""A participant with LiveKit's Python SDK: sdk.py URL TOKEN. ../README.md has the lines of JSON that it is told by."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from livekit import rtc

TOPICS = ("text", "bytes")
# What an incremental writer is given at a time.
PIECE = 7_000


def tell(**fields: Any) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def content(data: bytes) -> dict[str, Any]:
    return {"len": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def options() -> rtc.RoomOptions:
    """Encrypts if there is a passphrase."""
    passphrase = os.environ.get("PASSPHRASE", "")
    if not passphrase:
        return rtc.RoomOptions()
    keys = rtc.KeyProviderOptions(shared_key=passphrase.encode())
    return rtc.RoomOptions(encryption=rtc.E2EEOptions(key_provider_options=keys))


class Participant:
    def __init__(self) -> None:
        self.room = rtc.Room()
        self.tasks: set[asyncio.Task[None]] = set()
        self.unfinished: list[Any] = []  # a writer that is dropped ends its stream
        self.track: Any = None
        self.room.on("data_received", self.received)
        self.room.on("participant_connected", self.present)
        self.room.on("participant_attributes_changed", lambda _, who: self.present(who))
        self.room.on("data_track_published", lambda track: self.start(self.frames(track)))
        self.room.on("participant_disconnected", self.gone)
        for topic in TOPICS:
            self.room.register_text_stream_handler(topic, lambda reader, who: self.start(self.text(reader, who)))
            self.room.register_byte_stream_handler(topic, lambda reader, who: self.start(self.bytes(reader, who)))

    async def join(self, url: str, token: str) -> None:
        await self.room.connect(url, token, options())
        for method in (self.echo, self.fail, self.crash, self.grow, self.slow, self.leave):
            self.room.local_participant.register_rpc_method(method.__name__, self.called(method))
        tell(event="me", identity=self.room.local_participant.identity, sid=self.room.local_participant.sid)
        for who in self.room.remote_participants.values():
            self.present(who)
        tell(event="ready")

    def start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def present(self, who: rtc.RemoteParticipant) -> None:
        tell(event="present", identity=who.identity, sid=who.sid, attributes=dict(who.attributes))

    def gone(self, who: rtc.RemoteParticipant) -> None:
        reason = who.disconnect_reason
        tell(event="gone", identity=who.identity, reason="" if reason is None else rtc.DisconnectReason.Name(reason))

    def received(self, packet: rtc.DataPacket) -> None:
        sender = packet.participant.identity if packet.participant else ""
        tell(event="data", topic=packet.topic or "", content=content(bytes(packet.data)), **{"from": sender})

    async def text(self, reader: rtc.TextStreamReader, who: str) -> None:
        parts, error = [], ""
        try:
            async for part in reader:
                parts.append(part)
        except Exception as failed:
            error = str(failed)
        attached = list(reader.info.attachments)
        self.stream(reader.info, who, "".join(parts).encode(), error, text=True, name="", attached=attached)

    async def bytes(self, reader: rtc.ByteStreamReader, who: str) -> None:
        parts, error = [], ""
        try:
            async for part in reader:
                parts.append(part)
        except Exception as failed:
            error = str(failed)
        self.stream(reader.info, who, b"".join(parts), error, text=False, name=reader.info.name, id=reader.info.stream_id)

    async def frames(self, track: rtc.RemoteDataTrack) -> None:
        async for frame in track.subscribe():
            tell(event="frame", name=track.info.name, content=content(frame.payload), **{"from": track.publisher_identity})

    def stream(self, info: Any, who: str, data: bytes, error: str, **more: Any) -> None:
        attributes = dict(info.attributes or {})
        told = {"topic": info.topic, "total": info.size, "mime": info.mime_type, "attributes": attributes}
        tell(event="stream", content=content(data), error=error, **told, **more, **{"from": who})

    def called(self, method: Any) -> Any:
        async def handler(call: rtc.RpcInvocationData) -> str:
            told = content(call.payload.encode())
            tell(event="call", method=method.__name__, content=told, **{"from": call.caller_identity})
            return await method(call.payload)

        return handler

    async def echo(self, payload: str) -> str:
        return payload

    async def fail(self, payload: str) -> str:
        raise rtc.RpcError(2001, "stuck", payload)

    async def crash(self, payload: str) -> str:
        raise RuntimeError("not for the caller")

    async def grow(self, payload: str) -> str:
        return "x" * 15_361

    async def slow(self, payload: str) -> str:
        await asyncio.sleep(int(payload) / 1000)
        return "late"

    async def leave(self, payload: str) -> str:
        self.start(self.room.disconnect())
        await asyncio.sleep(60)
        return "too late"

    async def command(self, line: str) -> None:
        command = json.loads(line)
        try:
            tell(id=command["id"], result=await getattr(self, f"do_{command['do']}")(command))
        except rtc.RpcError as error:
            failed = {"code": int(error.code), "message": error.message, "data": error.data or ""}
            tell(id=command["id"], error=failed)
        except Exception as error:
            tell(id=command["id"], error={"code": 0, "message": f"{type(error).__name__}: {error}", "data": ""})

    async def do_publish(self, it: dict[str, Any]) -> dict[str, Any]:
        payload = Path(it["file"]).read_bytes()
        await self.room.local_participant.publish_data(
            payload, reliable=not it["lossy"], destination_identities=it["to"], topic=it["topic"]
        )
        return {}

    async def do_attributes(self, it: dict[str, Any]) -> dict[str, Any]:
        await self.room.local_participant.set_attributes(it["attributes"])
        return {}

    async def do_track(self, it: dict[str, Any]) -> dict[str, Any]:
        self.track = await self.room.local_participant.publish_data_track(name=it["name"])
        return {}

    async def do_frame(self, it: dict[str, Any]) -> dict[str, Any]:
        self.track.try_push(rtc.DataTrackFrame(Path(it["file"]).read_bytes()))
        return {}

    async def do_end_track(self, it: dict[str, Any]) -> dict[str, Any]:
        await self.track.unpublish()
        return {}

    async def do_key(self, it: dict[str, Any]) -> dict[str, Any]:
        assert self.room.e2ee_manager.key_provider
        self.room.e2ee_manager.key_provider.set_shared_key(Path(it["file"]).read_bytes(), it["index"])
        return {}

    async def do_call(self, it: dict[str, Any]) -> dict[str, Any]:
        result = await self.room.local_participant.perform_rpc(
            destination_identity=it["to"],
            method=it["method"],
            payload=Path(it["file"]).read_bytes().decode(),
            response_timeout=it["timeout_ms"] / 1000,
        )
        return content(result.encode())

    async def do_stream(self, it: dict[str, Any]) -> dict[str, Any]:
        me = self.room.local_participant
        said: dict[str, Any] = {
            "topic": it["topic"], "destination_identities": it["to"], "attributes": it["attributes"]
        }
        data = Path(it["file"]).read_bytes()
        if it["form"] == "whole":
            if it["text"]:
                await me.send_text(data.decode(), **said)
            else:
                await me.send_bytes(data, name=it["name"] or None, mime_type=it["mime"] or None, **said)
            return {}
        whole: Any = data.decode() if it["text"] else data
        writer: Any
        if it["form"] == "unfinished":
            said["total_size"] = len(data)
        if it["text"]:
            writer = await me.stream_text(**said)
        else:
            mime = it["mime"] or "application/octet-stream"
            writer = await me.stream_bytes(it["name"] or "unknown", mime_type=mime, **said)
        if it["reason"] or it["form"] == "unfinished":
            whole = whole[: len(whole) // 2]
        for at in range(0, len(whole), PIECE):
            await writer.write(whole[at : at + PIECE])
        if it["form"] == "unfinished":
            self.unfinished.append(writer)
        else:
            await writer.aclose(reason=it["reason"], attributes=it["trailer"])
        return {}


async def main(kind: type[Participant]) -> None:
    participant = kind()
    await participant.join(*sys.argv[1:])
    stdin = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    async for line in stdin:
        participant.start(participant.command(line.decode()))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(3):
            await participant.room.disconnect()
    os._exit(0)  # the SDK's native threads may not end


if __name__ == "__main__":
    asyncio.run(main(Participant))
