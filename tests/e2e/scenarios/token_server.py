"""The example token-server over HTTP: who gets a token, and who does not."""

from __future__ import annotations

import asyncio
import secrets
import time

import aiohttp
import jwt
from livekit import api, rtc

from ..lab import Lab
from ..report import Seen
from ..server import Server
from ..token_server import Asking, TokenServer, body, proof

SENSOR, OTHER = "sensor-7", "sensor-8"
REFUSED = (403, "refused")
NONCE_S = 1


async def asked(lab: Lab) -> list[Seen]:
    server = await lab.server()
    tokens = await lab.token_server(server)
    keys = {identity: tokens.admit(identity, lab.room) for identity in (SENSOR, OTHER)}
    async with aiohttp.ClientSession() as session:
        device = Asking(tokens, session)
        rows = [
            await _granted(lab, server, device, keys),
            await _refused(device, keys),
            await _malformed(tokens, device, keys),
            await _dismissed(lab, tokens, device, keys),
        ]
    rows.append(await _late(lab, server))
    return rows


async def _granted(lab: Lab, server: Server, device: Asking, keys: dict[str, str]) -> Seen:
    """A token of 10 minutes that allows to join this room and to publish data, and nothing else; the server takes it."""
    nonce = await device.nonce()
    status, token = await device.post(body(keys[SENSOR], SENSOR, nonce))
    assert status == 200, (status, token)
    claims = api.TokenVerifier(server.key, server.secret).verify(token)
    may = api.VideoGrants(
        room=lab.room, room_join=True, can_publish=False, can_subscribe=False, can_publish_data=True
    )
    assert (claims.identity, claims.video) == (SENSOR, may), claims
    lasts = jwt.decode(token, options={"verify_signature": False})["exp"] - time.time()
    assert 590 < lasts <= 601, f"it lasts {lasts} s"
    receiver = await lab.receiver(server)
    joined = rtc.Room()
    await joined.connect(server.ws, token)
    await receiver.present(SENSOR, within=5)
    await joined.local_participant.publish_data(b"21.5", topic="readings")
    await receiver.packets.first(lambda it: (it.sender, it.payload) == (SENSOR, b"21.5"), "packet", within=5)
    await joined.disconnect()
    return Seen("the right proof", "a token for one room, data only, 10 minutes", "joined and published with it")


async def _refused(device: Asking, keys: dict[str, str]) -> Seen:
    """All that proves nothing has the same answer. A nonce is not used up by it."""
    nonce = await device.nonce()
    right = proof(keys[SENSOR], SENSOR, nonce)
    foreign = secrets.token_hex(len(nonce) // 2)
    later = f"{int(nonce[:16], 16) + 60_000:016x}{nonce[16:]}"
    wrong = {
        "another key": body(secrets.token_hex(32), SENSOR, nonce),
        "the key of another device": body(keys[OTHER], SENSOR, nonce),
        "the proof of another device": f"{SENSOR}\n{nonce}\n{proof(keys[OTHER], OTHER, nonce)}",
        "the proof for another nonce": f"{SENSOR}\n{nonce}\n{proof(keys[SENSOR], SENSOR, await device.nonce())}",
        "one digit changed": f"{SENSOR}\n{nonce}\n{right[:-1]}{int(right[-1], 16) ^ 1:x}",
        "the first half of the proof": f"{SENSOR}\n{nonce}\n{right[:32]}",
        "the proof twice": f"{SENSOR}\n{nonce}\n{right}{right}",
        "an empty proof": f"{SENSOR}\n{nonce}\n",
        "a proof that is not hexadecimal": f"{SENSOR}\n{nonce}\n{'+' * 64}",
        "an unknown device": body(keys[SENSOR], "sensor-9", nonce),
        "a nonce that was never given": body(keys[SENSOR], SENSOR, foreign),
        "a nonce that says to last longer": body(keys[SENSOR], SENSOR, later),
        "half a nonce": body(keys[SENSOR], SENSOR, nonce[:32]),
        "no nonce": body(keys[SENSOR], SENSOR, ""),
    }
    for what, said in wrong.items():
        answer = await device.post(said)
        assert answer == REFUSED, f"{what}: {answer}"
    assert (await device.post(body(keys[SENSOR], SENSOR, nonce)))[0] == 200, "the nonce is used up"
    for identity in (SENSOR, OTHER):
        answer = await device.post(body(keys[identity], identity, nonce))
        assert answer == REFUSED, f"the nonce again, by {identity}: {answer}"
    return Seen(f"{len(wrong)} wrong proofs and nonces, and a nonce again", "–", "403, all with the same answer")


async def _malformed(tokens: TokenServer, device: Asking, keys: dict[str, str]) -> Seen:
    """What is no request is answered, and does not disturb it."""
    nonce = await device.nonce()
    whole = body(keys[SENSOR], SENSOR, nonce)
    answers = {
        "an empty body": (b"", 400),
        "two lines": (whole.rpartition("\n")[0].encode(), 400),
        "four lines": (f"{whole}\nmore".encode(), 400),
        "not UTF-8": (b"\xff\n\xff\n\xff", 400),
        "too long": (b"x" * 5_000, 413),
    }
    for what, (said, expected) in answers.items():
        status, text = await device.post(said)
        assert status == expected, f"{what}: {status} {text}"
    raw = {
        b"hello\r\n\r\n": 400,
        b"GET /token HTTP/1.1\r\n\r\n": 405,
        b"POST /nonce HTTP/1.1\r\nContent-Length: 0\r\n\r\n": 405,
        b"GET /devices.txt HTTP/1.1\r\n\r\n": 404,
        b"POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n": 411,
        b"POST /token HTTP/1.1\r\nContent-Length: -1\r\n\r\n": 413,
        b"POST /token HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n": 413,
        b"GET /nonce HTTP/1.1\r\n" + b"X: y\r\n" * 100: 400,
        # While others are served.
        b"POST /token HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf": 408,
        b"GET /non": 408,
    }
    statuses = asyncio.gather(*(_status(tokens, said) for said in raw))
    assert (await device.post(whole))[0] == 200
    assert not statuses.done(), "no request was slow"
    seen = dict(zip(raw, await statuses))
    assert seen == raw, seen
    return Seen(f"{len(answers) + len(raw)} malformed requests", "–", "400 to 413; others are served meanwhile")


async def _status(tokens: TokenServer, said: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", tokens.port)
    writer.write(said)
    answer = await reader.read()
    writer.close()
    return int(answer.split()[1])


async def _dismissed(lab: Lab, tokens: TokenServer, device: Asking, keys: dict[str, str]) -> Seen:
    """A device whose line is deleted gets no token any more, one that is added gets one, without a restart."""
    tokens.dismiss(OTHER)
    answer = await device.post(body(keys[OTHER], OTHER, await device.nonce()))
    assert answer == REFUSED, answer
    key = tokens.admit(OTHER, lab.room)
    assert (await device.post(body(key, OTHER, await device.nonce())))[0] == 200
    return Seen("a device is dismissed, and admitted with another key", "–", "403, then a token")


async def _late(lab: Lab, server: Server) -> Seen:
    """A nonce ends, and those of a server that ran before do not count."""
    tokens = await lab.token_server(server, nonce_seconds=NONCE_S)
    key = tokens.admit(SENSOR, lab.room)
    async with aiohttp.ClientSession() as session:
        device = Asking(tokens, session)
        nonce = await device.nonce()
        await asyncio.sleep(NONCE_S + 0.1)  # it is this time that counts
        answer = await device.post(body(key, SENSOR, nonce))
        assert answer == REFUSED, answer
        nonce = await device.nonce()
        await tokens.stop()
        await tokens.start()
        answer = await device.post(body(key, SENSOR, nonce))
        assert answer == REFUSED, answer
        assert (await device.post(body(key, SENSOR, await device.nonce())))[0] == 200
    return Seen("a nonce of a second before, and one of before a restart", "–", "403; with a new one a token")
