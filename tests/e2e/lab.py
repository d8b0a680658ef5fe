"""What a scenario works in: peers and devices that end with it, and a folder for their logs."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from . import tokens
from .device import HOST, Device
from .firmware import Image
from .peers import get
from .proxy import Proxy
from .receiver import Receiver
from .server import Server
from .tls import Chain, Front


class Lab:
    """Each method starts something and puts its end on the stack, so that all is undone in the other order."""

    def __init__(self, name: str, folder: Path, image: Image | None, stack: AsyncExitStack) -> None:
        self.room = name
        self.image = image
        self.folder = folder
        self.devices: list[Device] = []
        self._stack = stack
        folder.mkdir(parents=True)

    async def server(self, **config: Any) -> Server:
        server = Server(await get("server"), self.folder, **config)
        self._stack.push_async_callback(server.kill)
        await server.start()
        return server

    async def receiver(self, server: Server, identity: str = "operator", **described: Any) -> Receiver:
        receiver = Receiver(server, self.room, identity, **described)
        self._stack.push_async_callback(receiver.leave)
        await receiver.join()
        return receiver

    async def proxy(self, server: Server, port: int = 0) -> Proxy:
        proxy = Proxy(server.port)
        await proxy.start(port)
        self._stack.push_async_callback(proxy.stop)
        return proxy

    async def front(self, server: Server, chain: Chain) -> Front:
        front = Front(await get("tls"), self.folder, chain, server.port)
        self._stack.push_async_callback(front.stop)
        await front.start()
        return front

    async def device(self, server: Server, port: int = 0, text: str = "", **provisioning: Any) -> Device:
        """Runs the image against the server, or what listens on `port` in front of it. What is not said is right.
        `text` stands in place of all the rest."""
        assert self.image, "a scenario of the host has no device"
        port = port or server.port
        said = {
            "server": f"{HOST}:{port}",
            "host": f"{HOST}:{port}",
            "room": self.room,
            "topic": "readings",
            "token": tokens.device(server, self.room),
            **provisioning,
        }
        text = text or "".join(f"{key} = {value}\n" for key, value in said.items())
        device = await Device.start(self.image, text, self.folder / f"device-{len(self.devices) + 1}")
        self.devices.append(device)
        self._stack.push_async_callback(device.stop)
        return device
