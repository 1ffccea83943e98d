"""What may be asked: every spelling of a private address is refused, every honest link is not."""

from __future__ import annotations

import pytest

from service.errors import AddressRefused
from service.pipeline.addresses import clean_url, refuse_private_addresses


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c"),
        ("  http://Example.ORG  ", "http://example.org/"),
        ("example.org/article", "https://example.org/article"),
        ("www.example.org", "https://www.example.org/"),
        ("https://müller.example/über", "https://xn--mller-kva.example/%C3%BCber"),
        ("https://example.org/zwei worte?q=schön & gut", "https://example.org/zwei%20worte?q=sch%C3%B6n%20&%20gut"),
        ("example.org/größe", "https://example.org/gr%C3%B6%C3%9Fe"),
        ("https://example.org/gr%C3%B6%C3%9Fe/100%", "https://example.org/gr%C3%B6%C3%9Fe/100%"),
        ("https://example.org/Merkur_(Planet)?a=[1]|2", "https://example.org/Merkur_(Planet)?a=[1]|2"),
        ("https://example.org.:8443/x", "https://example.org:8443/x"),
        ("HTTPS://EXAMPLE.ORG/Path", "https://example.org/Path"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"),
        ("https://ｅxample.org/", "https://example.org/"),
    ],
)
def test_an_honest_link_is_put_into_plain_form(typed: str, url: str) -> None:
    assert clean_url(typed) == url
    assert clean_url(url) == url


@pytest.mark.parametrize(
    "typed",
    [
        # no link at all
        "", "   ", "hello", "hello world", "/etc/passwd", "://", "http://", "http:///path", "https://?x", "https://#",
        "http://[", "http://[::1", "http://a:b:c/", "http://example.org:99999/", "http://example.org:-1/", "a" * 5000,
        # other schemes
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "javascript:alert(1)", "data:text/html,x",
        "chrome://settings", "ws://example.org/", "view-source:https://example.org",
        # credentials
        "https://user@example.org/", "https://user:secret@example.org/", "https://example.org@127.0.0.1/",
        # parser tricks
        "https://example.org\\@127.0.0.1/", "https:\\\\example.org", "https://exa\nmple.org/", "https://exa\tmple.org/",
        "https://example.org/\x00", "https://exam ple.org/", "https://example.org/\ud800", "https://exa%6dple.org/",
        # this machine and private networks, in every spelling
        "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
        "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/", "http://0/", "http://0.0.0.0/",
        "http://１２７.0.0.1/", "http://127。0。0。1/", "http://127.0.0.1./", "http://localhost/", "http://LOCALHOST:80/",
        "http://localhost./", "http://printer/", "http://router.local/", "http://db.internal/", "http://10.0.0.1/",
        "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/", "http://198.18.0.1/",
        "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[ff02::1]/", "http://[::127.0.0.1]/",
        "http://[2001:db8::1]/", "http://999.999.999.999/", "http://1.2.3.4.5/",
        # other services
        "http://example.org:22/", "http://example.org:25/", "http://example.org:6379/", "http://example.org:0/",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        clean_url(typed)
    assert len(str(refused.value)) > 20, "the message says what is wrong"
    assert typed.strip()[:40] not in str(refused.value) or not typed.strip(), "the message does not repeat the address"


def test_hosts_that_the_settings_open_may_be_private() -> None:
    assert clean_url("http://127.0.0.1:9000/x", ("127.0.0.1:9000",)) == "http://127.0.0.1:9000/x"
    assert clean_url("http://wiki.intranet:123/", ("wiki.intranet",)) == "http://wiki.intranet:123/"
    with pytest.raises(AddressRefused):
        clean_url("http://127.0.0.1:9001/x", ("127.0.0.1:9000",))


# ---------------------------------------------------------------- every spelling of what is private


def test_no_spelling_of_a_private_host_is_asked(private_host: str) -> None:
    for link in (
        f"http://{private_host}/",
        f"https://{private_host}/latest/meta-data/?a=b#c",
        f"HTTP://{private_host}",
    ):
        with pytest.raises(AddressRefused):
            clean_url(link)


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("example.org", "example.org"), ("EXAMPLE.ORG.", "example.org"), ("example。org", "example.org"),
        ("example.org。", "example.org"), ("ⓔxample.org", "example.org"), ("exa\u00admple.org", "example.org"),
        ("xn--mller-kva.example", "xn--mller-kva.example"), ("faß.example", "xn--fa-hia.example"),
        ("local.example.org", "local.example.org"), ("localhost.example.org", "localhost.example.org"),
        ("internal.example", "internal.example"), ("127.0.0.1.example.org", "127.0.0.1.example.org"),
        ("10.example.org", "10.example.org"), ("0x7f.example.org", "0x7f.example.org"), ("my_host.example.org", "my_host.example.org"),
        ("8.8.8.8", "8.8.8.8"), ("１.1.1.1", "1.1.1.1"), ("192.31.196.1", "192.31.196.1"), ("192.169.0.1", "192.169.0.1"),
        ("[2606:4700::1]", "[2606:4700::1]"), ("[2606:4700:0:0:0:0:0:1]:443", "[2606:4700::1]:443"), ("homes.example", "homes.example"),
        ("example.homes", "example.homes"), ("corp.example", "corp.example"), ("testing.example", "testing.example"),
        ("example.org:8080", "example.org:8080"), ("example.org:", "example.org"),
    ],
)  # fmt: skip
def test_public_hosts_that_look_a_little_like_it_are_asked(host: str, asked: str) -> None:
    assert clean_url(f"http://{host}/x") == f"http://{asked}/x"


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["::1"],
        ["2606:4700::1", "fe80::1%2"],
        ["168.63.129.16"],
        ["nonsense"],
    ],
)
def test_a_name_with_one_private_address_is_refused(found: list[str]) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        refuse_private_addresses(found)
    refuse_private_addresses(["93.184.215.14", "2606:4700::1"])


@pytest.mark.parametrize(
    "host", ["a" * 60 + "!", "a." * 120 + "!", "a" * 8000, "a." * 4000, "\u0301" * 250, "xn--" + "9" * 240]
)
def test_a_long_host_that_is_none_is_refused_at_once(host: str) -> None:
    with pytest.raises(AddressRefused):
        clean_url(f"https://{host}/"[:4000])
