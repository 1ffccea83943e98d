"""No regular expression takes more than linear time, whatever text it meets: each is fed its own worst cases, doubled.

A pattern that is made of something known only at run time must be named in BUILT, or the test fails.
"""

from __future__ import annotations

import re

import pytest
from growth import too_fast
from pattern_finder import Built, Found, Key, calls_of, find_patterns, forbidden_imports
from worst_cases import WorstCase, worst_cases

from index.pairs import names, opposites
from service.pipeline import checkworthiness, cue_words, notice_words

SEARCHED, MATCHED = frozenset({"search"}), frozenset({"match"})
WHOLE = ("gone_head", "login_head", "consent_button")
BUILT: dict[Key, Built] = {
    ("index/pairs/names.py", "_table"): Built(lambda: [names._table()[0]], MATCHED),
    ("index/pairs/opposites.py", "_word"): Built(
        lambda: [side for sides in opposites.SIDES for side in sides], SEARCHED
    ),
    ("service/pipeline/checkworthiness.py", "patterns"): Built(lambda: checkworthiness.patterns().values(), SEARCHED),
    ("service/pipeline/cue_words.py", "cues"): Built(
        lambda: [cue_words.cues(*given) for given in calls_of("cues")], SEARCHED | MATCHED
    ),
    ("service/pipeline/notice_words.py", "pattern"): Built(
        lambda: [notice_words.pattern(kind) for kind in notice_words.words() if kind not in WHOLE], SEARCHED
    ),
    ("service/pipeline/notice_words.py", "whole"): Built(
        lambda: [notice_words.whole(kind) for kind in WHOLE], frozenset({"fullmatch"})
    ),
    ("service/web/contrast.py", "_named"): Built(
        lambda: [re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.I) for words in ("nicht", "1,5 Mio.", "a " * 99)],
        SEARCHED,
    ),
}

# What people have sent, or might: (where the pattern stands, what leads in, what is repeated, what comes last).
LISTED = [
    ("service/pipeline/decoding.py", "", "<!---->", "x"), ("service/pipeline/decoding.py", "<!--", "-->", "x"),
    ("service/pipeline/decoding.py", "<?xml", ">", "x"), ("service/pipeline/decoding.py", "<meta charset=", " ", "!"),
    ("index/retrieval/queries.py", "", "a-\n", ""), ("index/retrieval/queries.py", "a-", "\n", "!"),
    ("index/retrieval/queries.py", "a-", " \n", "!"), ("index/retrieval/queries.py", "", "&#1", ""),
    ("index/retrieval/queries.py", "", ".’", " x"), ("index/retrieval/queries.py", "", "RT ", "x"),
    ("index/pairs/differences.py", "", "1", ":1"), ("index/pairs/differences.py", "1.", "000.", "0:1"),
    ("index/pairs/differences.py", "5 prozent", "1", ":1"), ("index/pairs/differences.py", "", "soll ", ""),
    ("index/pairs/differences.py", "", "in A a ", ""), ("index/pairs/reach.py", "", "alle der ", ""),
    ("index/pairs/reach.py", "", "führt a ", ""), ("index/exchange/ratings.py", "", " ", "x"),
    ("index/exchange/dirty_json.py", '{"', '\\"', ""), ("index/exchange/dirty_json.py", "", "/*", ""),
    ("index/exchange/dirty_json.py", "", '"', ""), ("index/exchange/dirty_json.py", "", ", ", ""),
    ("index/exchange/dirty_json.py", "", "<!--", ""), ("index/exchange/fields.py", "<p", " a=b", "<"),
    ("index/exchange/fields.py", "<p a=", " ", "<"), ("index/exchange/page_markup.py", "", "a: ", ""),
    ("service/pipeline/fact_checks.py", "", "m.", "x"), ("service/pipeline/fact_checks.py", "", "/amp", "x"),
    ("service/pipeline/addresses.py", "", "a", "!"), ("service/pipeline/addresses.py", "", "a.", ":x"),
    ("service/pipeline/claims.py", "", "Be-", ""), ("service/pipeline/quoting.py", "", " 'a", ""),
    ("service/pipeline/cue_words.py", "", "soll ", ""), ("service/pipeline/cue_words.py", "", "weist ", ""),
    ("service/pipeline/cue_words.py", "kein ", "zweifel ", ""),
    ("service/pipeline/sentences.py", "", "und ", "!"), ("service/pipeline/refresh.py", "", "<meta ", ""),
    ("service/pipeline/notice_words.py", "", "diese seite ", ""), ("service/pipeline/article.py", "", "<html ", ""),
    ("service/pipeline/article.py", "<html", " lang", ""), ("service/web/forms.py", "", "a.", "!"),
    ("service/web/contrast.py", "", "a-", "\0"),
]  # fmt: skip

MANY = 300

FOUND, MET = find_patterns(BUILT)
UNIQUE = list({(found.pattern, found.uses): found for found in FOUND}.values())


def named(found: Found) -> str:
    return f"{found.place} {found.pattern.pattern!s:.40}"


@pytest.mark.parametrize("found", UNIQUE, ids=named)
def test_a_pattern_takes_linear_time_on_its_worst_cases(found: Found) -> None:
    file = found.place.rsplit(":", 1)[0]
    listed = [WorstCase(*rest) for place, *rest in LISTED if place == file]
    cases = [*worst_cases(found.pattern), *listed]
    assert len(cases) >= 10
    # Patterns of a hundred branches take so long a letter that shorter texts show it.
    most = 1 << (13 if len(cases) > MANY else 14)
    slow = ((case, growth) for case in cases if (growth := too_fast(found.run, case.build, most)))
    assert next(slow, None) is None


def test_every_listed_case_belongs_to_a_file_with_patterns() -> None:
    assert {place for place, *_ in LISTED} <= {found.place.rsplit(":", 1)[0] for found in FOUND}


def test_no_pattern_escapes_the_search() -> None:
    assert len(FOUND) > 100
    assert not forbidden_imports(), "patterns are made with `re.…` and nothing else"
    assert set(BUILT) == MET, "a function in BUILT makes no pattern any more"


def test_every_kind_of_cue_is_fed() -> None:
    assert {given[0] for given in calls_of("cues")} == set(cue_words.read_json("cues.json"))
