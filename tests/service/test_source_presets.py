"""Presets hold sources that could be added as they are, and say when and how their address was confirmed."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from service.pipeline.addresses import clean_url
from service.source_presets import preset_names, presets_of
from service.sources import Allowlist, SourceKind, host_and_path, vetted_hosts
from service.store.sources import check_plan
from service.web.source_shapes import MAX_LISTED


def test_there_are_a_german_and_an_english_one_and_one_of_many_publishers() -> None:
    assert preset_names() == ("german", "english", "datacommons")
    assert presets_of("german")[0].plan.kind is SourceKind.CORRECTIV


@pytest.mark.parametrize(
    "preset", [each for name in preset_names() for each in presets_of(name)], ids=lambda each: each.plan.name
)
def test_each_can_be_added(preset) -> None:
    plan = preset.plan
    check_plan(plan, has_key=False)
    assert clean_url(plan.address) == plan.address
    assert plan.allowlist or Allowlist(vetted_hosts(plan)).holds(plan.address)
    assert plan.licence, "nothing is taken without a note of its licence"
    assert preset.seen
    assert plan.confirmed_on is None or re.fullmatch(r"20\d\d-\d\d(-\d\d)?", plan.confirmed_on)


def test_a_first_run_takes_four_seconds_an_article_as_far_as_it_goes() -> None:
    correctiv = presets_of("german")[0]
    assert (correctiv.articles, correctiv.plan.most_pages, correctiv.seconds) == (2950, 500, 2000)


def test_of_the_feed_that_anybody_can_write_into_only_named_publishers_count() -> None:
    (preset,) = presets_of("datacommons")
    vetted = Allowlist(vetted_hosts(preset.plan))
    for address in ("https://www.snopes.com/fact-check/x", "https://correctiv.org/y", "https://factcheck.afp.com/z"):
        assert vetted.holds(address)
    for address in (
        "https://storage.googleapis.com/x",
        "https://spam.example/snopes.com",
        "https://notsnopes.com/",
        "https://notafp.com/",
    ):
        assert not vetted.holds(address)
    assert preset.minutes == 15


def test_the_list_of_publishers_has_a_date_and_says_where_each_was_named() -> None:
    table = json.loads(files("service").joinpath("known_publishers.json").read_bytes())
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", table["as_of"])
    assert "Of the members of the EFCSN no list could be had." in table["what"]
    hosts = [host for publisher in table["publishers"] for host in publisher["hosts"]]
    assert len(hosts) == len(set(hosts)) <= MAX_LISTED
    for publisher in table["publishers"]:
        assert publisher["name"]
        assert publisher["named_in"]
        assert set(publisher["named_in"]) <= set(table["named_in"])
        assert all(host == host_and_path(host)[0] + host_and_path(host)[1] for host in publisher["hosts"])


def test_the_signatories_come_from_the_networks_own_list_of_one_day() -> None:
    table = json.loads(files("service").joinpath("known_publishers.json").read_bytes())
    signatories = table["signatories"]
    assert signatories["as_of"] <= signatories["read_on"] == table["as_of"]
    assert re.fullmatch(r"https://github\.com/IFCN/verified-signatories/blob/[0-9a-f]{40}/list", signatories["source"])
    named = [publisher for publisher in table["publishers"] if "ifcn" in publisher["named_in"]]
    assert len(named) == signatories["count"] == 172
    assert {"CORRECTIV", "dpa", "APA", "Full Fact", "Snopes", "PolitiFact", "Deutsche Welle"} <= {
        publisher["name"] for publisher in named
    }
    assert "Mimikama" not in {publisher["name"] for publisher in named}, "a preset, and no signatory on that day"
