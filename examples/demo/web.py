"""Serves the page and the two libraries that it uses, from their npm packages: no bundler, no network."""

from __future__ import annotations

import secrets
from pathlib import Path

from aiohttp import web

from e2e import tokens
from e2e.server import Server

PAGE = Path(__file__).parent / "page"


class Web:
    """Listens on a free port of the loopback. `identities` are those of the pages, the latest last."""

    def __init__(self, server: Server, room: str, packages: Path) -> None:
        self.server, self.room, self.packages = server, room, packages
        self.identities: list[str] = []
        self._files = {
            "/": PAGE / "index.html",
            "/page.js": PAGE / "page.js",
            "/device.js": PAGE / "device.js",
            "/page.css": PAGE / "page.css",
            "/livekit.js": packages / "node_modules/livekit-client/dist/livekit-client.umd.js",
            "/uplot.js": packages / "node_modules/uplot/dist/uPlot.iife.min.js",
            "/uplot.css": packages / "node_modules/uplot/dist/uPlot.min.css",
        }

    async def start(self) -> str:
        """Returns the URL."""
        app = web.Application()
        app.router.add_get("/connection", self._connection)
        for path in self._files:
            app.router.add_get(path, self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _connection(self, _: web.Request) -> web.Response:
        """Returns the URL of the server and a token with an identity of its own: two pages with one would disconnect each other."""
        self.identities.append(f"page-{secrets.token_hex(3)}")
        token = tokens.participant(self.server, self.room, self.identities[-1])
        return web.json_response({"url": self.server.ws, "token": token})

    async def _file(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self._files[request.path])
