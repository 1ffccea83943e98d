"""The tables of cues as patterns."""

from __future__ import annotations

from service.pipeline.cue_words import cues, fact_checkers, find_attribution


def test_cues_stand_for_whole_words_whatever_their_case() -> None:
    assert cues("satire").search("Eine SATIRE")
    assert not cues("satire").search("Satirezeitung")


def test_a_frame_says_where_a_cue_may_stand() -> None:
    assert cues("opinion", "^(?:{}):").match("Kommentar: So nicht")
    assert not cues("opinion", "^(?:{}):").match("Ein Kommentar: So nicht")


def test_fact_checkers_are_addresses_without_scheme() -> None:
    assert fact_checkers()
    assert not any("://" in address for address in fact_checkers())


def test_words_that_only_look_like_an_attribution_are_none() -> None:
    assert find_attribution("Der Wirt behauptet sich gegen die Konkurrenz.") is None
    assert find_attribution("She claims her seat at the front.") is None


def test_an_attribution_beside_such_words_is_found() -> None:
    found = find_attribution("She claims her seat was sold, the airline said.")
    assert found is not None
    assert found[0] == "said"
