"""The UDFs as Osprey registers and executes them, by what is restated of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

TEXT = "Hot lemon water cures diabetes."
PROJECT = Path(__file__).parents[3] / "integrations" / "osprey" / "pyproject.toml"


class Fixed:
    """A Gegencheck that always finds the same, and counts."""

    def __init__(self, *matches: Any, fault: Exception | None = None) -> None:
        self.matches, self.fault, self.asked = matches, fault, []

    def match(self, text: str) -> Any:
        self.asked.append(text)
        if self.fault:
            raise self.fault
        return self.matches


def match(
    confidence: float, normalized: str = "false", stance: str = "supports", url: str = "https://a.example/1"
) -> Any:
    from gegencheck_osprey.service import Match

    return Match(confidence, stance, normalized, "False", "Example Checks", url)


class Worker:
    """One execution: the plug-in's UDFs with their helpers, as Osprey boots them."""

    def __init__(self, service: Fixed) -> None:
        from gegencheck_osprey import plugin, udfs
        from osprey.engine.executor.execution_context import ExecutionContext
        from osprey.worker.adaptor.plugin_manager import bootstrap_udfs

        assert plugin.register_udfs.osprey_plugin_impl == {}
        shared = udfs.MatchService(service)  # type: ignore[arg-type]
        udfs.configured_service.cache_clear()
        registered, helpers = bootstrap_udfs(plugin.register_udfs)
        for udf in registered:
            helpers.set_udf_helper(udf, shared)
        self.registered, self.context = {udf.__name__: udf for udf in registered}, ExecutionContext(helpers)

    def call(self, name: str, **arguments: Any) -> Any:
        udf = self.registered[name]
        arguments_type = next(
            base.__args__[0] for base in udf.__orig_bases__ if getattr(base, "__origin__", None).__name__ == "UDFBase"
        )
        return udf(None, None).execute(self.context, arguments_type(None, arguments, resolved=True))


def test_the_entry_point_is_the_one_that_osprey_looks_for() -> None:
    from osprey.worker.adaptor.plugin_manager import OSPREY_ADAPTOR

    points = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["entry-points"]
    assert points == {OSPREY_ADAPTOR: {"gegencheck": "gegencheck_osprey.plugin"}}


def test_they_are_told_apart_by_what_they_count() -> None:
    worker = Worker(Fixed(match(0.6), match(0.95, "true"), match(0.9, "false", "refutes"), match(0.7, "satire")))
    assert worker.call("FactCheckConfidence", text=TEXT) == 0.95
    assert worker.call("FactCheckedFalse", text=TEXT) == 0.7
    nothing = Worker(Fixed())
    assert [nothing.call(name, text=TEXT) for name in ("FactCheckConfidence", "FactCheckedFalse")] == [0.0, 0.0]


def test_the_address_is_that_of_the_surest_match_and_without_one_nothing_depends_on_it() -> None:
    from osprey.engine.executor.execution_context import ExpectedUdfException

    worker = Worker(Fixed(match(0.71), match(0.8, url="https://a.example/2")))
    assert worker.call("FactCheckUrl", text=TEXT) == "https://a.example/2"
    with pytest.raises(ExpectedUdfException):
        worker.call("FactCheckUrl", text=TEXT, min_confidence=0.81)
    with pytest.raises(ExpectedUdfException):
        Worker(Fixed()).call("FactCheckUrl", text=TEXT)


def test_within_an_execution_all_of_them_ask_once_about_a_text() -> None:
    service = Fixed(match(0.9))
    worker = Worker(service)
    for name in worker.registered:
        worker.call(name, text=TEXT)
    worker.call("FactCheckedFalse", text="Another text.")
    assert service.asked == [TEXT, "Another text."]


def test_a_failure_is_the_one_that_osprey_knows_without_the_text() -> None:
    from gegencheck_osprey.service import Busy
    from osprey.engine.executor.execution_context import ExternalServiceException

    worker = Worker(Fixed(fault=Busy(503, 7.0)))
    for name in worker.registered:
        with pytest.raises(ExternalServiceException, match=r"^Gegencheck answers 503; try again in 7 s\.$"):
            worker.call(name, text=TEXT)


def test_they_run_beside_others_and_say_what_they_are() -> None:
    for udf in Worker(Fixed()).registered.values():
        assert udf.execute_async
        assert udf.category == "Fact-checks"
        assert udf.__doc__


def test_without_its_settings_the_worker_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEGENCHECK_KEY")
    from gegencheck_osprey import udfs

    udfs.configured_service.cache_clear()
    with pytest.raises(ValueError, match="GEGENCHECK_KEY"):
        udfs.FactCheckedFalse.create_provider()
