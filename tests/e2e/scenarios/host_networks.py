"""A device on the host, and whatever its network does: it loses, repeats and reorders, it is gone, it is another one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from conversation.participant import Participant

from ..lab import Lab
from ..pair import Broken, Failed, Numbers, Pair, told
from ..report import Seen

STREAMED = 100_000
# Each way.
CALLS = 5


async def worse(lab: Lab, loss: int) -> list[Seen]:
    """So many of a hundred datagrams are lost, either way; besides, some come twice, and some after the next."""
    count = 100
    server = await lab.server()
    began = time.monotonic()
    pair = await lab.pair(server, LOSS=str(10 * loss), DUPLICATE="50", REORDER="100", SEED=str(loss))
    joined = time.monotonic() - began
    reliable, lossy = pair.numbers(), pair.numbers(lossy=True)
    began = time.monotonic()
    await asyncio.gather(*(numbers.send(count) for numbers in (*reliable, *lossy)))
    for numbers in reliable:
        await numbers.settled(within=60)
    late = 0
    for sender, receiver in pair.ways:
        for _ in range(CALLS):
            late += await _times_out(pair.call(sender, receiver, "over a bad network"))
    # Both ends wait longer from loss to loss: an acknowledgement that is lost three times comes after its 7 s.
    assert late <= (0 if loss < 10 else CALLS), f"{late} of {2 * CALLS} calls timed out"
    # For the same reason a stream may come to nothing: a device gives up one that stands still for 30 s.
    again = sum(await asyncio.gather(*(_again(pair, *way) for way in pair.ways)))
    assert not again or loss >= 10, f"{again} streams were sent again"
    took = time.monotonic() - began
    arrived = [numbers.received for numbers in lossy]
    assert all(len(set(numbers)) == len(numbers) and len(numbers) >= count // 5 for numbers in arrived), arrived
    assert not told(pair.device, "reconnecting"), pair.device.events
    return [
        Seen(
            f"{loss} % lost, 5 % twice, 10 % late, both ways",
            f"joined and known after {joined:.1f} s; {count} packets, {CALLS} calls and 100 KB each way in {took:.1f} s, "
            f"{late} calls and {again} streams timed out",
            f"all, once and in order; of {count} lossy packets {len(arrived[0])}, the device {len(arrived[1])}",
        )
    ]


async def signalling(lab: Lab) -> list[Seen]:
    """The connection to the server breaks, again and again: data goes on."""

    async def breaks(pair: Pair) -> float:
        took = await _back(pair, "cut_signal")
        await asyncio.sleep(0.2)
        return took

    return await _resumes(lab, "connection for signalling closed", 5, breaks, "after it")


async def out(lab: Lab, away_s: int, is_resumed: bool) -> list[Seen]:
    """The network is gone, while both send, and comes back."""
    server = await lab.server()
    # Of 10 attempts the last is after some 20 s.
    pair = await lab.pair(server, ATTEMPTS="100")
    ours, theirs = numbers = pair.numbers()
    sending = asyncio.gather(*(it.send(6 * (away_s + 5), 0.15, within=away_s + 30) for it in numbers))
    await asyncio.sleep(1)
    await pair.device.do("cut")
    await asyncio.sleep(away_s)
    start = len(pair.device.events)
    back_s = await _back(pair, "resume")
    await sending
    back = told(pair.device, "reconnected")[-1]
    assert back["resumed"] == is_resumed, back
    if not is_resumed:
        await pair.known_again(start)
    await asyncio.gather(*(it.send(5) for it in numbers))
    missing = await ours.settled(lost=back["lost"])
    # Of a device that has joined anew: what was sent to it while it was away is lost, as the SDK could not know.
    unheard = await theirs.settled(lost=0 if is_resumed else theirs.sent)
    await pair.works("after it", STREAMED)
    if is_resumed:
        await _unnoticed(pair, 1)
    how = "resumed" if is_resumed else "joined anew"
    return [
        Seen(
            f"network gone for {away_s} s",
            f"{how}, {back_s:.1f} s after the network was back; counted {back['lost']} packets as lost",
            f"{ours.sent - missing} of {ours.sent}, once and in order; "
            + ("never the device leave" if is_resumed else f"the device leave; {unheard} of {theirs.sent} to it lost"),
        )
    ]


async def moved(lab: Lab) -> list[Seen]:
    """The device's address changes while both send, with the connection for signalling and without."""

    async def moves(pair: Pair) -> float:
        await asyncio.sleep(0.3)
        await pair.device.do("move")
        return await _back(pair, "cut_signal")

    return await _resumes(lab, "address of the device changed", 3, moves, "from elsewhere", STREAMED)


async def _resumes(
    lab: Lab, what: str, times: int, once: Callable[[Pair], Awaitable[float]], after: str, *streamed: int
) -> list[Seen]:
    """While both send, `once` breaks a connection, so many times: the device resumes each time, and nothing is lost."""
    server = await lab.server()
    pair = await lab.pair(server)
    numbers = pair.numbers()
    sending = asyncio.gather(*(it.send(150, 0.02) for it in numbers))
    took = [await once(pair) for _ in range(times)]
    await sending
    await _whole(numbers)
    await pair.works(after, *streamed)
    await _unnoticed(pair, times)
    return [
        Seen(
            f"{what} {times} times",
            f"resumed each time, after {max(took):.1f} s at most; 0 of 150 packets lost",
            "150 of 150, once and in order, and never the device leave",
        )
    ]


async def _again(pair: Pair, sender: Participant, receiver: Participant) -> int:
    """Streams until it has arrived, three times at most; returns how often it had to be sent again."""
    for again in range(2):
        try:
            await pair.stream(sender, receiver, STREAMED, within=150)
            return again
        except Broken as broken:
            assert broken.error == "TimedOut", broken
    await pair.stream(sender, receiver, STREAMED, within=150)
    return 2


async def _times_out(call: Awaitable[None]) -> bool:
    """Whether it ends with an error that says so."""
    try:
        await call
    except Failed as error:
        assert error.code in (1501, 1502), error
        return True
    return False


async def _back(pair: Pair, what: str) -> float:
    """Does it, and returns after how many seconds the device is connected again."""
    start = len(pair.device.events)
    began = time.monotonic()
    await pair.device.do(what)
    await pair.device.event("reconnected", within=60, start=start)
    return time.monotonic() - began


async def _whole(numbers: tuple[Numbers, ...]) -> None:
    for it in numbers:
        await it.settled()


async def _unnoticed(pair: Pair, times: int) -> None:
    """The device resumed so often and counted nothing as lost; the SDK has not seen it leave."""
    back = [(event["resumed"], event["lost"]) for event in told(pair.device, "reconnected")]
    assert back == [(True, 0)] * times, back
    assert not told(pair.peer, "gone"), told(pair.peer, "gone")


SCENARIOS = {
    **{f"host-loss-{loss}": partial(worse, loss=loss) for loss in (2, 10, 20)},
    "host-signal": signalling,
    "host-out-10": partial(out, away_s=10, is_resumed=True),
    "host-out-60": partial(out, away_s=60, is_resumed=False),
    "host-moved": moved,
}
