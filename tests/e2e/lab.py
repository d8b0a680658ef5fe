"""The environment of a scenario: peers and devices that end with it, and a folder for their logs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from . import tokens
from .bridge import Bridge
from .clock import TimeServer
from .device import HOST, Device
from .firmware import Image
from .hosted import Hosted
from .names import PORT as NAMES_PORT
from .names import NameServer
from .operator import Operator
from .pair import PEER, Pair
from .peers import get
from .program import Program
from .proxy import Proxy
from .receiver import Receiver
from .redis import Redis
from .server import Server
from .tls import Chain, Front, GoFront
from .token_server import TokenServer
from .wire import Faults, Wire


PORTS: dict[int, asyncio.Lock] = {}


class Lab:
    """Each method starts something and pushes its end onto the stack: all is stopped in reverse order."""

    def __init__(self, name: str, folder: Path, image: Image | None, stack: AsyncExitStack) -> None:
        self.room = name
        self.image = image
        self.folder = folder
        self.devices: list[Device] = []
        self._stack = stack
        self._started = 0
        folder.mkdir(parents=True)

    async def server(self, version: str = "", suffix: str = "", **config: Any) -> Server:
        """Starts the newest server, or an older `version`. Where there are several, `suffix` names their folders."""
        name = f"server-{version}" if version else "server"
        server = Server(await get(name), self.folder / (name + suffix), **config)
        self._stack.push_async_callback(server.kill)
        await server.start()
        return server

    async def redis(self) -> Redis:
        """Starts a redis, whose address makes servers nodes of one cluster."""
        redis = Redis(await get("redis"), self.folder / "redis")
        self._stack.push_async_callback(redis.stop)
        await redis.start()
        return redis

    async def receiver(self, server: Server, identity: str = "operator", **described: Any) -> Receiver:
        receiver = Receiver(server, self.room, identity, **described)
        self._stack.push_async_callback(receiver.leave)
        await receiver.join()
        return receiver

    async def operator(self, server: Server) -> Operator:
        operator = await Operator.join(server, self.room)
        self._stack.push_async_callback(operator.leave)
        return operator

    async def bridge(self, server: Server, identity: str) -> Bridge:
        bridge = Bridge(server, self.room, identity)
        self._stack.push_async_callback(bridge.stop)
        await bridge.start()
        return bridge

    async def proxy(self, server: Server, port: int = 0) -> Proxy:
        """Starts a proxy. A given `port` is for one scenario at a time."""
        if port:
            await self._stack.enter_async_context(PORTS.setdefault(port, asyncio.Lock()))
        proxy = Proxy(server.port)
        await proxy.start(port)
        self._stack.push_async_callback(proxy.stop)
        return proxy

    async def front(self, server: Server, chain: Chain) -> Front:
        return await self._front(Front(await get("tls"), self.folder, chain, server.port))

    async def go_front(self, server: Server, chain: Chain) -> Front:
        return await self._front(GoFront(await get("participants"), self.folder, chain, server.port))

    async def _front(self, front: Front) -> Front:
        self._stack.push_async_callback(front.stop)
        await front.start()
        return front

    async def time_server(self, ahead_s: int = 0) -> TimeServer:
        """Starts a server of the time, which may be wrong by so many seconds."""
        self._started += 1
        server = TimeServer(await get("time"), self.folder / f"time-{self._started}", ahead_s)
        self._stack.push_async_callback(server.stop)
        await server.start()
        return server

    async def name_server(self, *names: str) -> NameServer:
        """Starts a name server: one scenario at a time has it."""
        await self._stack.enter_async_context(PORTS.setdefault(NAMES_PORT, asyncio.Lock()))
        server = NameServer(await get("names"), self.folder, *names)
        self._stack.push_async_callback(server.stop)
        await server.start()
        return server

    async def token_server(self, server: Server, start: bool = True, **options: int) -> TokenServer:
        """Starts a token server without devices, or only finds a port for it."""
        self._started += 1
        tokens = TokenServer(server, self.folder / f"tokens-{self._started}")
        self._stack.push_async_callback(tokens.stop)
        if start:
            await tokens.start(**options)
        return tokens

    def wire(self, faults: Faults) -> Wire:
        wire = Wire(faults)
        self._stack.callback(wire.stop)
        return wire

    async def program(self, example: Hosted, *arguments: str) -> Program:
        """Starts an example of the host."""
        program = await Program.start(example.path, self.folder, *arguments)
        self._stack.push_async_callback(program.stop)
        return program

    async def pair(self, server: Server, token: Callable[[str], str] | None = None, port: int = 0, **options: str) -> Pair:
        """Starts a device of the host and an SDK in a room of their own. `token` makes the device's; on `port` there may be a
        proxy in front of the server."""
        self._started += 1
        room = f"{self.room}-{self._started}"
        ours = token(room) if token else tokens.joining(server, room)
        pair = Pair(room, f"ws://127.0.0.1:{port or server.port}", ours, self.folder / f"pair-{self._started}", options)
        self._stack.push_async_callback(pair.leave)
        await pair.join(tokens.participant(server, room, PEER), server.ws)
        return pair

    async def device(
        self,
        server: Server,
        /,
        port: int = 0,
        text: str = "",
        image: Image | None = None,
        line: str = "none",
        **provisioning: Any,
    ) -> Device:
        """Runs the image, or another one, against the server, or against a proxy in front of it on `port`. Keys that are not given have valid
        values, and those that are `None` are absent; `text` replaces the whole provisioning."""
        image = image or self.image
        assert image, "a scenario of the host has no device"
        port = port or server.port
        keys = {
            "server": f"{HOST}:{port}",
            "host": f"{HOST}:{port}",
            "room": self.room,
            "topic": "readings",
            "token": tokens.device(server, self.room),
            **provisioning,
        }
        text = text or "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None)
        self._started += 1  # now: another one may be started while this one starts
        device = await Device.start(image, text, self.folder / f"device-{self._started}", line)
        self.devices.append(device)
        self._stack.push_async_callback(device.stop)
        return device
