"""What a check was concluded from: kept as rows beside it, read back as it was, gone with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import sqlalchemy as sa
from rows import set_where

from index.models import Difference, DifferenceKind, NormalizedRating, Stance
from index.store.database import reading, writing
from service.errors import NotFound
from service.findings import VECTOR, Finding, Mode, SentenceFindings
from service.models import Check, CheckRequest
from service.pipeline.verdict import rejudge
from service.store.backup import write_backup
from service.store.backup_file import open_backup
from service.store.findings import copy_findings, forget_findings, read_findings, store_findings
from service.store.jobs import JobKind
from service.store.reuse import Freshness
from service.store.tables import checks, findings, sentences
from service.thresholds import thresholds_of

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."
TEXT = f"{SENTENCE} The council of Ulm met on Tuesday and talked about the new bridge over the river for hours."

DIFFERENCES = (Difference(DifferenceKind.NUMBER, "7", "9"), Difference(DifferenceKind.NEGATION, "", "nicht"))
FOUND = (
    SentenceFindings(
        0, 49, 0.1 + 0.2, True, Mode.DENIED, 8, True, True,
        (
            Finding(2**40, "s1", NormalizedRating.MISSING_CONTEXT, "Größtenteils …", 1 / 3, 2 / 3, Stance.REFUTES, 0.7,
                    Mode.ASSERTED, DIFFERENCES),
            Finding(2, "s2", NormalizedRating.FALSE, "", 0.1, 0.2, Stance.NEUTRAL, 0.4, Mode.DENIED, (), True, 0.3, True),
        ),
        0, b"\x00\x3c\x00\xff",
    ),
    SentenceFindings(50, 60, 0.2, False, Mode.ASKED, 2, False, False),
)  # fmt: skip


def ask(house, owner: str = "ann", **request: str) -> Check:
    """A check, worked off, answered from an earlier one where the rules allow."""
    versions = house.application.checker.versions()
    check = house.application.checks.submit(CheckRequest(**request), owner, Freshness(versions, 60))
    house.work()
    return house.application.checks.wait(check.id, owner, 10)


def rows_of(house, *check_ids: str) -> list[int]:
    """How many sentences and findings are kept of some checks; of all where none is named."""
    with reading(house.application.statements.engine) as connection:
        return [
            connection.execute(
                sa.select(sa.func.count()).select_from(table).where(table.c.check_id.in_(check_ids) | (not check_ids))
            ).scalar_one()
            for table in (sentences, findings)
        ]


def test_what_is_stored_is_read_back_to_the_last_digit(house) -> None:
    with writing(house.application.statements.engine) as connection:
        store_findings(connection, "a", FOUND)
        store_findings(connection, "none", ())
        copy_findings(connection, "a", "b")
        assert read_findings(connection, "a") == read_findings(connection, "b") == FOUND
        assert read_findings(connection, "none") == ()
        forget_findings(connection, ["a"])
        assert read_findings(connection, "a") == ()
        assert read_findings(connection, "b") == FOUND


def test_a_finding_can_be_looked_for_by_check_claim_and_statement(house) -> None:
    with writing(house.application.statements.engine) as connection:
        store_findings(connection, "a", FOUND)
        row = connection.execute(sa.select(findings).where(findings.c.statement_key == 2**40)).mappings().one()
    assert (row["check_id"], row["claim"], row["rating"], row["rating_words"]) == (
        "a", 0, "missing_context", "Größtenteils …",
    )  # fmt: skip
    assert (row["stance"], row["mode"], row["differences"][0]) == ("refutes", "asserted", ["number", "7", "9"])


def test_a_check_is_judged_again_from_its_rows(house) -> None:
    check = ask(house, text=TEXT)
    found = house.application.checks.findings(check.id, "ann")
    assert [each.claim for each in found] == [0, 1]
    assert np.frombuffer(found[0].vector, VECTOR).shape == (256,)
    assert check.result.versions is not None
    decision = rejudge(found, thresholds_of(check.result.versions.values))
    assert decision.verdict == check.result.verdict
    assert [each.verdict for each in decision.claims] == [each.verdict for each in check.result.claims]
    with pytest.raises(NotFound):
        house.application.checks.findings(check.id, "bob")


def test_the_same_text_under_other_thresholds_is_another_check(house, open_other) -> None:
    first = ask(house, text=SENTENCE)
    assert ask(house, text=SENTENCE).id == first.id
    other = open_other(min_checkworthiness=0.9)
    second = ask(other, text=SENTENCE)
    assert second.id != first.id
    assert second.result.versions is not None
    assert second.result.versions.values["claims"]["min_checkworthiness"] == 0.9
    assert ask(house, text=SENTENCE).id == first.id


def test_the_same_page_under_other_thresholds_is_fetched_again(house, open_other) -> None:
    house.publish(PAGE, SENTENCE, "It was on the radio in the morning.")
    ask(house, url=PAGE)
    other = open_other(min_checkworthiness=0.9)
    other.publish(PAGE, SENTENCE, "It was on the radio in the morning.")
    ask(other, url=PAGE)
    assert (house.fetcher.fetched, other.fetcher.fetched) == ([PAGE], [PAGE])


@pytest.mark.parametrize(
    "other", [{"program": "0.0.9"}, {"thresholds": "t"}, {"pair": "m"}, {"embedder": "e"}, {"index_checkpoint": "a-2"},
              {"weights": {"w.npz": "0"}}, {"cues": {"cues.json": "0"}}],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_whatever_made_a_check_must_be_the_same_for_it_to_answer(house, other) -> None:
    first = ask(house, text=SENTENCE)
    versions = replace(house.application.checker.versions(), **other)
    second = house.application.checks.submit(CheckRequest(text=SENTENCE), "ann", Freshness(versions, 60))
    assert second.id != first.id


def test_a_copy_has_findings_of_its_own(house) -> None:
    house.publish(PAGE, SENTENCE, "It was on the radio in the morning.")
    first, second = ask(house, "ann", url=PAGE), ask(house, "bob", url=PAGE)
    theirs = house.application.checks.findings(second.id, "bob")
    assert theirs == house.application.checks.findings(first.id, "ann")
    house.application.checks.forget(first.id, "ann")
    assert house.application.checks.findings(second.id, "bob") == theirs
    assert theirs


def test_findings_go_with_their_check_and_with_its_time(house) -> None:
    old = ask(house, text=SENTENCE)
    house.clock.let_pass(31 * 24 * 3600)
    kept, forgotten = ask(house, text=TEXT), ask(house, text=f"{SENTENCE} So it is.")
    assert rows_of(house, forgotten.id, old.id) > [0, 0]
    house.application.checks.forget(forgotten.id, "ann")
    house.tidy()
    assert rows_of(house, forgotten.id, old.id) == [0, 0]
    assert rows_of(house, kept.id) == rows_of(house) != [0, 0]


def test_a_check_that_fails_or_lost_its_lease_leaves_no_findings(house) -> None:
    ask(house, url="https://gone.example/")
    check = house.application.checks.submit(CheckRequest(text=SENTENCE), "ann", None)
    job = house.application.jobs.claim("w", (JobKind.CHECK,))
    result = house.application.checker.run(house.application.checks.begin(job))
    house.application.checks.forget(check.id, "ann")
    assert not house.application.checks.finish(job, result, check.created_at)
    assert rows_of(house) == [0, 0]


@pytest.mark.sqlite
def test_a_backup_holds_them(house, settings, tmp_path) -> None:
    check = ask(house, text=TEXT)
    made = write_backup(settings, tmp_path / "today.tar")
    (tmp_path / "held").mkdir()
    with open_backup(made.path) as content:
        content.unpack(tmp_path / "held")
    with closing(sqlite3.connect(tmp_path / "held" / "gegencheck.db")) as held:
        query = "SELECT claim, length(vector) FROM sentences WHERE check_id = ? ORDER BY place"
        assert held.execute(query, (check.id,)).fetchall() == [(0, 512), (1, 512)]
    assert made.manifest.rows["findings"] == rows_of(house)[1] > 0


def test_a_check_of_before_is_shown_as_it_was_and_answers_nothing_new(house) -> None:
    check = ask(house, text=SENTENCE)
    with writing(house.application.statements.engine) as connection:
        before = (
            '{"versions":{"index_checkpoint":"a-1","index_statements":1,"embedder":"e","pair":"p","thresholds":"t@.7"}}'
        )
        set_where(connection, checks.c.id == check.id, checks.c.result, before)
        set_where(connection, checks.c.id == check.id, checks.c.versions, "of before")
        forget_findings(connection, [check.id])
    shown = house.application.checks.get(check.id, "ann").result.versions
    assert (shown.thresholds, shown.program, shown.values, shown.weights) == ("t@.7", None, {}, {})
    assert house.application.checks.findings(check.id, "ann") == ()
    assert ask(house, text=SENTENCE).id != check.id
