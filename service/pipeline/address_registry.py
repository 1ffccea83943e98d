"""Which IP addresses are public: IANA's special-purpose registries as a dated table, and what is refused besides.

The table decides, not the `ipaddress` module, whose idea of "global" changes with each Python.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

# iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry as of May 2025; the newest row is
# RFC 9780's.
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # nothing else of IPv6 is given out to anybody (RFC 4291)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Block:
    """A row of a registry. `is_global` is its column "Globally Reachable"; None where that says N/A."""

    network: Network
    name: str
    source: str
    is_global: bool | None


def _block(network: str, name: str, source: str, is_global: bool | None = False) -> Block:
    return Block(ipaddress.ip_network(network), name, source, is_global)


IPV4_SPECIAL = (
    _block("0.0.0.0/8", "this network", "RFC 791"),
    _block("0.0.0.0/32", "this host on this network", "RFC 1122"),
    _block("10.0.0.0/8", "private use", "RFC 1918"),
    _block("100.64.0.0/10", "shared address space", "RFC 6598"),
    _block("127.0.0.0/8", "loopback", "RFC 1122"),
    _block("169.254.0.0/16", "link local", "RFC 3927"),
    _block("172.16.0.0/12", "private use", "RFC 1918"),
    _block("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
    _block("192.0.0.0/29", "IPv4 service continuity", "RFC 7335"),
    _block("192.0.0.8/32", "IPv4 dummy address", "RFC 7600"),
    _block("192.0.0.9/32", "port control protocol anycast", "RFC 7723", is_global=True),
    _block("192.0.0.10/32", "TURN anycast", "RFC 8155", is_global=True),
    _block("192.0.0.170/32", "NAT64/DNS64 discovery", "RFC 8880"),
    _block("192.0.0.171/32", "NAT64/DNS64 discovery", "RFC 8880"),
    _block("192.0.2.0/24", "documentation (TEST-NET-1)", "RFC 5737"),
    _block("192.31.196.0/24", "AS112-v4", "RFC 7535", is_global=True),
    _block("192.52.193.0/24", "AMT", "RFC 7450", is_global=True),
    _block("192.88.99.0/24", "deprecated 6to4 relay anycast", "RFC 7526", is_global=None),
    _block("192.88.99.2/32", "6a44 relay anycast", "RFC 6751"),
    _block("192.168.0.0/16", "private use", "RFC 1918"),
    _block("192.175.48.0/24", "AS112 direct delegation", "RFC 7534", is_global=True),
    _block("198.18.0.0/15", "benchmarking", "RFC 2544"),
    _block("198.51.100.0/24", "documentation (TEST-NET-2)", "RFC 5737"),
    _block("203.0.113.0/24", "documentation (TEST-NET-3)", "RFC 5737"),
    _block("240.0.0.0/4", "reserved", "RFC 1112"),
    _block("255.255.255.255/32", "limited broadcast", "RFC 8190"),
)

IPV6_SPECIAL = (
    _block("::1/128", "loopback", "RFC 4291"),
    _block("::/128", "unspecified", "RFC 4291"),
    _block("::ffff:0:0/96", "IPv4-mapped", "RFC 4291"),
    _block("64:ff9b::/96", "IPv4-IPv6 translation", "RFC 6052", is_global=True),
    _block("64:ff9b:1::/48", "local IPv4-IPv6 translation", "RFC 8215"),
    _block("100::/64", "discard only", "RFC 6666"),
    _block("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
    _block("2001::/23", "IETF protocol assignments", "RFC 2928"),
    _block("2001::/32", "Teredo", "RFC 4380", is_global=None),
    _block("2001:1::1/128", "port control protocol anycast", "RFC 7723", is_global=True),
    _block("2001:1::2/128", "TURN anycast", "RFC 8155", is_global=True),
    _block("2001:1::3/128", "DNS-SD registration anycast", "RFC 9665", is_global=True),
    _block("2001:2::/48", "benchmarking", "RFC 5180"),
    _block("2001:3::/32", "AMT", "RFC 7450", is_global=True),
    _block("2001:4:112::/48", "AS112-v6", "RFC 7535", is_global=True),
    _block("2001:10::/28", "deprecated ORCHID", "RFC 4843", is_global=None),
    _block("2001:20::/28", "ORCHIDv2", "RFC 7343", is_global=True),
    _block("2001:30::/28", "drone remote identifiers", "RFC 9374", is_global=True),
    _block("2001:db8::/32", "documentation", "RFC 3849"),
    _block("2002::/16", "6to4", "RFC 3056", is_global=None),
    _block("2620:4f:8000::/48", "AS112 direct delegation", "RFC 7534", is_global=True),
    _block("3fff::/20", "documentation", "RFC 9637"),
    _block("5f00::/16", "segment routing (SRv6) identifiers", "RFC 9602"),
    _block("fc00::/7", "unique local", "RFC 4193"),
    _block("fe80::/10", "link local", "RFC 4291"),
)

# Refused whatever the registries say.
REFUSED_BESIDES = (
    # Kept for protocols: those rows in them that are called global are anycast, which reaches the nearest device of
    # the own network, or identifiers of an overlay. No page is served there.
    _block("192.0.0.0/24", "IETF protocol assignments", "decision"),
    _block("2001::/23", "IETF protocol assignments", "decision"),
    # These lead to an IPv4 address that they carry.
    _block("::/96", "IPv4-compatible, deprecated", "RFC 4291"),
    _block("::ffff:0:0:0/96", "IPv4-translated", "RFC 2765"),
    _block("64:ff9b::/96", "NAT64", "RFC 6052"),
    _block("2002::/16", "6to4", "RFC 3056"),
    _block("192.88.99.0/24", "6to4 relays", "RFC 7526"),
    # No single machine, or none any more.
    _block("224.0.0.0/4", "multicast", "RFC 5771"),
    _block("ff00::/8", "multicast", "RFC 4291"),
    _block("fec0::/10", "site local, deprecated", "RFC 3879"),
    _block("3ffe::/16", "6bone, given back", "RFC 3701"),
    # What clouds tell their own machines. Azure's and IBM's lie in the open; the others are refused twice.
    _block("168.63.129.16/32", "Azure platform", "vendor"),
    _block("161.26.0.0/16", "services inside IBM Cloud", "vendor"),
    _block("166.8.0.0/14", "services inside IBM Cloud", "vendor"),
    _block("169.254.169.254/32", "metadata of AWS, Azure, Google, Oracle, OpenStack, DigitalOcean, …", "vendor"),
    _block("169.254.170.2/32", "credentials of AWS containers", "vendor"),
    _block("169.254.170.23/32", "credentials of AWS EKS pods", "vendor"),
    _block("169.254.42.42/32", "Scaleway metadata", "vendor"),
    _block("169.254.0.23/32", "Tencent metadata", "vendor"),
    _block("192.0.0.192/32", "Oracle metadata (classic)", "vendor"),
    _block("100.100.100.200/32", "Alibaba metadata", "vendor"),
    _block("fd00:ec2::254/128", "AWS metadata", "vendor"),
    _block("fd00:ec2::23/128", "credentials of AWS EKS pods", "vendor"),
    _block("fd20:ce::254/128", "Google metadata", "vendor"),
    _block("fd00:42::42/128", "Scaleway metadata", "vendor"),
    _block("fe80::a9fe:a9fe/128", "OpenStack metadata", "vendor"),
)

ISATAP = 0x5EFE  # the upper half of an interface identifier that carries an IPv4 address (RFC 5214)
ISATAP_FLAGS = 0xFCFFFFFF  # without the bits for "universal" and "group"


def is_public(address: str) -> bool:
    """Whether an IP address, as a resolver writes it, belongs to the public internet and to nobody in disguise."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip not in GLOBAL_UNICAST or ip.scope_id is not None or _is_isatap(ip)
    ):
        return False
    if any(_holds(block, ip) for block in REFUSED_BESIDES):
        return False
    rows = [block for block in (*IPV4_SPECIAL, *IPV6_SPECIAL) if _holds(block, ip)]
    # The narrower block decides over the one around it.
    return not rows or max(rows, key=lambda block: block.network.prefixlen).is_global is True


def _holds(block: Block, ip: Address) -> bool:
    return block.network.version == ip.version and ip in block.network


def _is_isatap(ip: ipaddress.IPv6Address) -> bool:
    return (int(ip) >> 32) & ISATAP_FLAGS == ISATAP
