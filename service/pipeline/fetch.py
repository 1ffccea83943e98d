"""HttpFetcher: a URL to a page. Every address is checked when the socket is opened, and on each redirect again."""

from __future__ import annotations

import concurrent.futures
import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from service.config import Settings
from service.errors import (
    PageBehindWall,
    PageBrokenOff,
    PageLimitsVisits,
    PageNotFound,
    PageTooLarge,
    PageTooSlow,
    PageUnavailable,
    PageUnsupported,
)
from service.models import Page
from service.pipeline.addresses import clean_url, is_open, refuse_private_addresses
from service.pipeline.asking import BROKEN_OFF, asked, headers_for, headers_of, translated_stream, user_agent
from service.pipeline.decoding import HTML_START, HTML_TYPES, SUBTITLES
from service.pipeline.redirects import Way, location_of
from service.pipeline.refresh import refreshed_address
from service.pipeline.unpacking import Unpacker

PAGE_TYPES = (*HTML_TYPES, "text/plain", "text/markdown", *SUBTITLES, "application/pdf", "application/octet-stream", "")
FEED_SECONDS = 120
POST_SECONDS = 15

Resolve = Callable[[str, int], list[str]]


class Fetcher(Protocol):
    """A URL to a page. Raises PageUnavailable or one of its children."""

    def fetch(self, url: str) -> Page:
        """The page as the site serves it to everybody, its bytes not yet decoded: no cookies, no login."""


@dataclass(frozen=True, slots=True)
class Download:
    """The bytes behind a URL, unpacked; `url` is the address after redirects. Not `is_whole`: they broke off."""

    url: str
    content: bytes
    content_type: str
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered to one request, whatever its status; `content` is empty where it went into a file."""

    status: int
    headers: dict[str, str]
    content: bytes = b""


def supplied_page(source: str, url: str | None) -> Page:
    """HTML that the caller had already. It is judged for this caller alone, whatever address it claims."""
    return Page(url, url, source, "text/html", fetched=False)


def resolve_name(host: str, port: int) -> list[str]:
    """All IP addresses of a host name, by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class HttpFetcher:
    """Fetches over HTTP(S) under the rules of addresses.py, with limits on time, size and redirects.

    robots.txt is not asked: this fetches one page that a person asked about, as a browser would; it does not crawl.
    """

    def __init__(self, settings: Settings, resolve: Resolve = resolve_name) -> None:
        self._settings, self._resolve = settings, resolve
        self._tls: ssl.SSLContext | None = None

    def fetch(self, url: str) -> Page:
        """See Fetcher. Redirects are followed; `final_url` is where they led. What breaks off is given as it came."""
        found = self._get(url, self._settings.fetch_bytes, self._settings.fetch_seconds, PAGE_TYPES)
        return Page(url, found.url, found.content, found.content_type, fetched=True, is_whole=found.is_whole)

    def download(self, url: str, max_bytes: int = 200_000_000) -> Download:
        """A feed of any text type under the same address rules. Raises like `fetch`."""
        found = self._get(url, max_bytes, max(FEED_SECONDS, self._settings.fetch_seconds), None)
        if not found.is_whole:
            raise PageBrokenOff(BROKEN_OFF)
        return found

    def ask(
        self,
        url: str,
        headers: dict[str, str],
        max_bytes: int,
        into: BinaryIO | None = None,
        seconds: float = FEED_SECONDS,
        content: bytes | None = None,
    ) -> Answer:
        """One request under the same address rules: no redirect is followed, no status refused. Raises like `fetch`.

        `content` is posted.
        """
        deadline = time.monotonic() + max(seconds, self._settings.fetch_seconds)
        address = clean_url(url, self._settings.fetch_hosts)
        with (
            contextlib.closing(self._pool(deadline)) as pool,
            asked(pool, address, deadline, headers_for(address, headers), content) as reply,
        ):
            header, found = headers_of(reply), b""
            if 200 <= reply.status < 300:
                pieces = body_pieces(translated_stream(reply.iter_stream()), header, max_bytes, deadline)
                if into is None:
                    found = b"".join(pieces)
                else:
                    into.writelines(pieces)
            return Answer(reply.status, header, found)

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Send something under the same address rules; the status of the answer, which is not read.

        Redirects are not followed. Raises like `fetch`.
        """
        deadline = time.monotonic() + POST_SECONDS
        address = clean_url(url, self._settings.fetch_hosts)
        own = {
            "Host": urlsplit(address).netloc,
            "User-Agent": user_agent("webhook"),
            "Content-Length": str(len(content)),
        }
        sent = [(name.encode("ascii"), value.encode("ascii")) for name, value in {**own, **headers}.items()]
        with contextlib.closing(self._pool(deadline)) as pool, asked(pool, address, deadline, sent, content) as reply:
            return int(reply.status)

    def _get(self, url: str, max_bytes: int, seconds: float, types: tuple[str, ...] | None) -> Download:
        deadline = time.monotonic() + seconds
        address = clean_url(url, self._settings.fetch_hosts)
        way = Way()
        with contextlib.closing(self._pool(deadline)) as pool:
            while way.goes_on(address):
                with asked(pool, address, deadline) as reply:
                    header = headers_of(reply)
                    way.cookies = way.cookies or "set-cookie" in header
                    target = location_of(address, reply.status, header)
                    if target is None:
                        refuse_status(reply.status, header)
                        refuse_type(header.get("content-type", ""), types)
                        body = translated_stream(reply.iter_stream())
                        content, is_whole = read_body(body, header, max_bytes, deadline)
                        target = self._onward(address, refresh_of(address, header, content)) if types else None
                    if target is None:
                        return Download(address, content, header.get("content-type", ""), is_whole)
                address = clean_url(target, self._settings.fetch_hosts)
        raise way.fault()

    def _onward(self, address: str, target: str | None) -> str | None:
        """Where the page at an address leads on; None where that is the same one: it reloads itself."""
        same = target is not None and clean_url(target, self._settings.fetch_hosts) == address
        return None if same else target

    def _pool(self, deadline: float) -> Any:
        import httpcore2

        from service.pipeline.sockets import CheckedBackend

        backend = CheckedBackend(self._checked, deadline)
        if self._settings.fetch_proxy:
            proxy = httpcore2.Proxy(self._settings.fetch_proxy)
            return httpcore2.ConnectionPool(ssl_context=self._context(), proxy=proxy)
        return httpcore2.ConnectionPool(ssl_context=self._context(), network_backend=backend)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            import certifi

            try:
                self._tls = ssl.create_default_context(cafile=self._settings.ca_bundle or certifi.where())
            except (OSError, ssl.SSLError) as error:
                raise PageUnavailable("The file named by GEGENCHECK_CA_BUNDLE cannot be read.") from error
        return self._tls

    def _checked(self, host: str, port: int, seconds: float) -> list[str]:
        """The addresses of a host, resolved once and all public. Raises AddressRefused, PageUnavailable."""
        # The system's resolver takes no time limit, so it is left behind in its thread when it is too slow.
        thread = concurrent.futures.ThreadPoolExecutor(1)
        try:
            found = thread.submit(self._resolve, host, port).result(timeout=seconds)
        except concurrent.futures.TimeoutError:
            raise PageTooSlow("The host's name could not be looked up in time.") from None
        except (OSError, UnicodeError):
            raise PageUnavailable("There is no such host. Check the address.") from None
        finally:
            thread.shutdown(wait=False)
        if not found:
            raise PageUnavailable("There is no such host. Check the address.")
        if not is_open(host, port, self._settings.fetch_hosts):
            refuse_private_addresses(found)
        return found


def refresh_of(address: str, header: dict[str, str], content: bytes) -> str | None:
    """Where a page leads on by itself, not yet judged."""
    named = header.get("content-type", "").split(";")[0].strip().lower()
    if "refresh" in header or named in HTML_TYPES or HTML_START.match(content[:2048]):
        return refreshed_address(address, header, content)
    return None


def refuse_status(status: int, header: dict[str, str]) -> None:
    """Raise for every answer that is not the page."""
    if 200 <= status < 300:
        return
    if status in (404, 410):
        raise PageNotFound("The site says that this page does not exist (any more). Check the link.")
    challenged = "cf-mitigated" in header or "x-datadome" in header
    if status == 429:
        raise PageLimitsVisits("The site limits how often it may be visited (429). Try again later, or open the page.")
    if status in (401, 402, 403, 407, 451) or challenged:
        raise PageBehindWall(f"The site does not show this page to us ({status}). Open it and use the extension.")
    raise PageUnavailable(f"The site answered with an error ({status}). Try again later.")


def refuse_type(content_type: str, types: tuple[str, ...] | None) -> None:
    """Raise PageUnsupported for a type that is not read, before its body is loaded; of pictures their bytes tell."""
    named = content_type.split(";")[0].strip().lower()
    if types is not None and named not in types and not named.startswith("image/"):
        raise PageUnsupported(f"This is not a page but {named[:80]}, which is not read.")


def read_body(stream: Iterable[bytes], header: dict[str, str], max_bytes: int, deadline: float) -> tuple[bytes, bool]:
    """The body, unpacked, within size and time, and whether it is whole.

    Raises PageTooLarge, PageTooSlow, PageUnsupported.
    """
    pieces = []
    try:
        for piece in body_pieces(stream, header, max_bytes, deadline):
            pieces.append(piece)
    except PageBrokenOff:
        return b"".join(pieces), False
    return b"".join(pieces), True


def body_pieces(stream: Iterable[bytes], header: dict[str, str], max_bytes: int, deadline: float) -> Iterator[bytes]:
    """The pieces of a body, as they come. Raises PageBrokenOff after the last where its end is missing."""
    unpacker = Unpacker(header.get("content-encoding", ""), max_bytes)
    length = header.get("content-length", "")
    if length.isdigit() and int(length[:18]) > max_bytes:
        raise PageTooLarge(f"The page is larger than {max_bytes / 1e6:g} MB.")
    received = 0
    for piece in stream:
        if time.monotonic() > deadline:
            raise PageTooSlow("The page did not arrive in time.")
        received += len(piece)
        if received > max_bytes:
            raise PageTooLarge(f"The page is larger than {max_bytes / 1e6:g} MB.")
        yield unpacker.unpack(piece)
    if not unpacker.is_whole:
        raise PageBrokenOff(BROKEN_OFF)
