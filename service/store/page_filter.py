"""A signed, compact filter of the pages that have a verdict, so that browsers can look pages up without asking.

A Bloom filter (Bloom 1970) over `verdict code, newline, address`, so that one filter tells the verdicts apart. A page
that satire or altered pictures alone refute has a second entry: `refuted.satire, newline, address`; the header names
these in `details`. Readers that know no details find the verdict as ever. The filter says nothing of who asked for a
page, and lists none: whoever holds it can only test addresses that they know already.

Layout: a line of JSON (`version`, `made_at`, `entries`: pages, `bits`, `hashes`, `false_positives`, `codes`, `details`,
`public_key`), a newline, the 64 bytes of an Ed25519 signature (RFC 8032) over that line and the bits, then the bits.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import sqlalchemy as sa

from index.store.database import glancing, reading
from index.store.tables import store
from service.conclusions import WITH_OWN_WORDS
from service.models import CheckState, VerdictCode
from service.store.secrets import SecretStore
from service.store.tables import checks

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CODES = (
    VerdictCode.REFUTED, VerdictCode.CONFLICTING_EVIDENCE, VerdictCode.SUPPORTED, VerdictCode.MENTIONS_REFUTED,
    VerdictCode.FACT_CHECK_FOUND,
)  # fmt: skip
DETAILS = tuple(f"{VerdictCode.REFUTED}.{rating}" for rating in WITH_OWN_WORDS)
BITS_AN_ENTRY = 17
HASHES = 12  # the best number for 17 bits an entry: ln 2 x 17
MIN_BITS = 1024
REBUILT_AFTER_SECONDS = 60
STORE_ID = sa.select(store.c.store_id)
KEY_NAME = "page-filter"
KEY_BYTES = 32  # of an Ed25519 private key
REST = 50  # it is built for a fiftieth of the time at most
TRACKING = ("utm_", "fbclid=", "gclid=", "mc_", "igshid=", "ref_src=")
SAFE = "%/:?#[]@!$&'()*+,;=~"  # what URLs in browsers keep as it is


def filter_address(url: str) -> str:
    """An address as the filter knows it: in ASCII, without fragment and tracking. The extension does the same."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.lower().startswith(TRACKING)]
    path, query = (quote(text, safe=SAFE) for text in (parts.path or "/", "&".join(kept)))
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    host = host.removesuffix({"http": ":80", "https": ":443"}.get(scheme, ":"))
    return urlunsplit((scheme, host, path, query, ""))


def build_bits(entries: Iterable[tuple[str, str]], size: int) -> bytes:
    """The filter's bits over `size` entries: codes or details, each with an address."""
    bits = bytearray(bit_count(size) // 8)
    for code, url in entries:
        for place in places(f"{code}\n{filter_address(url)}", len(bits) * 8):
            bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def places(entry: str, bits: int) -> list[int]:
    """Where an entry sets its bits: double hashing (Kirsch and Mitzenmacher 2006) with two halves of SHA-256."""
    digest = hashlib.sha256(entry.encode()).digest()
    first, second = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little") | 1
    return [(first + turn * second) % bits for turn in range(HASHES)]


def bit_count(size: int) -> int:
    """How many bits, in whole bytes."""
    return max(MIN_BITS, math.ceil(size * BITS_AN_ENTRY / 8) * 8)


def false_positive_rate(size: int, bits: int) -> float:
    """How often an address that is not in it seems to be, over all codes."""
    one = (1 - math.exp(-HASHES * size / bits)) ** HASHES
    return 1 - (1 - one) ** len(CODES)


@dataclass(frozen=True, slots=True)
class _Made:
    content: bytes
    state: tuple[str, int, object]
    good_until: float


class PageFilter:
    """The filter of the checks in the database, signed with a key that lies there too: every machine signs alike.

    A key in `former_file`, where earlier versions kept it, is taken over once.
    """

    def __init__(self, engine: sa.Engine, secrets: SecretStore, former_file: Path) -> None:
        self.engine, self.secrets, self.former_file = engine, secrets, former_file
        self._building = threading.Lock()
        self._made: _Made | None = None

    def current(self) -> bytes:
        """The filter, mostly at most REBUILT_AFTER_SECONDS old; built anew only where checks came or went."""
        known = self._known()
        if known is not None and time.monotonic() < known.good_until:
            return known.content
        if not self._building.acquire(blocking=known is None) and known is not None:
            return known.content  # somebody is building already
        try:
            return self._renewed().content
        finally:
            self._building.release()

    def _renewed(self) -> _Made:
        started, known, state = time.monotonic(), self._known(), self._state()
        if known is not None and time.monotonic() < known.good_until:
            return known  # built while this caller waited
        content = known.content if known is not None and known.state == state else self.build()
        took = time.monotonic() - started
        self._made = _Made(content, state, time.monotonic() + max(REBUILT_AFTER_SECONDS, REST * took))
        return self._made

    def _known(self) -> _Made | None:
        """The filter that was made last, unless a backup was restored since: that has other pages and another key."""
        made = self._made
        if made is None:
            return None
        with glancing(self.engine) as connection:
            return made if made.state[0] == connection.execute(STORE_ID).scalar_one() else None

    def _state(self) -> tuple[str, int, object]:
        """What tells that checks came or went: whose they are, how many there are, and when the newest ended."""
        query = sa.select(
            STORE_ID.scalar_subquery(), sa.func.count(checks.c.finished_at), sa.func.max(checks.c.finished_at)
        )
        with reading(self.engine) as connection:
            store_id, count, newest = connection.execute(query).one()
        return store_id, count, newest

    def build(self) -> bytes:
        """The filter as of now. Raises StoreUnavailable."""
        pages = self._pages()
        entries = [(name, address) for address, names in pages.items() for name in names]
        return self.sign(build_bits(entries, len(entries)), len(pages), len(entries))

    def sign(self, bits: bytes, pages: int, entries: int) -> bytes:
        """Bits with their header and signature."""
        key = self._key()
        head = {
            "version": 1,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "entries": pages,
            "bits": len(bits) * 8,
            "hashes": HASHES,
            "false_positives": round(false_positive_rate(entries, len(bits) * 8), 6),
            "codes": [code.value for code in CODES],
            "details": DETAILS,
            "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        }
        line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
        return line + key.sign(line + bits) + bits

    def _pages(self) -> dict[str, tuple[str, ...]]:
        """The newest verdict of each page that the service itself fetched, under both its addresses, and its detail."""
        as_json = sa.type_coerce if self.engine.dialect.name == "sqlite" else sa.cast  # SQLite would cast to a number
        result = as_json(checks.c.result, sa.JSON)
        verdict = result["verdict"]
        query = (
            sa.select(
                checks.c.url, *(each.as_string() for each in (result["final_url"], verdict["code"], verdict["alike"]))
            )
            .where(checks.c.kind == "url", checks.c.state == CheckState.FINISHED.value, checks.c.page.is_not(None))
            .order_by(checks.c.finished_at)
        )
        newest: dict[str, tuple[str, ...]] = {}
        with reading(self.engine) as connection:
            for url, final_url, code, alike in connection.execute(query):
                detail = f"{code}.{alike}"
                for address in {url, final_url} - {None}:
                    newest[filter_address(address)] = (code, detail) if detail in DETAILS else (code,)
        return {address: names for address, names in newest.items() if names[0] in CODES}

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = self.secrets.get_or_make(
            KEY_NAME, lambda: self._former_key() or Ed25519PrivateKey.generate().private_bytes_raw()
        )
        if self._former_key() == key:
            with suppress(OSError):  # a folder that cannot be written keeps it: it is looked at no more
                self.former_file.unlink()
        return Ed25519PrivateKey.from_private_bytes(key)

    def _former_key(self) -> bytes | None:
        """The key that an earlier version kept in the data folder."""
        with suppress(OSError):
            found = self.former_file.read_bytes()
            return found if len(found) == KEY_BYTES else None
        return None
