from __future__ import annotations

import pytest

from service.errors import PageTooLarge
from service.tracing import Untraced, code_of


def test_nobody_asked_for_spans_and_none_are_kept() -> None:
    tracer = Untraced()
    with tracer.span("check", lane="bulk") as span:
        span.note(claims=3)
        span.fail("page-too-large")
    tracer.close()


def test_an_exception_leaves_a_span_that_nobody_keeps() -> None:
    with pytest.raises(KeyError), Untraced().span("check"):
        raise KeyError("x")


def test_an_error_is_known_by_its_code_or_its_class_and_never_by_its_message() -> None:
    assert code_of(PageTooLarge("https://geheim.example/")) == "page-too-large"
    assert code_of(ValueError("https://geheim.example/")) == "ValueError"
