"""Which addresses may be asked: what a person typed to a clean URL, and what a name resolved to.

Fetches, redirects, imports and whatever else calls out go through `clean_url` and `refuse_private_addresses`.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from urllib.parse import quote, urlsplit, urlunsplit

from service.errors import AddressRefused
from service.pipeline.address_registry import is_public

MAX_LENGTH = 4096
MAX_HOST = 253  # characters of a name in DNS
PORTS = {80, 443, 8080, 8443}
# What a path and a query may hold as it is (URL Standard); a percent sign may begin what is encoded already.
AS_IT_IS = "!$%&'()*+,/:;=?@[]^_`{|}~-."
# Last labels that name no public host: own networks (RFC 6762, ICANN), what never resolves or only in an overlay
# (RFC 2606, 6761, 7686, 9476), and names for machines, not pages.
PRIVATE_SUFFIXES = frozenset(
    {
        "localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "mail", "svc",
        "test", "invalid", "onion", "i2p", "alt", "arpa",
    }
)  # fmt: skip
METADATA_NAMES = frozenset(
    {"metadata.goog", "metadata.tencentyun.com", "metadata.packet.net", "metadata.platformequinix.com"}
)


def clean_url(text: str, open_hosts: tuple[str, ...] = ()) -> str:
    """What a person typed as an http(s) URL in its plain form; `https://` is put before a bare host name.

    In path and query what is not ASCII, and blanks, are percent-encoded, as browsers do.

    Raises AddressRefused, saying why. Names are only judged as far as that is possible without asking DNS; the
    addresses behind them are checked when the connection is opened.
    """
    url = text.strip()
    if not url or len(url) > MAX_LENGTH:
        raise AddressRefused("This is not a web address. It should look like https://example.org/article.")
    if re.search(r"[\x00-\x1f\x7f\\]", url) or any("\ud800" <= sign <= "\udfff" for sign in url):
        raise AddressRefused("The address contains backslashes or control characters. Copy it again.")
    if "://" not in url and re.match(r"[^/:?#][^/:?#.]*+\.[^/:?#]++(:\d+)?([/?#]|$)", url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("This is not a web address: host or port cannot be read.") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise AddressRefused("Only http and https addresses can be checked.")
    if "@" in parts.netloc:
        raise AddressRefused("The address contains a user name or password. Remove it.")
    if "[" in parts.netloc and not re.fullmatch(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?", parts.netloc):
        raise AddressRefused("The address has no usable host name.")
    host = clean_host(parts.hostname or "")
    bracketed = f"[{host}]" if ":" in host else host
    if not is_open(host, port, open_hosts):
        refuse_private_name(host)
        if port is not None and port not in PORTS:
            raise AddressRefused(f"Port {port} is not allowed. Only web ports are: 80, 443, 8080, 8443.")
    netloc = bracketed if port is None else f"{bracketed}:{port}"
    clean = urlunsplit((parts.scheme.lower(), netloc, encoded(parts.path) or "/", encoded(parts.query), ""))
    if len(clean) > MAX_LENGTH:
        raise AddressRefused("The address is too long.")
    return clean


def encoded(part: str) -> str:
    """A path or query in ASCII."""
    return quote(part, safe=AS_IT_IS)


def clean_host(host: str) -> str:
    """A host name in ASCII, lower case, without a final dot. Raises AddressRefused."""
    import idna

    if not host or "%" in host or len(host.rstrip(".")) > MAX_HOST:
        raise AddressRefused("The address has no usable host name.")
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise AddressRefused("The address has no usable host name.") from None
    try:
        # UTS 46 folds full-width and circled digits, dots and invisible signs, so that what follows sees what a
        # browser would. The final dot goes afterwards: it may have been written as one of the folded ones.
        name = idna.encode(host.rstrip("."), uts46=True).decode("ascii").lower().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        name = host.rstrip(".").lower()
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name) or ".." in name or len(name) > MAX_HOST:
            raise AddressRefused("The address has no usable host name.") from None
    if not name:
        raise AddressRefused("The address has no usable host name.")
    return name


def refuse_private_name(host: str) -> None:
    """Raise AddressRefused where the host itself is, or plainly names, something private."""
    if ":" in host or re.fullmatch(r"\d+\.\d+\.\d+\.\d+", host):
        if not is_public(host):
            raise AddressRefused("This address belongs to a private network. Only public pages are fetched.")
        return
    try:
        socket.inet_aton(host)
    except OSError:
        pass
    else:  # 127.1, 0x7f.1, 017700000001, 2130706433: no honest link is written like that
        raise AddressRefused("The host is a number in an unusual spelling. Write it as a name.")
    last = host.rsplit(".", 1)[-1]
    if "." not in host or last in PRIVATE_SUFFIXES or host in METADATA_NAMES:
        raise AddressRefused("This name belongs to a private network. Only public pages are fetched.")
    if last.isdigit() or last.startswith("0x"):
        raise AddressRefused("The host is not a name.")


def refuse_private_addresses(found: Iterable[str]) -> None:
    """Raise AddressRefused unless every address that a name resolved to is public.

    One private address among public ones is enough to refuse: it is how DNS rebinding looks.
    """
    if not all(is_public(address) for address in found):
        raise AddressRefused("This name leads to a private network. Only public pages are fetched.")


def is_open(host: str, port: int | None, open_hosts: tuple[str, ...]) -> bool:
    """Whether the settings open this host (or host:port) although it may be private."""
    return host in open_hosts or (port is not None and f"{host}:{port}" in open_hosts)
