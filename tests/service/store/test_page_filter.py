"""The signed filter: no page missed, few found by mistake, small, and nothing in it that was not signed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.models import VerdictCode
from service.store.page_filter import CODES, PageFilter, build_bits, false_positive_rate, filter_address, places
from service.store.secrets import SecretStore

REFUTED, SUPPORTED = VerdictCode.REFUTED, VerdictCode.SUPPORTED


def has(bits: bytes, code: str, url: str) -> bool:
    entry = f"{code}\n{filter_address(url)}"
    return all(bits[place >> 3] >> (place & 7) & 1 for place in places(entry, len(bits) * 8))


def read(content: bytes) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    line, _, rest = content.partition(b"\n")
    return json.loads(line), line + b"\n", rest[:64], rest[64:]


def test_every_page_is_found_and_few_others_at_the_stated_rate_and_size() -> None:
    pages = [(REFUTED, f"https://zeitung.example/{number}") for number in range(20_000)]
    bits = build_bits(pages, len(pages))
    assert all(has(bits, code, url) for code, url in pages[::7])
    assert len(bits) * 100_000 / len(pages) <= 250_000, "100,000 pages fit into 250 kB"
    wrong = sum(
        any(has(bits, code, f"https://other.example/{number}") for code in (REFUTED, SUPPORTED))
        for number in range(20_000)
    )
    stated = false_positive_rate(len(pages), len(bits) * 8)
    assert stated < 0.002
    assert wrong / 20_000 < stated * 1.5


def test_the_places_are_fixed() -> None:
    assert places("refuted\nhttps://example.org/", 4096)[:4] == [3121, 2806, 2491, 2176]
    assert places("refuted.satire\nhttps://example.org/", 4096)[:4] == [2424, 59, 1790, 3521]


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://Zeitung.Example", "https://zeitung.example/"),
        ("https://a.example/b?utm_source=x&id=7&fbclid=9#top", "https://a.example/b?id=7"),
        ("https://a.example/b?utm_source=x", "https://a.example/b"),
        ("https://a.example/zitrönchen?q=ä~*", "https://a.example/zitr%C3%B6nchen?q=%C3%A4~*"),
        ("https://a.example/%C3%B6?a=1&&b", "https://a.example/%C3%B6?a=1&b"),
    ],
)
def test_addresses_are_known_without_tracking(url: str, known_as: str) -> None:
    assert filter_address(url) == known_as


def test_an_empty_filter_finds_nothing() -> None:
    assert not has(build_bits([], 0), REFUTED, "https://example.org/")


def test_only_pages_that_the_service_fetched_are_in_it_and_only_with_a_verdict(house: Any) -> None:
    words = "Hot lemon water cures diabetes within seven days."
    body = f"<h1>Lemons</h1><p>{words}</p><p>Our garden has 12 trees.</p>"
    page = f"<html lang=en><body><article>{body}</article></body></html>"
    house.fetcher.pages["https://zeitung.example/lemons"] = page
    house.fetcher.leads_to["https://kurz.example/1"] = "https://zeitung.example/lemons"
    house.fetcher.pages["https://zeitung.example/garden"] = page.replace(words, "It was planted in 1912.")
    assert house.check(url="https://kurz.example/1")["verdict"]["code"] == "refuted"
    house.check(url="https://zeitung.example/garden")
    house.check(html=page, url="https://planted.example/")
    head, _, _, bits = read(house.client.get("/v1/filter").data)
    assert head["entries"] == 2
    assert has(bits, REFUTED, "https://zeitung.example/lemons?utm_source=x")
    assert has(bits, REFUTED, "https://kurz.example/1")
    for url in ("https://zeitung.example/garden", "https://planted.example/"):
        assert not has(bits, REFUTED, url)


def statement(claim: str, rating: str) -> dict[str, Any]:
    return {
        "claim_reviewed": claim, "url": f"https://checks.example/{rating}", "language": "en",
        "publisher": {"name": "Checks", "site": "checks.example"}, "rating": {"alternate_name": rating},
    }  # fmt: skip


def test_a_page_that_satire_alone_refutes_is_known_as_that_too(house: Any) -> None:
    joke = "Parliament will replace all chairs with trampolines from 2025."
    lemons = "Hot lemon water cures diabetes within seven days."
    photo = "The photo shows a shark on a flooded motorway in Texas."
    for claim, rating in ((joke, "Satire"), (photo, "Altered photo")):
        assert house.writer.post("/v1/statements", json=statement(claim, rating)).status_code == 201
    bodies = {"joke": joke, "both": f"{joke}</p><p>{lemons}", "lemons": lemons, "photo": photo}
    for name, body in bodies.items():
        house.fetcher.pages[f"https://zeitung.example/{name}"] = (
            f"<html lang=en><article><h1>News</h1><p>{body}</p></article></html>"
        )
        assert house.check(url=f"https://zeitung.example/{name}")["verdict"]["code"] == "refuted"
    head, _, _, bits = read(house.client.get("/v1/filter").data)
    assert (head["entries"], head["details"]) == (4, ["refuted.satire", "refuted.altered_media"])
    assert head["codes"] == [code.value for code in CODES], "older readers ask for these alone"
    assert head["bits"] == max(1024, 6 * 17), "four pages, two of them with a detail"
    known = {
        name: [each for each in ("refuted", *head["details"]) if has(bits, each, f"https://zeitung.example/{name}")]
        for name in bodies
    }
    assert known == {
        "joke": ["refuted", "refuted.satire"],
        "both": ["refuted"],
        "lemons": ["refuted"],
        "photo": ["refuted", "refuted.altered_media"],
    }


def test_a_changed_byte_breaks_the_signature(house: Any) -> None:
    head, line, signature, bits = read(house.client.get("/v1/filter").data)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(head["public_key"]))
    key.verify(signature, line + bits)
    with pytest.raises(InvalidSignature):
        key.verify(signature, line + bytes([bits[0] ^ 1]) + bits[1:])
    with pytest.raises(InvalidSignature):
        key.verify(signature, line.replace(b'"entries":0', b'"entries":1') + bits)


def public_key(house: Any, folder: Path) -> str:
    """The key of a filter that a machine with this data folder signs."""
    engine = house.application.statements.engine
    made = PageFilter(engine, SecretStore(engine), folder / "filter.key")
    return str(read(made.current())[0]["public_key"])


def test_all_machines_sign_alike_and_leave_no_key_in_their_folders(house: Any, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    assert len({public_key(house, folder) for folder in (*folders, *folders)}) == 1
    assert not any(folder.exists() for folder in folders)


def test_a_key_from_a_file_is_taken_over_once(house: Any, tmp_path: Path) -> None:
    former, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    file = tmp_path / "filter.key"
    file.write_bytes(former.private_bytes_raw())
    known_as = base64.b64encode(former.public_key().public_bytes_raw()).decode()
    assert public_key(house, tmp_path) == known_as
    assert not file.exists()
    file.write_bytes(other.private_bytes_raw())
    assert public_key(house, tmp_path) == known_as
    assert file.read_bytes() == other.private_bytes_raw(), "what is stored nowhere else is not deleted"


def test_a_file_that_holds_no_key_is_none(house: Any, tmp_path: Path) -> None:
    (tmp_path / "filter.key").write_bytes(b"too short")
    assert len(base64.b64decode(public_key(house, tmp_path))) == 32


def test_the_same_filter_is_not_sent_twice(house: Any) -> None:
    first = house.client.get("/v1/filter")
    again = house.client.get("/v1/filter", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
