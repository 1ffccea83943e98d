"""Every spelling of a private host that came to mind, for each way in which a link may name one."""

from __future__ import annotations

import pytest

# Hosts by what disguises them. Each is tried with http and https, as a link (test_addresses.py) and as a
# redirect (test_fetch.py).
SPELLINGS = {
    "plain": [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "198.18.0.1", "203.0.113.9", "224.0.0.251", "240.0.0.1",
        "255.255.255.255", "127.0.0.1:80", "127.0.0.1:8080", "192.168.1.1:8443",
    ],
    "cloud": [
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "192.0.0.192", "168.63.129.16", "100.100.100.200",
        "[fd00:ec2::254]", "[fd20:ce::254]", "[fe80::a9fe:a9fe]", "metadata.google.internal", "METADATA.GOOGLE.INTERNAL.",
        "metadata", "metadata.goog", "instance-data", "instance-data.ec2.internal", "metadata.tencentyun.com",
        "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "host.docker.internal",
    ],
    "one number": ["2130706433", "0x7f000001", "0X7F000001", "017700000001", "00000000017700000001", "3232235777",
                   "0xC0A80101", "2852039166", "0xa9fea9fe", "0", "1", "00", "0x0", "4294967295", "2130706433.",
                   "134744072"],
    "short": ["127.1", "127.0.1", "10.1", "192.168.257", "172.1048577", "169.254.43518", "0.0", "127.1.", "8.8.2056"],
    "octal, hexadecimal and mixed": [
        "0177.0.0.1", "0177.0.0.01", "00177.0.0.1", "0300.0250.1.1", "0x7f.0.0.1", "0x7f.1", "0x7F.0x0.0x0.0x1",
        "127.0x1", "0xa9.254.0251.254", "0x0a.1", "012.0.0.1", "0x7f.0.1", "0251.0376.0251.0376", "127.0.0.0x1",
        "127.0.0.01", "127.000.000.001", "010.000.000.001", "169.254.0xa9fe",
    ],
    "no numbers at all": ["256.256.256.256", "127.0.0.1.1", "1.2.3.4.5", "127.0.0.", "0x", "127.0.0.0x", "999"],
    "other digits": ["１２７.0.0.1", "１２７．０．０．１", "①②⑦.⓪.⓪.①", "①②⑦.①", "𝟏𝟐𝟕.𝟎.𝟎.𝟏", "１０.0.0.1", "²130706433", "٠.٠.٠.٠",
                     "０x7f.1", "１６９.254.１６９.254", "⒈⒈⒈⒈"],
    "other dots": ["127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "127。1", "localhost。", "127.0.0.1。", "127.0.0.1．", "127.0.0.1｡",
                   "10.0.0.1。", "router。local", "169。254。169。254"],
    "final dots": ["127.0.0.1.", "127.0.0.1..", "localhost.", "localhost..", "10.0.0.1.", "LOCALHOST。。"],
    "invisible signs": ["local\u00adhost", "loc\u200balhost", "127.0.0.1\u200b", "127\u00ad.0.0.1", "\u2060localhost",
                        "localhost\ufeff"],
    "other letters": ["ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "LOCALHOST", "LocalHost", "ℓocalhost", "localhoſt", "𝐥𝐨𝐜𝐚𝐥𝐡𝐨𝐬𝐭", "router.ＬＯＣＡＬ"],
    "IPv6": ["[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[::1]:80",
             "[fc00::1]", "[fd12:3456:789a::1]", "[FD12:3456::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]",
             "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[4000::1]", "[2001:1::1]", "[2001:20::1]"],
    "IPv4 within IPv6": [
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:8.8.8.8]",
        "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::]",
        "[2001:0000:4136:e378:8000:63bf:3fff:fdd2]", "[2a00:1450::5efe:7f00:1]", "[2a00:1450::200:5efe:a00:1]",
        "[::ffff:0x7f.0.0.1]", "[::ffff:127.1]",
    ],
    "zones and brackets": ["[fe80::1%eth0]", "[fe80::1%25eth0]", "[fe80::1%251]", "[2606:4700::1%25eth0]", "[::1%lo]", "[127.0.0.1]",
                           "[localhost]", "[::1].example.org", "[::1]example.org", "[2606:4700::1].localhost", "[v1.127.0.0.1]",
                           "[[::1]]", "[::1", "::1", "::1]", "[]", "[::ffff:127.0.0.1]:80:80"],
    "percent signs": ["127%2e0%2e0%2e1", "%31%32%37.0.0.1", "%6cocalhost", "127.0.0.1%00.example.org", "127.0.0.1%2f.example.org",
                      "example.org%2f@127.0.0.1", "local%68ost", "%5b::1%5d"],
    "user names": ["user@127.0.0.1", "example.org@127.0.0.1", "example.org:443@127.0.0.1", "127.0.0.1@example.org", "@127.0.0.1",
                   "example.org%40127.0.0.1", "a:b@[::1]", "u@p@127.0.0.1"],
    "slashes": ["example.org\\@127.0.0.1", "127.0.0.1\\example.org", "\\127.0.0.1", "/127.0.0.1", "//127.0.0.1", "\\\\localhost"],
    "blanks": [" 127.0.0.1", "127.0.0.1 ", "127.0.0.1\t", "127.\n0.0.1", "127.0.\r0.1", "local\thost", "127.0.0.1 .example.org",
               "127.0.0.1\x00.example.org", "local\u3000host", "local\u00a0host", "127.0.0.1\x0b", "\u2028localhost"],
    "names of this machine": ["localhost", "localhost:80", "localhost.localdomain", "foo.localhost", "a.b.localhost", "ip6-localhost",
                              "loopback", "broadcasthost", "example.localhost."],
    "names of own networks": [
        "printer", "router.local", "db.internal", "wiki.intranet", "nas.lan", "fritz.home", "nas.home.arpa", "ad.corp",
        "x.private", "mail.mail", "1.0.0.127.in-addr.arpa", "ipv4only.arpa", "service.onion", "site.i2p", "host.test",
        "host.invalid", "wallet.alt", "a.localdomain", "Router.LOCAL:8080",
    ],
    "ports": ["127.0.0.1:22", "example.org:22", "example.org:6379", "example.org:0", "example.org:65536", "example.org:８０",
              "example.org:80:80", "example.org:-80", "[::1]:22"],
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Call a test that takes a `private_host` with each."""
    if "private_host" in metafunc.fixturenames:
        hosts = [host for spellings in SPELLINGS.values() for host in spellings]
        assert len(set(hosts)) == len(hosts) >= 200
        metafunc.parametrize("private_host", hosts)
