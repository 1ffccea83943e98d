"""/metrics: what waits, what was done, how requests went, and nothing of what people read."""

from __future__ import annotations

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from service.sources import SourceKind, SourcePlan

SENTENCE = "Hot lemon water cures diabetes within seven days."


def samples(house) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every value by its name and labels, read as Prometheus would."""
    reply = house.client.get("/metrics")
    assert reply.status_code == 200
    assert reply.mimetype == "text/plain"
    families = text_string_to_metric_families(reply.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(found, name: str, **labels: str) -> float | None:
    return found.get((name, frozenset(labels.items())))


def test_what_waits_and_what_was_done_is_counted(house, open_other) -> None:
    house.check(text=SENTENCE)
    house.check(url="https://none.example/")
    house.client.post("/v1/checks", json={"text": "Another text.", "wait": 0})
    house.application.imports.submit("ann", b"[]", "application/json")
    for process in (house, open_other()):
        process.clock.let_pass(60)
        found = samples(process)
        assert value(found, "gegencheck_queue_depth", lane="interactive", kind="check") == 1
        assert value(found, "gegencheck_queue_depth", lane="bulk", kind="import") == 1
        assert value(found, "gegencheck_queue_depth", lane="bulk", kind="check") == 0
        assert 60 <= value(found, "gegencheck_queue_oldest_seconds") < 120
        assert value(found, "gegencheck_jobs_finished_total", kind="check", outcome="finished") == 1
        assert value(found, "gegencheck_jobs_finished_total", kind="check", outcome="failed") == 1
        assert value(found, "gegencheck_jobs_finished_total", kind="check", outcome="cancelled") == 0


def test_a_deleted_check_counts_as_cancelled_where_it_was_not_done(house) -> None:
    done = house.check(text=SENTENCE)
    waiting = house.client.post("/v1/checks", json={"text": "Another text.", "wait": 0}).json
    for check in (done, waiting):
        house.client.delete(f"/v1/checks/{check['id']}")
    assert value(samples(house), "gegencheck_jobs_finished_total", kind="check", outcome="cancelled") == 1


def test_requests_are_counted_by_route_and_never_by_address(house) -> None:
    house.client.get("/v1/checks/zitronengeheimnis")
    house.client.get("/zitronengeheimnis")
    house.client.open("/healthz", method="ZITRONENGEHEIMNIS")
    found = samples(house)
    assert value(found, "gegencheck_requests_total", route="/v1/checks/<id>", method="GET", status="404") == 1
    assert value(found, "gegencheck_requests_total", route="none", method="GET", status="404") == 1
    assert value(found, "gegencheck_request_seconds_count", route="/v1/checks/<id>") == 1
    assert "zitronengeheimnis" not in house.client.get("/metrics").text.lower()


def test_it_is_public_like_the_other_two_that_watch_over_the_service(house) -> None:
    house.key("read")
    assert house.client.get("/metrics").status_code == 200


def test_stages_are_timed_and_failures_are_counted_where_they_happened(house) -> None:
    house.check(text=SENTENCE)
    house.check(url="https://none.example/")
    found = samples(house)
    for stage, times in (("fetch", 2), ("article", 1), ("verdict", 1)):
        assert value(found, "gegencheck_stage_seconds_count", stage=stage) == times
        assert value(found, "gegencheck_stage_seconds_bucket", stage=stage, le="+Inf") == times
    assert value(found, "gegencheck_check_problems_total", stage="fetch", code="page-unavailable") == 1


def test_sources_are_told_by_their_health_and_id_alone(house) -> None:
    source = house.application.sources.add(SourcePlan(SourceKind.FEED, "https://zitrone.example/feed", "Zitrone"))
    house.application.sources.note_health(replace(source, failing_since=source.created_at, failures=3))
    house.clock.let_pass(60)
    found = samples(house)
    assert value(found, "gegencheck_sources", health="failing") == 1
    assert value(found, "gegencheck_sources", health="good") == 0
    assert value(found, "gegencheck_source_failures", source=source.id) == 3
    assert 60 <= value(found, "gegencheck_source_silent_seconds", source=source.id) < 120
    assert "zitrone" not in house.client.get("/metrics").text.lower()


def test_webhooks_are_counted_by_what_became_of_them(house) -> None:
    house.fetcher.answers["https://desk.example/hook"] = 410
    asked = {"text": SENTENCE, "wait": 0, "callback_url": "https://desk.example/hook"}
    house.client.post("/v1/checks", json=asked, headers=house.key("check"))
    house.work()
    found = samples(house)
    assert value(found, "gegencheck_webhooks", state="dead") == 1
    assert value(found, "gegencheck_webhooks", state="waiting") == 0


def test_a_database_that_fails_is_a_problem(house) -> None:
    with house.application.statements.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE tallies")
    reply = house.client.get("/metrics")
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
