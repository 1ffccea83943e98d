"""One request and its reply: what is sent, how long each step may take, and the library's faults in our words."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from service.errors import GegencheckError, PageBrokenOff, PageTooSlow, PageUnavailable

BROKEN_OFF = "The transmission broke off before its end. Try again."


def headers_for(address: str, further: Mapping[str, str] | None = None) -> list[tuple[bytes, bytes]]:
    """What is sent: who we are, what we read, and nothing about the person; `further` headers replace or join these."""
    sent = {
        "Host": urlsplit(address).netloc,
        "User-Agent": user_agent("one page, asked for by a person"),
        "Accept": "text/html, application/xhtml+xml, application/pdf;q=0.8, text/plain;q=0.7, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Accept-Language": "de, en;q=0.8, *;q=0.5",
        **(further or {}),
    }
    return [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in sent.items()]


def user_agent(doing: str) -> str:
    """An honest name, and what it is doing."""
    try:
        number = version("gegencheck")
    except PackageNotFoundError:
        number = "0"
    return f"Gegencheck/{number} (fact-check companion; {doing})"


def timeouts(deadline: float) -> dict[str, dict[str, float]]:
    """What is left of the time, for each step of a request."""
    left = max(deadline - time.monotonic(), 0.01)
    return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), left)}


def headers_of(reply: Any) -> dict[str, str]:
    """A reply's headers by their names in small letters; of several with one name the values in a row."""
    found: dict[str, str] = {}
    for name, value in reply.headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found and key == "content-encoding" else text
    return found


@contextlib.contextmanager
def asked(
    pool: Any,
    address: str,
    deadline: float,
    headers: list[tuple[bytes, bytes]] | None = None,
    content: bytes | None = None,
) -> Iterator[Any]:
    """The reply to a request, its body not yet read; `content` is posted. Raises PageUnavailable."""
    stack = contextlib.ExitStack()
    method = "GET" if content is None else "POST"
    with translated():
        sent = {"headers": headers or headers_for(address), "content": content, "extensions": timeouts(deadline)}
        request = pool.stream(method, address, **sent)
        reply = stack.enter_context(request)
    try:
        yield reply
    finally:
        with translated():
            stack.close()


def translated_stream(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a body. Raises PageBrokenOff, PageUnavailable."""
    import httpcore2

    with translated():
        try:
            yield from stream
        except httpcore2.ReadError:
            raise PageBrokenOff(BROKEN_OFF) from None
        except httpcore2.RemoteProtocolError as error:
            if "closed" in str(error):  # before as much had come as was announced
                raise PageBrokenOff(BROKEN_OFF) from None
            raise


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Put whatever the library raises into ours. Ours, from looking up the host, pass."""
    import httpcore2

    try:
        yield
    except GegencheckError:
        raise
    except httpcore2.TimeoutException:
        raise PageTooSlow("The site did not answer in time. Try again later.") from None
    except httpcore2.ConnectError as error:
        if "CERTIFICATE" in str(error).upper() or "SSL" in str(error).upper():
            raise PageUnavailable("The site's certificate cannot be trusted.") from None
        raise PageUnavailable("The site cannot be reached.") from None
    except (httpcore2.NetworkError, httpcore2.ProxyError, OSError):
        raise PageUnavailable("The connection to the site broke off.") from None
    except MemoryError:
        raise
    except Exception:  # protocol errors, and what comes through the library from below it
        raise PageUnavailable("The site does not speak proper HTTP.") from None
