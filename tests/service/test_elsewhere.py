"""Where else to look: which words, on whose site, by the language of the claim; never for a claim that has a match."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from index.models import Match, PairJudgement, Rating, Stance, Statement
from service.elsewhere import elsewhere_of, name_search, telling_words
from service.models import CheckedClaim, JudgedMatch, ScoredSentence, Sentence, Verdict, VerdictCode

LEMONS = "Heißes Zitronenwasser heilt Diabetes innerhalb von 14 Tagen, sagen Ärzte."


def claim(text: str, *found: JudgedMatch) -> CheckedClaim:
    sentence = ScoredSentence(Sentence(text, 0, len(text)), 0.9, True)
    return CheckedClaim(sentence, Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.9), found)


def match() -> JudgedMatch:
    statement = Statement(LEMONS, "https://blatt.example/1", Rating("Falsch"))
    return JudgedMatch(Match(statement, 0.9, 0.9, True, PairJudgement(0.9, 0.9, 0.05, 0.05)), Stance.SUPPORTS, 0.9)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (LEMONS, "Heißes Zitronenwasser Diabetes 14 Tagen Ärzte"),
        ("5G-Strahlung verbreitet das Coronavirus.", "5G-Strahlung verbreitet Coronavirus"),
        (
            "Im Jahr 2018 wurden in Hessen 40 Millionen Tonnen Äpfel geerntet.",
            "2018 Hessen 40 Millionen Tonnen Äpfel",
        ),
        ("The Eiffel Tower was sold twice in 1925.", "Eiffel Tower sold twice 1925"),
        ("Covid covid COVID vaccines", "Covid vaccines"),
        ("It is, and they were.", ""),
    ],
)
def test_the_words_that_tell_most_are_searched_in_the_sentence_s_order(sentence: str, words: str) -> None:
    assert telling_words(sentence) == words


def test_a_german_claim_is_looked_for_where_german_is_written() -> None:
    found = elsewhere_of(claim(LEMONS), "de", "en")
    assert found is not None
    assert [(search.name, search.engine, urlsplit(search.url).hostname) for search in found.searches] == [
        ("Fact Check Explorer", None, "toolbox.google.com"),
        ("CORRECTIV", None, "correctiv.org"),
        ("dpa", "DuckDuckGo", "duckduckgo.com"),
        ("AFP", "DuckDuckGo", "duckduckgo.com"),
    ]
    explorer, _, dpa, afp = (search.url for search in found.searches)
    assert explorer.endswith(";hl=de")
    assert unquote(dpa).endswith(f"?q=site:dpa-factchecking.com {found.words}")
    assert "site%3Afaktencheck.afp.com%20" in afp


@pytest.mark.parametrize(
    ("spoken", "text", "reader", "names"),
    [
        ("en-GB", "Lemons cure diabetes.", "de", ["Fact Check Explorer", "AFP", "Snopes"]),
        ("fr", "Le citron guérit le diabète.", "de", ["Fact Check Explorer", "AFP"]),
        ("nl", "Citroenen genezen diabetes.", "de", ["Fact Check Explorer"]),
        (None, "The water of the lemon was sold by them.", "de", ["Fact Check Explorer", "AFP", "Snopes"]),
        (None, "Zitronen 2019", "de-CH", ["Fact Check Explorer", "CORRECTIV", "dpa", "AFP"]),
    ],
)
def test_where_to_look_goes_by_the_claim_s_language_then_its_words_then_the_reader(
    spoken: str | None, text: str, reader: str, names: list[str]
) -> None:
    found = elsewhere_of(claim(text), spoken, reader)
    assert found is not None
    assert [search.name for search in found.searches] == names


def test_what_stands_in_a_claim_cannot_leave_the_words_of_an_address() -> None:
    found = elsewhere_of(claim('"Grüße";hl=xx&q=1#Teil ../../ 100 %'), "de/../x", "de")
    assert found is not None
    for search in found.searches:
        assert not set(" \"<>#'") & set(search.url)
    assert urlsplit(found.searches[0].url).path.rpartition(";hl=")[0].count("/") == 4


def test_a_claim_with_a_match_or_without_a_word_is_not_looked_for_elsewhere() -> None:
    assert elsewhere_of(claim(LEMONS, match()), "de", "de") is None
    assert elsewhere_of(claim("Es ist, wie es ist."), "de", "de") is None


def test_a_search_through_an_engine_says_so() -> None:
    found = elsewhere_of(claim(LEMONS), "de", "de")
    assert found is not None
    assert name_search(found.searches[2], "de") == "dpa (über DuckDuckGo)"
    assert name_search(found.searches[2], "en") == "dpa (through DuckDuckGo)"
    assert name_search(found.searches[1], "de") == "CORRECTIV"
