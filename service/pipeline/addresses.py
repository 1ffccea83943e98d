"""Which addresses may be asked: what a person typed to a clean URL, and which IP addresses are public."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit, urlunsplit

from service.errors import AddressRefused

MAX_LENGTH = 4096
PORTS = {80, 443, 8080, 8443}
REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96",  # NAT64 (RFC 6052): leads to any IPv4 address
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2002::/16",  # 6to4 (RFC 3056)
        "2001::/32",  # Teredo (RFC 4380)
        "::/96",  # IPv4-compatible, long deprecated
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "fec0::/10",  # site-local, deprecated
        "192.88.99.0/24",  # 6to4 relays
    )
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. Anything that leads elsewhere in disguise does not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in network for network in REFUSED_NETWORKS if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def clean_url(text: str, open_hosts: tuple[str, ...] = ()) -> str:
    """What a person typed as an http(s) URL in its plain form; `https://` is put before a bare host name.

    Raises AddressRefused, saying why. Names are only judged as far as that is possible without asking DNS; the
    addresses behind them are checked when the connection is opened.
    """
    url = text.strip()
    if not url or len(url) > MAX_LENGTH:
        raise AddressRefused("This is not a web address. It should look like https://example.org/article.")
    if re.search(r"[\x00-\x20\x7f\\]", url) or any("\ud800" <= sign <= "\udfff" for sign in url):
        raise AddressRefused("The address contains blanks, backslashes or control characters. Copy it again.")
    if "://" not in url and re.match(r"[^/:?#]+\.[^/:?#]+(:\d+)?([/?#]|$)", url):
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
    host = clean_host(parts.hostname or "")
    bracketed = f"[{host}]" if ":" in host else host
    if not is_open(host, port, open_hosts):
        refuse_private_name(host)
        if port is not None and port not in PORTS:
            raise AddressRefused(f"Port {port} is not asked. Only web ports are: 80, 443, 8080, 8443.")
    netloc = bracketed if port is None else f"{bracketed}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", parts.query, ""))


def clean_host(host: str) -> str:
    """A host name in ASCII, lower case, without a final dot. Raises AddressRefused."""
    import idna

    if not host or "%" in host:
        raise AddressRefused("The address has no usable host name.")
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise AddressRefused("The address has no usable host name.") from None
    try:
        # UTS 46 folds full-width digits and dots, so that what follows sees what a browser would.
        name = idna.encode(host.rstrip("."), uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        name = host.rstrip(".").lower()
        if not re.fullmatch(r"[a-z0-9]([a-z0-9_-]*\.?)*", name) or len(name) > 253:
            raise AddressRefused("The address has no usable host name.") from None
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
    if "." not in host or last in ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain"):
        raise AddressRefused("This name belongs to a private network. Only public pages are fetched.")
    if last.isdigit() or last.startswith("0x"):
        raise AddressRefused("The host is not a name.")


def is_open(host: str, port: int | None, open_hosts: tuple[str, ...]) -> bool:
    """Whether the settings open this host (or host:port) although it may be private."""
    return host in open_hosts or (port is not None and f"{host}:{port}" in open_hosts)
