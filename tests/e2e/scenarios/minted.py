"""Tokens that the crate mints and verifies, beside LiveKit's own library and before the server's door."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import timedelta

import aiohttp
import jwt
from livekit import api

from .. import hosted
from ..lab import Lab
from ..report import Row
from ..server import Server

IDENTITIES = [
    "sensor-7",
    'a "quoted" one',
    "back\\slash \\u0041 \\",
    "tab\tline\ncarriage\rbell\x07escape\x1bdelete\x7f",
    "Zoë 温度 🌡 \u2028 e\u0301 \u202e",
    "</script> {}[],:'",
    "x" * 256,
]


async def minted(lab: Lab) -> list[Row]:
    server = await lab.server()
    async with api.LiveKitAPI(server.http, server.key, server.secret) as client:
        await client.room.create_room(api.CreateRoomRequest(name=lab.room))
    return [
        await read_by_livekit(server),
        await read_by_the_crate(server),
        *await at_the_door(server, lab.room),
    ]


async def read_by_livekit(server: Server) -> Row:
    """What the crate mints says to LiveKit's library what it was told to say."""
    verifier = api.TokenVerifier(server.key, server.secret)
    for identity in IDENTITIES:
        for options in ((), ("--admin",)):
            began = int(time.time())
            times = ("--days", "30", "--not-before", "-5")
            token = await hosted.mint(server, "--room", identity, "--identity", identity, *times, *options)
            claims = verifier.verify(token)
            expected = api.VideoGrants(room=identity, room_join=not options, room_admin=True if options else None)
            assert (claims.identity, claims.video) == (identity, expected), f"{identity!r}: {claims}"
            said = jwt.decode(token, options={"verify_signature": False})
            assert said["iss"] == server.key
            assert 0 <= said["exp"] - began - 30 * 86_400 <= 2 and 0 <= said["nbf"] - began + 5 <= 2, said
    return Row(f"{2 * len(IDENTITIES)} tokens of the crate, read by livekit-api", "–", "the same claims")


async def read_by_the_crate(server: Server) -> Row:
    """And the other way round, with all that LiveKit's library writes."""
    for text in IDENTITIES:
        grants = api.VideoGrants(
            room=text,
            room_join=True,
            room_admin=True,
            can_publish=False,
            can_publish_sources=["camera", "screen_share_audio"],
            can_update_own_metadata=True,
            hidden=True,
        )
        made = api.AccessToken(server.key, server.secret).with_identity(text).with_grants(grants)
        token = made.with_name(text).with_metadata(text).with_attributes({text: text}).to_jwt()
        seen = await hosted.verify(server, token)
        assert seen.status == 0, f"{text!r}: {seen.err}"
        theirs = jwt.decode(token, options={"verify_signature": False})
        assert json.loads(seen.out) == theirs
        fields = {key: hosted.unescape(value) for key, value in re.findall(r'^ *(\w+): "?(.*?)"?,$', seen.err, re.M)}
        expected = {
            "issuer": server.key,
            "identity": text,
            "expires": str(theirs["exp"]),
            "room": text,
            "room_join": "true",
            "room_admin": "true",
            "room_create": "false",
            "hidden": "true",
        }
        assert expected.items() <= fields.items(), f"{text!r}: {seen.err}"
        optional = dict(re.findall(r"^ *(\w+): Some\(\s*(\w+)", seen.err, re.M))
        said = {"not_before": str(theirs["nbf"]), "can_publish": "false", "can_subscribe": "true"}
        said |= {"can_update_own_metadata": "true", "can_publish_sources": "Sources"}
        assert said.items() <= optional.items(), f"{text!r}: {seen.err}"
    return Row(f"{len(IDENTITIES)} tokens of livekit-api, read by the crate", "–", "the same claims")


async def at_the_door(server: Server, room: str) -> list[Row]:
    """The server, LiveKit's library and the crate's verifier are of one opinion about every token."""
    admin = ("--room", room, "--admin")
    good = await hosted.mint(server, *admin)
    payload = {"iss": server.key, "exp": int(time.time()) + 600, "video": {"roomAdmin": True, "room": room}}
    tokens = {
        "good": good,
        "expired 50 s ago": await hosted.mint(server, *admin, "--seconds", "-50"),
        "valid in 50 s": await hosted.mint(server, *admin, "--not-before", "50"),
        "without nbf and sub": jwt.encode(payload, server.secret, "HS256"),
    }
    refused = {
        "expired 70 s ago": await hosted.mint(server, *admin, "--seconds", "-70"),
        "expired an hour ago": await hosted.mint(server, *admin, "--seconds", "-3600"),
        "valid in 70 s": await hosted.mint(server, *admin, "--not-before", "70"),
        "signed with another secret": await hosted.mint(server, *admin, secret="0" * 40),
        "of an API key that there is not": await hosted.mint(server, *admin, key="nokey"),
        "payload altered": altered(good),
        "signature altered": ".".join([good.rpartition(".")[0], good.rpartition(".")[2][::-1]]),
        "signature cut": good[:-1],
        "signed by nothing": jwt.encode(payload, "", "none"),
        "signed by HS512": jwt.encode(payload, server.secret, "HS512"),
        "no token": "garbage",
    }
    accepted = 0
    rows = []
    async with aiohttp.ClientSession() as session:
        for what, token in (tokens | refused).items():
            expected = 401 if what in refused else 200
            status = await list_participants(session, server, room, token)
            seen = await hosted.verify(server, token)
            assert status == expected, f"token {what}: the server answers {status}"
            assert (seen.status == 0) == (status == 200), f"token {what}: the server {status}, the crate {seen}"
            assert by_livekit(server, token) == (status == 200), f"token {what}: livekit-api is of another opinion"
            accepted += status == 200
            if what in refused:
                said = re.sub(r"\d{10}", "…", seen.err.removeprefix("Error: ").strip())
                rows.append(Row(f"token {what}", f"`{said}`", "server 401, livekit-api and crate refuse"))
    what = f"{accepted} tokens: {', '.join(tokens)}"
    return [Row(what, "–", "server 200, livekit-api and crate accept"), *rows]


def altered(token: str) -> str:
    """A second longer, under the same signature."""
    head, said, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(said + "=="))
    claims["exp"] += 1
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return ".".join([head, other, signature])


def by_livekit(server: Server, token: str) -> bool:
    try:
        api.TokenVerifier(server.key, server.secret, leeway=timedelta(minutes=1)).verify(token)
    except jwt.InvalidTokenError:
        return False
    return True


async def list_participants(session: aiohttp.ClientSession, server: Server, room: str, token: str) -> int:
    url = f"{server.http}/twirp/livekit.RoomService/ListParticipants"
    async with session.post(url, json={"room": room}, headers={"Authorization": f"Bearer {token}"}) as answer:
        return answer.status
