"""Packed bodies: every coding of browsers, in pieces of any size, in members, one in the other; bombs never unfold."""

from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from service.errors import PageTooLarge, PageUnsupported
from service.pipeline.unpacking import MAX_MEMBERS, PIECE, Unpacker

PLAIN = (b"hello " * 1000 + os.urandom(3000)) * 30
BOMB = bytes(200_000_000)


def unpacked(encoding: str, packed: bytes, step: int, limit: int = 10_000_000) -> bytes:
    unpacker = Unpacker(encoding, limit)
    return b"".join(unpacker.unpack(packed[n : n + step]) for n in range(0, len(packed), step))


def bare_deflate(content: bytes) -> bytes:
    return zlib.compress(content)[2:-4]


def members(pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda content: pack(content[:100]) + pack(b"") + pack(content[100:5000]) + pack(content[5000:])


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress), ("GZIP", gzip.compress), ("x-gzip", gzip.compress), ("gzip", members(gzip.compress)),
        ("gzip", lambda content: gzip.compress(content) + bytes(700) + b"and what follows"),
        ("deflate", zlib.compress), ("deflate", bare_deflate), ("br", brotli.compress),
        ("zstd", zstd.compress), ("zstd", members(zstd.compress)), ("", bytes), ("identity", bytes),
        ("UTF-8", bytes), ("none", bytes), ("binary", bytes), ("nonsense", bytes), ("utf-8", gzip.compress),
        ("identity, gzip", gzip.compress), ("gzip, utf-8", gzip.compress), ('"gzip"', gzip.compress),
        ("gzip, br", lambda content: brotli.compress(gzip.compress(content))),
        ("gzip,gzip", lambda content: gzip.compress(gzip.compress(content))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [7, 997, 10_000_000])
def test_a_body_is_read_whole(encoding: str, pack: Callable[[bytes], bytes], step: int) -> None:
    assert unpacked(encoding, pack(PLAIN), step) == PLAIN


PACKINGS = [
    ("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare_deflate), ("br", brotli.compress),
    ("zstd", zstd.compress), ("gzip, br", lambda content: brotli.compress(gzip.compress(content))),
    ("br, gzip", lambda content: gzip.compress(brotli.compress(content))),
]  # fmt: skip
TEXT = b"".join(b"Paragraph %d: ducks are banned.\n" % n for n in range(300))


@pytest.mark.parametrize(("encoding", "pack"), PACKINGS)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_a_body_that_ends_before_its_end_mark_is_not_whole_and_read_as_far_as_it_came(
    encoding: str, pack: Callable[[bytes], bytes], share: float
) -> None:
    packed = pack(TEXT)
    unpacker = Unpacker(encoding, 10_000_000)
    begun = unpacker.unpack(packed[: int(share * len(packed))])
    assert not unpacker.is_whole
    assert TEXT.startswith(begun)
    assert len(begun) < len(TEXT)


@pytest.mark.parametrize(("encoding", "pack"), [*PACKINGS, ("zstd", members(zstd.compress)), ("", bytes)])
def test_a_body_with_its_end_mark_is_whole_whatever_follows_and_so_is_none(
    encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    follows = [b""] if encoding.endswith("br") else [b"", b"\n", b"and more"]  # brotli's reader takes none
    for sent in (b"", *(pack(TEXT) + more for more in follows)):
        unpacker = Unpacker(encoding, 10_000_000)
        assert unpacker.unpack(sent).startswith(TEXT[: len(sent)])
        assert unpacker.is_whole, sent[-20:]


@pytest.mark.parametrize("lacking", [1, 4, 8])
def test_without_its_checksum_the_content_is_whole(lacking: int) -> None:
    unpacker = Unpacker("gzip", 10_000_000)
    assert unpacker.unpack(gzip.compress(TEXT)[:-lacking]) == TEXT
    assert unpacker.is_whole


def test_a_second_member_that_breaks_off_leaves_the_body_in_part() -> None:
    for encoding, pack in (("gzip", gzip.compress), ("zstd", zstd.compress)):
        unpacker = Unpacker(encoding, 10_000_000)
        assert unpacker.unpack(pack(TEXT) + pack(os.urandom(3000))[:500])[: len(TEXT)] == TEXT
        assert not unpacker.is_whole


@pytest.mark.parametrize("encoding", ["compress", "gzip, compress", "dcb", "gzip, gzip, gzip, gzip"])
def test_codings_that_are_not_read_are_refused_by_name(encoding: str) -> None:
    with pytest.raises(PageUnsupported, match="compressed"):
        Unpacker(encoding, 1000)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BOMB, 9)), ("br", brotli.compress(BOMB, quality=5)), ("zstd", zstd.compress(BOMB)),
        ("deflate", zlib.compress(BOMB, 9)), ("gzip, gzip", gzip.compress(gzip.compress(BOMB, 9), 9)),
        ("gzip, br", brotli.compress(gzip.compress(BOMB, 9))), ("gzip", gzip.compress(bytes(100_000), 9) * 500),
    ],
    ids=["gzip", "brotli", "zstd", "deflate", "nested", "nested differently", "members"],
)  # fmt: skip
def test_a_bomb_is_stopped_at_the_limit_with_little_memory(encoding: str, packed: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(PageTooLarge, match="1 MB"):
        unpacked(encoding, packed, PIECE, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("zstd", zstd.compress)])
def test_empty_members_without_end_are_refused(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(PageUnsupported, match="too many parts"):
        unpacked(encoding, pack(b"") * (MAX_MEMBERS + 2), 4096)


def test_a_window_larger_than_the_web_allows_is_refused() -> None:
    stream = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    packed = stream.compress(PLAIN) + stream.flush()
    with pytest.raises(PageUnsupported, match="damaged"):
        unpacked("zstd", packed, PIECE)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_damaged_packing_is_reported(encoding: str) -> None:
    with pytest.raises(PageUnsupported, match="damaged"):
        unpacked(encoding, b"this is not packed at all" * 10, 4096)
