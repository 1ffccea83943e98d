"""/v1/coverage: for whoever may write, in the shape that the document names."""

from __future__ import annotations

from typing import Any

from service.models import CheckRequest
from service.web.coverage_api import CoverageShape


def test_it_counts_statements_checks_and_sources(house: Any) -> None:
    house.application.checks.submit(CheckRequest(text="The town has 9 lemons."), "", None)
    reply = house.client.get("/v1/coverage", headers=house.key("write"))
    assert reply.status_code == 200
    shown = reply.json
    CoverageShape.model_validate(shown)
    assert shown["statements"]["total"] == 1
    assert [each["count"] for each in shown["statements"]["publishers"]] == [1]
    assert (len(shown["asked"]), shown["asked"][0]["checks"]) == (4, 0)
    assert "lemons" not in reply.text.replace(shown["statements"]["publishers"][0]["site"] or "", "")


def test_only_whoever_may_write_sees_how_checks_of_others_ended(house: Any) -> None:
    assert house.client.get("/v1/coverage").status_code == 401
    assert house.client.get("/v1/coverage", headers=house.key("check", "read")).status_code == 403
