"""Access tokens made by LiveKit's own library, valid and invalid ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from livekit import api

from .server import Server


def device(server: Server, room: str, secret: str | None = None, lasts: timedelta = timedelta(hours=1)) -> str:
    """For a device: with `roomAdmin` for `room`.

    The server rejects it with another `secret` or a negative `lasts`; its leeway is 60 s.
    """
    grants = api.VideoGrants(room_admin=True, room=room)
    token = api.AccessToken(server.key, secret or server.secret)
    return token.with_identity("device").with_grants(grants).with_ttl(lasts).to_jwt()


def joining(
    server: Server,
    room: str,
    secret: str | None = None,
    lasts: timedelta = timedelta(hours=1),
    may_join: bool = True,
) -> str:
    """For a device that joins `room` and does nothing but data."""
    grants = api.VideoGrants(
        room_join=may_join, room=room, can_publish=False, can_subscribe=False, can_publish_data=True
    )
    token = api.AccessToken(server.key, secret or server.secret)
    return token.with_identity("device").with_grants(grants).with_ttl(lasts).to_jwt()


def participant(
    server: Server,
    room: str,
    identity: str,
    metadata: str = "",
    attributes: Mapping[str, str] | None = None,
    is_agent: bool = False,
) -> str:
    """For a participant of `room`."""
    grants = api.VideoGrants(room_join=True, room=room, agent=is_agent, can_update_own_metadata=True)
    token = api.AccessToken(server.key, server.secret).with_identity(identity).with_grants(grants)
    if is_agent:
        token = token.with_kind("agent")
    return token.with_metadata(metadata).with_attributes(dict(attributes or {})).to_jwt()
