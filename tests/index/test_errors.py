"""What errors may say to strangers: never where files lie."""

from __future__ import annotations

import pytest

from index.errors import reason_of, shown_name


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file or directory", "/home/somebody/secret"), "No such file or directory"),
        (OSError("/home/somebody/secret"), "OSError"),
        (ValueError("/home/somebody/secret"), "ValueError"),
        (KeyError("weights"), "KeyError"),
    ],
)
def test_a_reason_is_the_systems_word_or_the_kind_of_error(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("intfloat/multilingual-e5-small", "intfloat/multilingual-e5-small"),
        ("/srv/models/mine", "mine"),
        ("~/mine", "mine"),
        ("./mine/", "mine"),
        ("C:\\models\\mine", "mine"),
        ("", ""),
    ],
)
def test_of_a_model_in_a_folder_the_folders_name_is_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown
