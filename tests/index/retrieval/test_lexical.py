"""Keywords: stemmed by language, any script, and never read as query syntax."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import IndexUnavailable
from index.models import Statement
from index.retrieval.lexical import KeywordIndex, query_stems, stems_of

from ..conftest import make_statement


def keyed(*claims: tuple[str, str]) -> list[Statement]:
    return [
        replace(make_statement(claim, language=language), key=key) for key, (language, claim) in enumerate(claims, 1)
    ]


@pytest.fixture
def keywords() -> KeywordIndex:
    built = KeywordIndex.create()
    built.put(
        keyed(
            ("de", "Windräder töten Millionen Vögel."),
            ("en", "Vaccines caused thousands of miscarriages."),
            ("ar", "رفع الأذان في غرناطة"),
            ("ru", "Вакцина меняет ДНК человека"),
            ("de", "Die Regierung verbietet Ölheizungen."),
        )
    )
    built.commit()
    return built


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ein Windrad und ein Vogel", 1), ("a vaccine, a miscarriage", 2), ("غرناطة", 3), ("ДНК", 4),
        ("Olheizung verboten", 5), ("VERBIETET", 5),
    ],
)  # fmt: skip
def test_words_are_found_in_other_forms(keywords: KeywordIndex, text: str, key: int) -> None:
    assert keywords.search(text, 3)[0].key == key


@pytest.mark.parametrize(
    "text",
    ["", " ", '"', "AND OR NOT", "(((", "key:1", "a* ~2 ^3", "[1 TO 5]", "IN [", "\x00\ud800", "💥", "-+!{}", "'" * 99],
)
def test_nothing_is_read_as_query_syntax(keywords: KeywordIndex, text: str) -> None:
    assert keywords.search(text, 3) == []


def test_removed_and_replaced_statements_are_gone_after_commit(keywords: KeywordIndex) -> None:
    keywords.remove([1, 2])
    keywords.put([replace(make_statement("Wind farms kill bats."), key=1)])
    keywords.commit()
    assert len(keywords) == 4
    assert [hit.key for hit in keywords.search("wind bats miscarriage Windräder", 5)] == [1]


def test_what_was_committed_to_a_folder_is_there_when_opened_again(tmp_path: Path) -> None:
    built = KeywordIndex.create(tmp_path / "words")
    built.put(keyed(("en", "Cheese is a planet.")))
    built.commit()
    loaded = KeywordIndex.load(tmp_path / "words")
    assert [hit.key for hit in loaded.search("planets", 5)] == [1]


def test_nobody_puts_a_file_into_a_folder_after_the_commit(tmp_path: Path) -> None:
    built = KeywordIndex.create(tmp_path / "lexical")
    built.put(keyed(("de", "Windräder töten Millionen Vögel.")))
    built.commit()
    for lock in tmp_path.rglob(".tantivy-*.lock"):
        lock.unlink()
    time.sleep(1.2)  # tantivy's own watcher would look for commits twice a second, and lock the folder
    assert not list(tmp_path.rglob("*.lock"))


def test_a_missing_or_damaged_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        KeywordIndex.load(tmp_path / "nowhere")
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(IndexUnavailable):
        KeywordIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("language", "claim", "stems"),
    [
        ("de", "Die Häuser wurden verkauft.", ["0haus", "0wurd", "0verkauft"]),
        ("en", "The houses were sold.", ["1hous", "1were", "1sold"]),
        ("pl", "Domy SPRZEDANO!", ["6domy", "6sprzedano"]),
        (None, "5G ✓", ["65g"]),
        ("en", "💥", []),
        ("pl", "⑴ ½ ﬁn", ["61", "6½", "6fin"]),
    ],
)
def test_a_statement_is_its_stems(language: str, claim: str, stems: list[str]) -> None:
    assert stems_of(make_statement(claim, language=language)) == stems


def test_a_text_is_its_stems_in_every_language() -> None:
    stems = query_stems("Häuser, Häuser!")
    assert stems[:1] == ["0haus"]
    assert stems[-1:] == ["6hauser"]
    assert len(stems) == 7
    assert query_stems('"✓" -') == []


def test_a_language_of_few_statements_counts_as_much_as_one_of_many() -> None:
    """A statement's length is compared with that of all, not with an average over statements of other languages."""
    built = KeywordIndex.create()
    many = [("en", f"The council of town{n} forbids rubber ducks in all public fountains.") for n in range(99)]
    built.put(keyed(("de", "Der Rat verbietet Gummienten in allen öffentlichen Brunnen."), *many))
    built.commit()
    alone = KeywordIndex.create()
    alone.put(keyed(("en", "Der Rat verbietet Gummienten in allen öffentlichen Brunnen."), *many))
    alone.commit()
    rare, common = (index.search("Gummienten", 1)[0] for index in (built, alone))
    assert rare.key == common.key == 1
    assert 0.8 < rare.score / common.score < 1.25
