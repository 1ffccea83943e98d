"""The examples on /docs as they are written. (That each one runs: tests/service/test_examples.py.)"""

from __future__ import annotations

import json
import shlex

import pytest

from service.web.docs_examples import EXAMPLES, example

HOST = "http://127.0.0.1:8000"


@pytest.mark.parametrize(("method", "path"), EXAMPLES)
def test_an_example_is_a_command_that_a_shell_understands(method: str, path: str) -> None:
    words = shlex.split(example(HOST, method, path))
    query, body, keyed = EXAMPLES[method, path]
    assert words[:3] == ["curl", "-s", f"{HOST}{path}{query}"]
    assert ("Authorization: Bearer $KEY" in words) is keyed
    assert ("-d" in words) is (method == "POST"), "curl posts what it has a body for"
    if body is not None:
        assert json.loads(words[words.index("-d") + 1]) == body


def test_what_needs_the_id_of_something_made_before_has_no_example() -> None:
    assert example(HOST, "GET", "/v1/checks/{id}") == ""
