"""Presets hold sources that could be added as they are, and say when and how their address was confirmed."""

from __future__ import annotations

import re

import pytest

from service.pipeline.addresses import clean_url
from service.source_presets import preset_names, presets_of
from service.sources import Allowlist, SourceKind, vetted_hosts
from service.store.sources import check_plan


def test_there_is_a_german_and_an_english_one() -> None:
    assert preset_names() == ("german", "english")
    assert presets_of("german")[0].plan.kind is SourceKind.CORRECTIV


@pytest.mark.parametrize(
    "preset", [each for name in ("german", "english") for each in presets_of(name)], ids=lambda each: each.plan.name
)
def test_each_can_be_added(preset) -> None:
    plan = preset.plan
    check_plan(plan, has_key=False)
    assert clean_url(plan.address) == plan.address
    assert Allowlist(vetted_hosts(plan)).holds(plan.address)
    assert plan.licence, "nothing is taken without a note of its licence"
    assert preset.seen
    assert plan.confirmed_on is None or re.fullmatch(r"20\d\d-\d\d(-\d\d)?", plan.confirmed_on)


def test_a_first_run_takes_four_seconds_an_article_as_far_as_it_goes() -> None:
    correctiv = presets_of("german")[0]
    assert (correctiv.articles, correctiv.plan.most_pages, correctiv.seconds) == (2950, 500, 2000)
