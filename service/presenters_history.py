"""The JSON shapes of a statement's history, and its differences word by word for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Any

from index.models import Statement
from index.store.history import FieldChange, Version, changes_between
from service.presenters import present_moment, present_statement
from service.store.accounts import AccountStore
from service.store.keys import KeyStore
from service.wording import say

MOST_WORDS = 2000  # of a text that is compared word by word; longer ones are shown as a whole


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a text that were kept, removed or added."""

    kind: str  # kept, removed, added
    text: str


class VersionAct(StrEnum):
    """What a version did to the statement."""

    ADDED = "added"
    REVISED = "revised"
    RETIRED = "retired"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed in the one before."""

    version: Version
    act: VersionAct
    changes: Sequence[FieldChange]


def steps_of(versions: Sequence[Version]) -> list[Step]:
    """What each version did, the newest first, as they come."""
    first = [Step(versions[-1], VersionAct.ADDED, changes_between(None, versions[-1].statement))] if versions else []
    return [*(_step(after, before) for after, before in pairwise(versions)), *first]


def present_versions(versions: Sequence[Version], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The versions with what each changed; `names` are those of accounts and keys by their ids."""
    return [_present(step, names) for step in steps_of(versions)]


def names_of_writers(keys: KeyStore, accounts: AccountStore) -> dict[str, str]:
    """What people and keys are called, by the ids of accounts and keys."""
    return {
        **{key.id: key.name for key in keys.list()},
        **{account.id: account.display_name for account in accounts.list()},
    }


def compare_words(before: str, after: str) -> Iterator[Run]:
    """Both texts as one: what is in both, what was removed and what was added, in the order of reading."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Run(kind, text) for kind, text in (("removed", before), ("added", after)) if text)
        return
    for kind, *(a, b, c, d) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run("kept", " ".join(old[a:b]))
            continue
        if a < b:
            yield Run("removed", " ".join(old[a:b]))
        if c < d:
            yield Run("added", " ".join(new[c:d]))


def compare_statements(before: Statement, after: Statement, language: str) -> list[tuple[str, list[Run]]]:
    """The fields that differ, each word by word."""
    return [(each.field, list(words_of(each, language))) for each in changes_between(before, after)]


def said_in(statement: Statement, language: str) -> list[tuple[str, str]]:
    """All fields of a statement that say anything, as a person reads them."""
    return [(each.field, _text(each.field, each.after, language)) for each in changes_between(None, statement)]


def words_of(change: FieldChange, language: str) -> Iterator[Run]:
    """A change word by word."""
    return compare_words(*(_text(change.field, value, language) for value in (change.before, change.after)))


def _text(field: str, value: object, language: str) -> str:
    if value is None:
        return ""
    if field == "normalized":
        return say(language, f"rating.{value}")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _step(after: Version, before: Version) -> Step:
    turns = {(False, True): VersionAct.RETIRED, (True, False): VersionAct.RESTORED}
    act = turns.get((before.retired, after.retired), VersionAct.REVISED)
    return Step(after, act, changes_between(before.statement, after.statement))


def _present(step: Step, names: Mapping[str, str]) -> dict[str, Any]:
    version = step.version
    return {
        "version": version.number,
        "written_at": present_moment(version.written_at),
        "written_by": version.written_by,
        "writer": names.get(version.written_by or ""),
        "reason": version.reason,
        "released_by": version.released_by,
        "releaser": names.get(version.released_by or ""),
        "act": step.act.value,
        "changes": [{"field": each.field, "before": each.before, "after": each.after} for each in step.changes],
        "statement": present_statement(version.statement),
    }
