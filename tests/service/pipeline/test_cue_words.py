"""The tables of cues as patterns."""

from __future__ import annotations

from service.pipeline.cue_words import cues, fact_checkers


def test_cues_stand_for_whole_words_whatever_their_case() -> None:
    assert cues("satire").search("Eine SATIRE")
    assert not cues("satire").search("Satirezeitung")


def test_a_frame_says_where_a_cue_may_stand() -> None:
    assert cues("opinion", "^(?:{}):").match("Kommentar: So nicht")
    assert not cues("opinion", "^(?:{}):").match("Ein Kommentar: So nicht")


def test_fact_checkers_are_addresses_without_scheme() -> None:
    assert fact_checkers()
    assert not any("://" in address for address in fact_checkers())
