"""Access tokens, made by LiveKit's own library; those that have to be refused, too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from livekit import api

from .server import Server


def device(server: Server, room: str, secret: str | None = None, lasts: timedelta = timedelta(hours=1)) -> str:
    """For a publisher: administers `room`, so may send data into it without taking part in it.

    Another `secret` or a negative `lasts` make a token that the server refuses. It forgives 60 s of clock.
    """
    grants = api.VideoGrants(room_admin=True, room=room)
    token = api.AccessToken(server.key, secret or server.secret)
    return token.with_identity("device").with_grants(grants).with_ttl(lasts).to_jwt()


def participant(
    server: Server, room: str, identity: str, metadata: str = "", attributes: Mapping[str, str] | None = None
) -> str:
    """For somebody who joins `room`."""
    grants = api.VideoGrants(room_join=True, room=room)
    token = api.AccessToken(server.key, server.secret).with_identity(identity).with_grants(grants)
    return token.with_metadata(metadata).with_attributes(dict(attributes or {})).to_jwt()
