"""Streams that no SDK sends."""

from __future__ import annotations

import zlib

from .. import content
from .cast import Stream, Strangers

# Streams that the device has space for.
SPACE = 12


async def whole_streams(it: Strangers) -> None:
    bob = it.bob
    for expected, make in {
        "a chunk that comes again": lambda s: [s.header(), s.chunk(0, b"a"), s.chunk(0, b"a"), s.chunk(1, b"bc"), s.trailer()],
        "an empty chunk": lambda s: [s.header(total_length=3), s.chunk(0, b"a"), s.chunk(1, b""), s.chunk(2, b"bc"), s.trailer()],
        "a header that comes again": lambda s: [s.header(), s.chunk(0, b"a"), s.header(), s.chunk(1, b"bc"), s.trailer()],
        "a chunk before its header": lambda s: [s.chunk(0, b"x"), s.header(), s.chunk(0, b"abc"), s.trailer()],
        "characters in two chunks": lambda s: [s.header(), s.chunk(0, "温".encode()[:1]), s.chunk(1, "温".encode()[1:]), s.trailer()],
    }.items():
        ended = await it.streams(*((bob, packet) for packet in make(Stream())))
        assert ended == [(3, "")], (expected, ended)
    stream = Stream()
    twice = [stream.header(), stream.chunk(0, b"a"), stream.trailer()] * 2
    assert await it.streams(*((bob, packet) for packet in twice)) == [(1, ""), (1, "")]


async def broken_streams(it: Strangers) -> None:
    for expected, make in {
        "MissedChunk": lambda s: [s.header(), s.chunk(0, b"a"), s.chunk(2, b"b"), s.chunk(1, b"b"), s.trailer()],
        "LengthExceeded": lambda s: [s.header(total_length=1), s.chunk(0, b"ab"), s.trailer()],
        "Incomplete": lambda s: [s.header(total_length=5), s.chunk(0, b"ab"), s.trailer()],
        "aborted: user gave up": lambda s: [s.header(total_length=5), s.chunk(0, b"ab"), s.trailer(reason="user gave up")],
        "PayloadTooLarge": lambda s: [s.header(total_length=1 << 40), s.chunk(0, b"ab"), s.trailer()],
    }.items():
        ended = await it.streams(*((it.bob, packet) for packet in make(Stream())))
        assert [error for _, error in ended] == [expected], (expected, ended)
    for first in ([1, 0], [3]):
        stream = Stream()
        packets = [stream.header(), *(stream.chunk(index, b"a") for index in first), stream.trailer()]
        assert await it.streams(*((it.bob, packet) for packet in packets)) == [(0, "MissedChunk")]
    zero = Stream()
    packets = [zero.header(total_length=0), zero.chunk(0, b"ab"), zero.trailer()]
    assert await it.streams(*((it.bob, packet) for packet in packets)) == [(0, "LengthExceeded")]


async def compressed_streams(it: Strangers) -> None:
    def raw(data: bytes) -> bytes:
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflater.compress(data) + deflater.flush()

    many, stored = raw(b"z" * 500), b"\x05\x00\xfa\xffhello"  # in a block that is not compressed
    long, short, other = "longer than its header said", "shorter than its header said", "not raw DEFLATE"
    for parts, total, is_inline, (length, error) in (
        ([many], 500, True, (500, "")),
        ([many[:3], many[3:]], 500, False, (500, "")),
        ([many], None, False, (500, "")),
        ([b"\x01" + stored], 5, True, (5, "")),
        ([b"\x00" + stored], 5, False, (5, "")),  # no last block
        ([raw(b"")], 0, True, (0, "")),
        ([zlib.compress(b"hello")], 5, True, (0, other)),
        ([b"\x01" + stored + b"\x00"], 5, True, (5, other)),
        ([many], 499, False, (0, long)),
        ([many], 501, True, (500, short)),
    ):
        stream = Stream()
        fields = {"compression": 1} | ({} if total is None else {"total_length": total})
        if is_inline:
            packets = [stream.header(**fields, inline_content=parts[0])]
        else:
            chunks = (stream.chunk(index, part) for index, part in enumerate(parts))
            packets = [stream.header(**fields), *chunks, stream.trailer()]
        [(got, failed)] = await it.streams(*((it.bob, packet) for packet in packets))
        if it.version == 1:
            assert (got, failed) == (0, "Compressed"), failed
        else:
            assert (got == length or error == long) and error in failed and bool(error) == bool(failed), (parts, got, failed)


async def inline_streams(it: Strangers) -> None:
    for data, total, ended in (
        (b"abc", 3, (3, "")),
        (b"abc", None, (3, "")),
        (b"", 0, (0, "")),
        (b"abc", 2, (0, "LengthExceeded")),
        (b"abc", 4, (0, "Incomplete")),
    ):
        stream = Stream()
        fields = {"inline_content": data} | ({} if total is None else {"total_length": total})
        assert await it.streams((it.bob, stream.header(**fields)), (it.bob, stream.chunk(0, b"x"))) == [ended]


async def ignored_streams(it: Strangers) -> None:
    for make in (
        lambda s: [s.header(kind="")],
        lambda s: [s.header(compression=7, inline_content=b"abc")],
        lambda s: [],
    ):
        stream = Stream()
        packets = [*make(stream), stream.chunk(0, b"a"), stream.trailer()]
        assert await it.streams(*((it.bob, packet) for packet in packets)) == []


async def one_too_many(it: Strangers) -> None:
    streams = [Stream() for _ in range(SPACE + 1)]
    packets = [stream.header() for stream in streams] + [stream.chunk(0, b"a") for stream in streams]
    packets += [stream.trailer() for stream in streams]
    ended = await it.streams(*((it.bob, packet) for packet in packets))
    assert ended == [(0, "TooManyStreams"), *[(1, "")] * SPACE], ended


async def foreign_chunks(it: Strangers) -> None:
    bob, eve, stream = it.bob, it.eve, Stream()
    ended = await it.streams(
        (bob, stream.header(total_length=4)),
        (eve, stream.chunk(0, b"EVIL")),
        (bob, stream.chunk(0, b"ab")),
        (eve, stream.trailer()),
        (eve, stream.trailer(reason="by Eve")),
        (eve, stream.chunk(1, b"EVIL")),
        (bob, stream.chunk(1, b"cd")),
        (bob, stream.trailer()),
    )
    assert ended == [(4, "")], ended
    last = [event for event in it.device.events if event["event"] == "stream"][-1]
    assert (last["content"], last["from"]) == (content.exactly(it.contents, "abcd").told, "bob"), last


async def same_id_of_two(it: Strangers) -> None:
    bob, eve, stream = it.bob, it.eve, Stream()
    ended = await it.streams(
        (bob, stream.header()),
        (eve, stream.header()),
        (bob, stream.chunk(0, b"a")),
        (eve, stream.chunk(0, b"bcd")),
        (bob, stream.trailer()),
        (eve, stream.trailer()),
    )
    assert ended == [(1, ""), (3, "")], ended
