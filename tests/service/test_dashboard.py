"""The Grafana dashboard asks for what /metrics has, under its names and labels, and leaves nothing of it out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.config import Settings
from service.sources import SourceKind, SourcePlan

ROOT = Path(__file__).parents[2]
BOARD = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
OF_PROMETHEUS = {"job", "instance"}
NAME = re.compile(r"\bgegencheck_\w+")


@pytest.fixture(scope="module")
def measured(open_module_house) -> dict[str, set[str]]:
    """The labels of each name that a service tells which has done something."""
    house = open_module_house()
    house.check(text="Hot lemon water cures diabetes within seven days.")
    house.check(url="https://none.example/")
    house.application.sources.add(SourcePlan(SourceKind.FEED, "https://desk.example/feed", "Desk"))
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(house.client.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("title", "query"), list(expressions()), ids=str)
def test_each_query_asks_for_what_is_there(title: str, query: str, measured: dict[str, set[str]]) -> None:
    names = set(NAME.findall(query))
    assert names
    assert names <= set(measured), title
    allowed = OF_PROMETHEUS.union(*(measured[name] for name in names))
    filtered = re.findall(r"(\w+)(?:=~|!~|!=|=)\"", query)
    grouped = [each.strip() for found in re.findall(r"by \(([^)]*)\)", query) for each in found.split(",")]
    assert {*filtered, *grouped} <= allowed, title
    assert query.count("(") == query.count(")")
    assert query.count("{") == query.count("}")
    assert all(selector == "job" for selector in re.findall(r"gegencheck_\w+\{(\w+)", query)), "of the chosen job"


def test_everything_that_is_measured_is_shown(measured: dict[str, set[str]]) -> None:
    shown = {name for _, query in expressions() for name in NAME.findall(query)}
    assert {name for name in measured if not name.endswith("_created")} <= shown, "add a panel"


def test_legends_name_labels_that_the_queries_keep() -> None:
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                assert re.search(rf"by \([^)]*\b{label}\b", target["expr"]), panel["title"]


def test_panels_have_a_description_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + across, place["y"] + down) for across in range(place["w"]) for down in range(place["h"])}
        assert panel["description"].endswith(".")
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_the_example_for_prometheus_scrapes_the_address_at_which_the_service_listens() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- prometheus -->\n```yaml\n(.*?)```\n<!-- /prometheus -->", text, re.S)
    assert found is not None
    (job,) = yaml.safe_load(found[1])["scrape_configs"]
    default = Settings(data_dir=Path("/nowhere"))
    assert job["static_configs"] == [{"targets": [f"{default.host}:{default.port}"]}]
