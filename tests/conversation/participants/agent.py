"""An agent of livekit-agents without models: agent.py URL TOKEN. What is said to it on lk.chat it says again; besides it does
what sdk.py does, with the SDK that livekit-agents wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from livekit.agents import Agent, AgentSession, room_io
from sdk import Participant, main


class Speaker(Participant):
    async def join(self, url: str, token: str) -> None:
        await super().join(url, token)
        self.session: AgentSession[Any] = AgentSession()
        options = room_io.RoomOptions(
            text_input=room_io.TextInputOptions(text_input_cb=self.said),
            audio_input=False,
            audio_output=False,
            participant_identity="device",
        )
        await self.session.start(Agent(instructions=""), room=self.room, room_options=options)

    async def said(self, session: AgentSession[Any], event: room_io.TextInputEvent) -> None:
        # In parts, as a model speaks.
        async def words() -> AsyncIterator[str]:
            for word in event.text.split(" "):
                yield f"{word} "
                await asyncio.sleep(0.01)

        await session.say(words())


asyncio.run(main(Speaker))
