"""A TCP relay in front of the real server that spoils answers. Requests, and all answers while no fault is set, pass
untouched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .feed import Feed

CHUNK = 65536


@dataclass(frozen=True)
class Fault:
    """What becomes of an answer: it is held back for `delay_s`, changed by `change`, and perhaps was the last."""

    name: str
    change: Callable[[bytes], bytes] = lambda answer: answer
    delay_s: float = 0
    then_close: bool = False


def cut(count: int) -> Fault:
    """The connection ends after `count` bytes of the answer. The server has done what it was asked for."""
    where = f"after {count} bytes of the answer" if count else "after the request"
    return Fault(f"connection cut {where}", lambda answer: answer[:count], then_close=True)


def delayed(seconds: float) -> Fault:
    return Fault(f"answer after {seconds:g} s", delay_s=seconds)


def silent() -> Fault:
    """The answer never comes, the connection stays."""
    return Fault("no answer at all", delay_s=float("inf"))


def answered(name: str, raw: bytes, then_close: bool = False) -> Fault:
    """These bytes instead of the server's."""
    return Fault(name, lambda _: raw, then_close=then_close)


def chunked() -> Fault:
    """The server's own answer in HTTP's other form, which it uses for bodies from 2 KB on."""

    def change(answer: bytes) -> bytes:
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
        return b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", chunk + b"0\r\n\r\n"])

    return Fault("chunked answer", change)


FIELDS = b"X-Filler: 0123456789\r\n" * 200


def wordy() -> Fault:
    """The server's own answer with 4 KB of header fields more."""
    return Fault("answer with a header of 4 KB", lambda answer: answer.replace(b"\r\n", b"\r\n" + FIELDS, 1))


class Proxy:
    """Listens on `port` once it is started. `fault` is what the next answer meets; `spoilt` has an entry for each answer
    that met one."""

    def __init__(self, server_port: int) -> None:
        self.port = 0
        self.fault: Fault | None = None
        self.spoilt: Feed[Fault] = Feed("proxy")
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
        self._connections.add(task)
        try:
            await self._relay(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # one side is gone; the other learns it from the close below
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

        async def answers() -> None:
            while data := await from_server.read(CHUNK):
                # Only the start of an answer meets a fault: what follows belongs to it.
                fault = self.fault if asked.is_set() else None
                asked.clear()
                if fault:
                    self.fault = None
                    self.spoilt.append(fault)
                    await asyncio.sleep(fault.delay_s)
                    data = fault.change(data)
                writer.write(data)
                await writer.drain()
                if fault and fault.then_close:
                    return

        ways = [asyncio.create_task(requests()), asyncio.create_task(answers())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_server.close()
