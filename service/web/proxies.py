"""Whether a call comes from this machine: straight, or through announced proxies that stand on it as well.

A proxy that nobody announced may bring callers from anywhere. It shows by the headers that proxies add, or by HTTP/1.0,
which nginx speaks where it is not told otherwise. One that shows by nothing cannot be told from a caller on this
machine: that is why the open API lets nobody write (web/auth.py).

With `trusted_proxies` = N each of them appends the address that it saw to X-Forwarded-For. Only where exactly N are
there and all are loopback did caller and proxies stand on this machine. Further members were written by the caller or
by a proxy that was not counted; a loopback address that a proxy elsewhere saw is that machine's own.
"""

from __future__ import annotations

import ipaddress

from flask import Request

CREATE = "create a key (gegencheck keys create NAME) and send it as Authorization: Bearer KEY"
OLD_PROTOCOLS = ("HTTP/0.9", "HTTP/1.0")

# What announced proxies may add besides the addresses.
PLAIN_SIGNS = (
    "via", "x-real-", "x-forwarded", "x-scheme", "x-url-scheme", "x-ssl", "front-end-https", "x-nginx-", "x-haproxy",
    "x-traefik-", "x-varnish", "x-squid-", "x-litespeed-", "surrogate-capability", "max-forwards",
)  # fmt: skip
# What only content delivery networks, tunnels and further proxies add: the announced ones are then not all there are.
FURTHER_SIGNS = (
    "forwarded", "client-ip", "true-client-ip", "x-client-ip", "x-cluster-client-ip", "x-proxyuser-ip", "x-remote-ip",
    "x-remote-addr", "x-original-", "x-originating-ip", "x-coming-from", "x-proxy-", "proxy-", "wl-proxy-", "x-envoy-",
    "x-azure-", "x-arr-", "x-amz-cf-", "x-amzn-trace-id", "x-cloud-trace-context", "x-appengine-", "x-vercel-", "x-nf-",
    "x-sucuri-", "x-akamai-", "x-edge-", "x-iinfo", "x-zscaler", "x-bluecoat-", "x-geoip-", "cf-", "cdn-", "fastly-",
    "akamai-", "fly-", "incap-", "tailscale-", "ngrok-",
)  # fmt: skip


def find_doubt(asked: Request, trusted_proxies: int) -> str | None:
    """Why a call is not known to come from this machine, and what to do; None where it does come from there."""
    if not is_loopback(asked.remote_addr or ""):
        return f"{CREATE[0].upper()}{CREATE[1:]}."
    sign = _sign_of_proxy(asked, trusted_proxies)
    if sign:
        return (
            f"This call came through a proxy ({sign}): {CREATE}, "
            "and say in GEGENCHECK_TRUSTED_PROXIES how many proxies stand in front."
        )
    return _doubt_about_addresses(asked, trusted_proxies) if trusted_proxies else None


def caller_address(asked: Request, trusted_proxies: int) -> str:
    """The address of whoever calls: what the outermost announced proxy saw, else who connected to us.

    Of X-Forwarded-For only what announced proxies appended counts; the rest callers may write as they like. An IPv6
    address is that of its network, of which one customer has all.
    """
    given = asked.headers.get("X-Forwarded-For", "") if trusted_proxies else ""
    seen = [member.strip() for member in given.split(",")] if given else []
    told = seen[-trusted_proxies] if trusted_proxies and len(seen) >= trusted_proxies else asked.remote_addr or ""
    try:
        address = ipaddress.ip_address(told.split("%")[0])
    except ValueError:
        return asked.remote_addr or ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def is_loopback(address: str) -> bool:
    """Whether an address or name means this machine alone."""
    return address.lower() == "localhost" or _is_loopback_ip(address.strip("[]").split("%")[0])


def _sign_of_proxy(asked: Request, trusted_proxies: int) -> str | None:
    signs = FURTHER_SIGNS if trusted_proxies else (*PLAIN_SIGNS, *FURTHER_SIGNS)
    for name in asked.headers.keys():  # noqa: SIM118 - headers iterate as pairs
        if name.lower().startswith(signs):
            return name
    protocol = str(asked.environ.get("SERVER_PROTOCOL", ""))
    return protocol if protocol in OLD_PROTOCOLS and not trusted_proxies else None


def _doubt_about_addresses(asked: Request, trusted_proxies: int) -> str | None:
    given = asked.headers.get("X-Forwarded-For", "")
    # Split at every comma: a quotation mark in what a caller wrote must not swallow what the proxies appended.
    seen = [member.strip() for member in given.split(",")] if given else []
    if len(seen) != trusted_proxies:
        return (
            f"X-Forwarded-For holds {len(seen)} addresses, GEGENCHECK_TRUSTED_PROXIES says {trusted_proxies}: "
            f"let each proxy set it as README.md shows; or {CREATE}."
        )
    if not all(_is_loopback_ip(member) for member in seen):
        return f"{CREATE[0].upper()}{CREATE[1:]}."
    return None


def _is_loopback_ip(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
