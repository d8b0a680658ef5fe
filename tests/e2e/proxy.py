"""A TCP relay in front of the real server that alters or replaces responses. Requests pass unchanged, and so do responses
while no fault is set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .feed import Feed

CHUNK = 65536


@dataclass(frozen=True)
class Fault:
    """What happens to one response: delayed by `delay_s`, altered by `change`, followed by `endless` every `every_s` until the
    device closes the connection, or by the end of the connection."""

    name: str
    change: Callable[[bytes], bytes] = lambda response: response
    delay_s: float = 0
    then_close: bool = False
    endless: bytes = b""
    every_s: float = 0.2


def cut(count: int) -> Fault:
    """The connection ends after `count` bytes of the response. The server has carried out the call."""
    where = f"after {count} bytes of the response" if count else "after the request"
    return Fault(f"connection closed {where}", lambda response: response[:count], then_close=True)


def delayed(seconds: float) -> Fault:
    return Fault(f"response after {seconds:g} s", delay_s=seconds)


def silent() -> Fault:
    """No response; the connection stays open."""
    return Fault("no response", delay_s=float("inf"))


def replaced(name: str, raw: bytes, then_close: bool = False) -> Fault:
    """These bytes instead of the server's."""
    return Fault(name, lambda _: raw, then_close=then_close)


def endless(name: str, raw: bytes, piece: bytes, every_s: float = 0.2) -> Fault:
    """`raw` instead of the server's response, and then `piece` again and again: the connection is never silent."""
    return Fault(name, lambda _: raw, endless=piece, every_s=every_s)


def chunked() -> Fault:
    """The server's response with the transfer encoding that the server uses for bodies from 2 KB on."""

    def change(response: bytes) -> bytes:
        headers, _, body = response.partition(b"\r\n\r\n")
        lines = [line for line in headers.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        return b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", chunk + b"0\r\n\r\n"])

    return Fault("chunked response", change)


FIELDS = b"X-Filler: 0123456789\r\n" * 200


def long_headers() -> Fault:
    """The server's response with 4 KB more of headers."""
    return Fault("response with 4 KB of headers", lambda response: response.replace(b"\r\n", b"\r\n" + FIELDS, 1))


class Proxy:
    """Listens on `port` once it is started. `fault` applies to the next response; `applied` has an entry for each response
    to which a fault was applied."""

    def __init__(self, server_port: int) -> None:
        self.port = 0
        self.fault: Fault | None = None
        self.applied: Feed[Fault] = Feed("proxy")
        self.accepted = 0  # connections
        self._server_port = server_port
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        self._listener = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._listener.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.accepted += 1
        self._connections.add(task)
        try:
            await self._relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # one side has closed; the close below tells the other one
        finally:
            self._connections.discard(task)
            writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        asked = asyncio.Event()

        async def requests() -> None:
            while data := await reader.read(CHUNK):
                asked.set()
                to_server.write(data)
                await to_server.drain()

        async def responses() -> None:
            while data := await from_server.read(CHUNK):
                # A fault applies to the first bytes of a response only: what follows belongs to it.
                fault = self.fault if asked.is_set() else None
                asked.clear()
                if fault:
                    self.fault = None
                    self.applied.append(fault)
                    await asyncio.sleep(fault.delay_s)
                    data = fault.change(data)
                writer.write(data)
                await writer.drain()
                while fault and fault.endless:
                    await asyncio.sleep(fault.every_s)
                    writer.write(fault.endless)
                    await writer.drain()
                if fault and fault.then_close:
                    return

        ways = [asyncio.create_task(requests()), asyncio.create_task(responses())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_server.close()
