"""A list that grows while others wait for what it will hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Late(AssertionError):
    """What was waited for did not come in time, or cannot come any more."""


class Feed(list[T], Generic[T]):
    """Items in the order in which they came. Only `append` and `close` wake those who wait."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.closed = False
        self._news = asyncio.Event()

    def append(self, item: T) -> None:
        super().append(item)
        self._wake()

    def close(self) -> None:
        """Nothing more will come: who still waits for it is told so at once."""
        self.closed = True
        self._wake()

    async def until(self, wanted: Callable[[list[T]], R | None], what: str, within: float) -> R:
        """The first true value of `wanted`, which is asked anew whenever an item has come."""
        try:
            async with asyncio.timeout(within):
                while not (found := wanted(self)):
                    if self.closed:
                        raise Late(f"{self.name} ended before {what}{self._tail()}")
                    await self._news.wait()
                return found
        except TimeoutError:
            raise Late(f"{self.name}: no {what} within {within:g} s{self._tail()}") from None

    async def first(self, wanted: Callable[[T], object], what: str, within: float, start: int = 0) -> T:
        """The first item, from index `start` on, that is wanted."""
        found = await self.until(
            lambda items: next(([item] for item in items[start:] if wanted(item)), None), what, within
        )
        return found[0]

    async def follow(self) -> AsyncIterator[T]:
        """Each item when it comes, from the first one on, until nothing more will come."""
        done = 0
        while True:
            while done < len(self):
                yield self[done]
                done += 1
            if self.closed:
                return
            await self._news.wait()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _tail(self) -> str:
        lines = "".join(f"\n    {item}" for item in self[-5:])
        return f"; the last of {len(self)}:{lines}" if lines else "; nothing came"
