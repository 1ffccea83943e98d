"""Public and private addresses: IANA's registries row by row, the clouds' own addresses, and where Python differs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from service.pipeline.address_registry import IPV4_SPECIAL, IPV6_SPECIAL, REFUSED_BESIDES, Block, is_public

REGISTRIES = (*IPV4_SPECIAL, *IPV6_SPECIAL)

# Rows that IANA calls globally reachable, and what becomes of them here.
GLOBAL_ROWS = {
    "192.0.0.9/32": False,  # port control: answered by the nearest router, one's own
    "192.0.0.10/32": False,  # TURN: the nearest relay
    "192.31.196.0/24": True,
    "192.52.193.0/24": True,
    "192.175.48.0/24": True,
    "64:ff9b::/96": False,  # leads to any IPv4 address
    "2001:1::1/128": False,
    "2001:1::2/128": False,
    "2001:1::3/128": False,
    "2001:3::/32": False,
    "2001:4:112::/48": False,
    "2001:20::/28": False,  # identifiers of an overlay
    "2001:30::/28": False,
    "2620:4f:8000::/48": True,
}

# Where Python calls an address global and this table does not. Newer Pythons differ in less.
PYTHON_IS_LAXER = [
    "192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "161.26.0.0/16", "166.8.0.0/14", "168.63.129.16/32",
    "2001::/23", "2002::/16", "3ffe::/16", "3fff::/20",
    "::/3", "4000::/2", "8000::/1",  # all of IPv6 outside 2000::/3
]  # fmt: skip


def edges(block: Block) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The first and last address of a block, and their neighbours outside."""
    first, last = block.network.network_address, block.network.broadcast_address
    for number in (int(first) - 1, int(first), int(last), int(last) + 1):
        if 0 <= number < 2**first.max_prefixlen:
            yield type(first)(number)


def test_what_the_registries_do_not_call_global_is_private() -> None:
    private = [block for block in REGISTRIES if block.is_global is not True]
    assert len(private) == 37
    for block in private:
        for address in (block.network.network_address, block.network.broadcast_address):
            inner = [row for row in REGISTRIES if row.network.version == address.version and address in row.network]
            if max(inner, key=lambda row: row.network.prefixlen) is block:
                assert not is_public(str(address)), block


def test_rows_that_are_called_global_are_public_but_for_those_that_reach_ones_own_network() -> None:
    assert {str(block.network) for block in REGISTRIES if block.is_global} == set(GLOBAL_ROWS)
    for network, public in GLOBAL_ROWS.items():
        assert is_public(str(ipaddress.ip_network(network).network_address)) is public, network


def test_a_block_ends_where_it_ends() -> None:
    """The neighbour of a private block is public unless another block holds it: no prefix is too long or too short."""
    beside = [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
        "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
        "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "168.63.129.15",
        "168.63.129.17", "161.25.255.255", "161.27.0.0", "166.7.255.255", "166.12.0.0",
        "2001:200::", "2001:db7:ffff:ffff::", "2001:db9::", "2003::", "3ffd:ffff::", "3fff:1000::", "2000::",
    ]  # fmt: skip
    assert [address for address in beside if not is_public(address)] == []


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "169.254.170.2", "169.254.170.23", "192.0.0.192", "168.63.129.16", "100.100.100.200", "fd00:ec2::254",
     "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe", "169.254.42.42", "169.254.0.23", "161.26.0.10"],
)  # fmt: skip
def test_what_clouds_tell_their_machines_is_private(address: str) -> None:
    assert not is_public(address)
    assert any(ipaddress.ip_address(address) in block.network for block in REFUSED_BESIDES if block.source == "vendor")


@pytest.mark.parametrize(
    "address",
    ["::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::8.8.8.8", "2002:808:808::1",
     "2001:0:808:808::1", "2a00:1450:4001:0:0:5efe:10.0.0.1", "2a00:1450:4001:0:200:5efe:8.8.8.8",
     "2a00:1450:4001:0:300:5efe:7f00:1"],
)  # fmt: skip
def test_an_address_that_carries_another_is_private_whichever_it_carries(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "ff0e::1", "fec0::1", "4000::1", "1::1", "e000::1",
     "2606:4700::1%eth0", "fe80::1%1", "", "nonsense", "8.8.8", "08.8.8.8", "8.8.8.8/32", "8.8.8.8 ", "2606:4700::/32"],
)  # fmt: skip
def test_groups_zones_and_what_is_no_address_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700::6810:84e5", "2a00:1450:4001::200e", "2a01:4f8::5efe:1"],
)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_python_differs_only_where_it_is_known_to_and_is_never_the_stricter() -> None:
    laxer = [ipaddress.ip_network(network) for network in PYTHON_IS_LAXER]
    seen = 0
    for block in (*REGISTRIES, *REFUSED_BESIDES):
        for address in edges(block):
            if address.is_global == is_public(str(address)):
                continue
            seen += 1
            assert address.is_global, f"{address}: Python calls this private, the table does not"
            assert any(address in network for network in laxer if network.version == address.version), address
    assert seen > 10
