"""Past checks judged anew: a fact-check that appears after a check reaches whoever asked before."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import pytest
import sqlalchemy as sa
from rejudged import assert_rejudged

from index.errors import IndexUnavailable
from index.models import NormalizedRating, Rating
from index.pairs.rules import RulePairModel
from index.retrieval.engine import View
from index.retrieval.search import StatementIndex
from index.store.database import reading, writing
from index.store.editing import restore
from index.store.statements import Checkpoint
from service.models import CheckRequest
from service.negatives import NegativeList
from service.ruling_out import decide_feedback
from service.store.callbacks import DeliveryState
from service.store.corrections import CORRECTION, Portion
from service.store.feedback import FeedbackKind, FeedbackStatus
from service.store.jobs import Job, Lane
from service.store.tables import checks, earlier_verdicts
from service.wording import format_date
from service.work import correcting
from service.work.correcting import MAX_NEAR, Fresh, Touched, add_near
from service.work.held import Work

HOOK = "https://desk.example/hook"
DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."
LEMONS = "Hot lemon water cures diabetes within seven days."
OTHER = "The council of Ulm met on Tuesday and talked about the new bridge over the river for hours."
TRUE = Rating("True", normalized=NormalizedRating.TRUE)


def correct(house) -> None:
    """What the schedule does by itself."""
    house.application.schedules.plan(CORRECTION, CORRECTION, 60)
    house.application.schedules.hurry(CORRECTION)
    house.work()


def add_ducks(house, **changes) -> None:
    house.add_statement(claim_reviewed=DUCKS, url="https://checks.example/ducks", language="de", **changes)


def date_de(at) -> str:
    return format_date(at.date(), "de")


def date_en(at) -> str:
    return format_date(at.date(), "en")


def rows(house) -> int:
    """How many earlier verdicts are kept."""
    with reading(house.application.statements.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(earlier_verdicts)).scalar_one()


def set_result(house, id: str, old: str, new: str) -> None:
    """Another result behind the stores' backs."""
    with writing(house.application.statements.engine) as connection:
        (found,) = connection.execute(sa.select(checks.c.result).where(checks.c.id == id)).scalars()
        assert old in found
        connection.execute(sa.update(checks).where(checks.c.id == id).values(result=found.replace(old, new)))


def ended_with(house, checkpoint: str):
    """A check of the ducks that was made with the index of a state, and ends now."""
    application = house.application
    check = application.checks.submit(CheckRequest(text=DUCKS), "", None)
    job = application.jobs.claim("somebody-1", ("check",))
    request = application.checks.begin(job)
    result = application.checker.run(request)
    unknowing = tuple(replace(each, findings=()) for each in result.findings)
    versions = replace(result.versions, index_checkpoint=checkpoint)
    code, claims = result.verdict, tuple(replace(each, evidence=(), candidates=()) for each in result.claims)
    assert application.checks.finish(
        job, replace(result, findings=unknowing, versions=versions, verdict=code, claims=claims), house.clock.read().at
    )
    return {"id": check.id}


def read(house, check):
    """A check as it is now, judged again from its rows."""
    stored = house.application.checks.get(check["id"], None)
    assert_rejudged(stored.result, house.application.checks.findings(stored.id, None))
    return house.client.get(f"/v1/checks/{check['id']}").json


def test_a_statement_that_appears_later_reaches_an_earlier_check(house) -> None:
    check = house.check(text=f"{DUCKS} {OTHER}")
    assert (check["verdict"]["code"], check["revised_at"], check["revisions"]) == ("not_enough_evidence", None, [])
    house.clock.let_pass(2 * 86400)
    add_ducks(house)
    correct(house)
    now = read(house, check)
    assert now["verdict"]["code"] == "refuted"
    (claim,) = [claim for claim in now["claims"] if claim["evidence"]]
    assert (claim["text"], claim["evidence"][0]["statement"]["url"]) == (DUCKS, "https://checks.example/ducks")
    (earlier,) = now["revisions"]
    assert (earlier["verdict"]["code"], earlier["concluded_at"]) == ("not_enough_evidence", check["finished_at"])
    assert earlier["verdict"]["headline"] == check["verdict"]["headline"]
    assert earlier["replaced_at"] == now["revised_at"] > now["finished_at"] == check["finished_at"]


def test_people_are_told_when_it_was_checked_and_since_when_there_is_a_fact_check(house) -> None:
    check = house.check(text=DUCKS)
    checked = house.clock.read().at
    house.clock.let_pass(2 * 86400)
    add_ducks(house)
    correct(house)
    revised = house.clock.read().at
    for language, said in {
        "de": f"Geprüft am {date_de(checked)}. Damals hieß es: Keine passenden Faktenchecks gefunden. "
        f"Seit dem {date_de(revised)} liegt ein Faktencheck dazu vor.",
        "en": f"Checked on {date_en(checked)}. At that time the result was: No matching fact-checks found. "
        f"Since {date_en(revised)} there has been a fact-check.",
    }.items():
        shown = house.client.get(f"/v1/checks/{check['id']}", headers={"Accept-Language": language}).json
        assert shown["summary"]["revised"] == said
        assert said in house.client.get(f"/checks/{check['id']}?lang={language}").text
    assert house.check(text=DUCKS, language="de")["summary"]["revised"] == "", "a new check has no past"


def test_whoever_wanted_to_be_told_of_the_check_is_told_again(house) -> None:
    house.fetcher.answers[HOOK] = 200
    headers = house.key("check", "read", "write")
    check = house.check(headers=headers, text=DUCKS, callback_url=HOOK)
    batch = {"items": [{"text": f"{DUCKS} {OTHER}"}], "callback_url": f"{HOOK}/batch"}
    house.fetcher.answers[f"{HOOK}/batch"] = 200
    assert house.client.post("/v1/batches", json=batch, headers=headers).status_code == 202
    house.work()
    add_ducks(house)
    correct(house)
    told = [(url, json.loads(body)) for url, body, _ in house.fetcher.posted]
    assert sorted((url, each["type"]) for url, each in told) == [
        (HOOK, "check.finished"), (HOOK, "check.revised"),
        (f"{HOOK}/batch", "batch.finished"), (f"{HOOK}/batch", "check.revised"),
    ]  # fmt: skip
    (revised,) = [each for url, each in told if (url, each["type"]) == (HOOK, "check.revised")]
    assert revised["data"] == house.client.get(f"/v1/checks/{check['id']}", headers=headers).json
    assert revised["data"]["revisions"][0]["verdict"]["code"] == "not_enough_evidence"
    deliveries = house.application.deliveries.select(None).deliveries
    assert {each.state for each in deliveries} == {DeliveryState.DELIVERED}


def test_what_changes_while_a_receiver_is_away_is_told_once_as_it_is_then(house) -> None:
    house.fetcher.answers[HOOK] = 200
    headers = house.key("check", "read", "write")
    check = house.check(headers=headers, text=LEMONS, callback_url=HOOK)
    house.work()
    house.fetcher.answers[HOOK] = 503
    statement = house.application.statements.get(check["claims"][0]["evidence"][0]["statement"]["id"])
    for rating in (TRUE, statement.rating, TRUE):
        house.application.statements.revise(statement.id, replace(statement, rating=rating))
        correct(house)
    house.fetcher.answers[HOOK] = 200
    house.fetcher.posted.clear()
    house.clock.let_pass(86400)
    house.work()
    ((_, body, _),) = house.fetcher.posted
    told = json.loads(body)
    assert (told["type"], told["data"]["verdict"]["code"]) == ("check.revised", "supported")
    assert [each["verdict"]["code"] for each in told["data"]["revisions"]] == ["refuted", "supported", "refuted"]


def test_of_any_number_that_say_the_same_a_sentence_is_read_beside_the_nearest(monkeypatch) -> None:
    monkeypatch.setattr(correcting, "COLUMNS", 7)
    angles = np.radians(np.arange(100) / 4)  # the first 100 ever farther from the first sentence, all near to it
    vectors = np.array([[np.cos(angle), np.sin(angle)] for angle in angles])
    mixed = np.random.default_rng(3).permutation(100)
    fresh = Fresh(mixed + 1000, vectors[mixed].astype(np.float16), {})
    touched: Touched = defaultdict(lambda: defaultdict(set))
    sentences = np.array([[1, 0], [-1, 0]], np.float32)
    add_near(touched, Portion((("near", 4), ("far", 0)), sentences, np.zeros(2, np.float32)), fresh)
    ((check, places),) = touched.items()
    assert (check, set(places)) == ("near", {4})
    assert places[4] == {*range(1000, 1000 + MAX_NEAR)}


def test_another_rating_of_a_statement_changes_what_was_said_of_it(house) -> None:
    check = house.check(text=LEMONS)
    assert check["verdict"]["code"] == "refuted"
    statement = house.application.statements.get(check["claims"][0]["evidence"][0]["statement"]["id"])
    house.application.statements.revise(statement.id, replace(statement, rating=TRUE))
    correct(house)
    now = read(house, check)
    assert now["verdict"]["code"] == "supported"
    assert "rating_revised" in now["claims"][0]["hints"]
    assert now["revisions"][0]["verdict"]["headline"] == check["verdict"]["headline"]
    assert "a fact-check changed" in now["summary"]["revised"]
    house.application.statements.revise(statement.id, replace(statement, rating=statement.rating))
    correct(house)
    again = read(house, check)
    assert [each["verdict"]["code"] for each in again["revisions"]] == ["supported", "refuted"], "newest first"
    assert again["revisions"][0]["concluded_at"] == again["revisions"][1]["replaced_at"]


def test_what_is_no_other_evidence_changes_nothing_and_tells_nobody(house) -> None:
    house.fetcher.answers[HOOK] = 200
    headers = house.key("check", "read", "write")
    check = house.check(headers=headers, text=f"{LEMONS} {OTHER}", callback_url=HOOK)
    statement = house.application.statements.get(check["claims"][0]["evidence"][0]["statement"]["id"])
    house.application.statements.revise(statement.id, replace(statement, explanation="Sugar stays sugar."))
    add_ducks(house)
    correct(house)
    assert house.client.get(f"/v1/checks/{check['id']}", headers=headers).json == check
    assert [json.loads(body)["type"] for _, body, _ in house.fetcher.posted] == ["check.finished"]


def test_a_statement_that_the_check_knew_is_not_compared_again(house) -> None:
    add_ducks(house)
    check = house.check(text=DUCKS)
    correct(house)
    assert read(house, check)["revisions"] == []


def test_a_check_that_ends_while_others_are_compared_is_not_forgotten(house) -> None:
    """It was made with the index before, and ends after the others were read."""
    corrections = house.application.corrections
    before = house.application.checker.versions().index_checkpoint
    add_ducks(house)
    goal = house.application.statements.checkpoint().sequence
    corrections.begin(goal)
    check = ended_with(house, before)
    assert corrections.late() == [check["id"]]
    corrections.reach(goal)
    correct(house)
    assert read(house, check)["verdict"]["code"] == "refuted"
    assert corrections.late() == []


def test_one_that_broke_off_goes_on_where_it_ended(house) -> None:
    check = house.check(text=DUCKS)
    add_ducks(house)
    house.application.corrections.begin(house.application.statements.checkpoint().sequence)  # and nothing more
    correct(house)
    assert read(house, check)["verdict"]["code"] == "refuted"


def test_an_index_that_is_not_there_yet_is_no_failure(house, caplog) -> None:
    check = house.check(text=DUCKS)
    add_ducks(house)
    current = house.application.index.current

    def loading():
        raise IndexUnavailable("The index is being loaded.")

    house.application.index.current = loading
    correct(house)
    assert [line for line in caplog.messages if "failed" in line] == []
    assert house.application.schedules.get(CORRECTION).problem is None
    house.application.index.current = current
    correct(house)
    assert read(house, check)["verdict"]["code"] == "refuted"


def test_the_negative_list_rules_out_here_too(house) -> None:
    check = house.check(text=DUCKS)
    add_ducks(house)
    (statement,) = house.application.statements.select(query="Enten").statements
    house.application.negatives.add(DUCKS, statement.id, "")
    correct(house)
    assert read(house, check)["verdict"]["code"] == "not_enough_evidence"


def test_what_is_taken_out_of_use_counts_no_longer_in_an_earlier_check_and_that_is_told(house) -> None:
    add_ducks(house)
    check, other = house.check(text=f"{DUCKS} {OTHER}"), house.check(text=LEMONS)
    (statement,) = house.application.statements.select(query="Enten").statements
    house.application.statements.delete(statement.id)
    correct(house)
    now = read(house, check)
    assert (now["verdict"]["code"], len(now["revisions"])) == ("not_enough_evidence", 1)
    assert "zählt ein Faktencheck hier nicht mehr" in told(house, check, "de")
    assert "a fact-check no longer counts here" in told(house, check, "en")
    restore(house.application.statements, statement.id)
    correct(house)
    assert read(house, check)["verdict"]["code"] == "refuted"
    assert read(house, other)["revisions"] == []


def rule_out_ducks(house) -> str:
    (statement,) = house.application.statements.select(query="Enten").statements
    return house.application.negatives.add(DUCKS, statement.id, "").id


def told(house, check, language: str) -> str:
    return house.client.get(f"/v1/checks/{check['id']}", headers={"Accept-Language": language}).json["summary"][
        "revised"
    ]


def test_what_is_ruled_out_later_counts_no_longer_in_an_earlier_check_and_that_is_told(house) -> None:
    add_ducks(house)
    check, other = house.check(text=f"{DUCKS} {OTHER}"), house.check(text=LEMONS)
    assert (check["verdict"]["code"], other["verdict"]["code"]) == ("refuted", "refuted")
    entry = rule_out_ducks(house)
    correct(house)
    now = read(house, check)
    assert now["verdict"]["code"] == "not_enough_evidence"
    assert not any(claim["evidence"] or claim["candidates"] for claim in now["claims"] if claim["text"] == DUCKS)
    assert now["revisions"][0]["verdict"]["code"] == "refuted"
    assert "zählt ein Treffer nicht mehr" in told(house, check, "de")
    assert "a match no longer counts" in told(house, check, "en")
    assert read(house, other)["revisions"] == []

    correct(house)
    assert len(read(house, check)["revisions"]) == 1, "that is done once"
    house.application.negatives.remove(entry)
    correct(house)
    again = read(house, check)
    assert again["verdict"]["code"] == "refuted"
    assert len(again["revisions"]) == 2
    assert "zählt ein Treffer wieder" in told(house, check, "de")
    assert "a match counts again" in told(house, check, "en")


def test_after_a_start_what_is_ruled_out_is_taken_from_checks_that_still_have_it(house) -> None:
    add_ducks(house)
    check = house.check(text=DUCKS)
    rule_out_ducks(house)
    house.application.negatives.heeded = NegativeList()  # as a worker begins
    correct(house)
    assert read(house, check)["verdict"]["code"] == "not_enough_evidence"
    house.application.negatives.heeded = NegativeList()
    correct(house)
    assert len(read(house, check)["revisions"]) == 1


def test_a_check_by_other_models_loses_what_was_ruled_out_too(house) -> None:
    add_ducks(house)
    check = house.check(text=DUCKS)
    set_result(house, check["id"], '"embedder":"words"', '"embedder":"others"')
    rule_out_ducks(house)
    correct(house)
    assert house.client.get(f"/v1/checks/{check['id']}").json["verdict"]["code"] == "not_enough_evidence"


def test_accepted_feedback_corrects_the_check_that_it_is_about_and_accepting_it_twice_changes_nothing(house) -> None:
    house.application.schedules.plan(CORRECTION, CORRECTION, 60)
    add_ducks(house)
    check = house.check(text=DUCKS)
    remark = house.application.feedback.add(check["id"], "", FeedbackKind.WRONG_MATCH, 0, None)
    for note in ("it is about geese", "it is about geese, really", None):
        decide_feedback(house.application, remark.id, FeedbackStatus.ACCEPTED, note)
        house.work()
        assert read(house, check)["verdict"]["code"] == "not_enough_evidence"
    decide_feedback(house.application, remark.id, FeedbackStatus.REJECTED, None)
    house.work()
    assert read(house, check)["verdict"]["code"] == "refuted"


def test_a_policy_decides_anew(house) -> None:
    headers = house.key("check", "read", "write")
    rule = {"ratings": ["false"], "action": "flag"}
    house.client.post("/v1/policies", json={"name": "desk", "rules": [rule], "otherwise": "allow"}, headers=headers)
    check = house.check(headers=headers, text=DUCKS, policy="desk")
    assert check["action"] == "allow"
    add_ducks(house)
    correct(house)
    now = house.client.get(f"/v1/checks/{check['id']}", headers=headers).json
    assert (now["action"], now["revisions"][0]["action"]) == ("flag", "allow")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"embedder":"words"', '"embedder":"others"'),
        (f'"pair":"{RulePairModel.model_id}"', f'"pair":"{RulePairModel.model_id.rpartition(".")[0]}.0"'),
    ],
    ids=["another embedder", "pairs that are read otherwise"],
)
def test_a_check_by_other_models_stays_as_it_is(house, before: str, after: str) -> None:
    check = house.check(text=DUCKS)
    set_result(house, check["id"], before, after)
    add_ducks(house)
    correct(house)
    assert house.client.get(f"/v1/checks/{check['id']}").json["revisions"] == []


def test_nothing_is_kept_for_longer_than_the_check(house) -> None:
    check = house.check(text=DUCKS)
    add_ducks(house)
    correct(house)
    house.clock.let_pass(20 * 86400)
    house.tidy()
    assert rows(house) == 1, "it was not made anew: it is as old as it is"
    house.clock.let_pass(11 * 86400)
    house.tidy()
    assert house.client.get(f"/v1/checks/{check['id']}").status_code == 404
    assert rows(house) == 0


@pytest.mark.parametrize("way", ["create", "revise", "import", "delete"])
def test_a_change_lets_the_correction_be_due_at_once(house, lemons, way: str) -> None:
    house.application.schedules.plan(CORRECTION, CORRECTION, 60)
    if way == "delete":
        add_ducks(house)
    check = house.check(text=DUCKS)
    house.work()
    headers = {**house.key("check", "read", "write")}
    ducks = {**lemons, "claimReviewed": DUCKS, "url": "https://checks.example/ducks", "inLanguage": "de"}
    if way == "import":
        assert house.client.post("/v1/statements/import", json=[ducks], headers=headers).status_code == 202
    elif way == "delete":
        (own,) = house.application.statements.select(query="Enten").statements
        assert house.client.delete(f"/v1/statements/{own.id}", headers=headers).status_code == 204
    else:
        own = house.application.statements.select().statements[0]
        body = {"claim_reviewed": DUCKS, "url": own.url, "rating": {"alternate_name": "False"}}
        call = house.client.put if way == "revise" else house.client.post
        path = f"/v1/statements/{own.id}" if way == "revise" else "/v1/statements"
        assert call(path, json=body, headers=headers).status_code in (200, 201)
    house.work()
    expected = "not_enough_evidence" if way == "delete" else "refuted"
    assert house.application.checks.get(check["id"], None).result.verdict.code == expected


@dataclass(frozen=True)
class Part:
    """A view of an index that is being built from nothing."""

    view: View

    is_whole = False

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.view.checkpoint.store_id, 1)


@dataclass(frozen=True)
class Partial:
    """An index of which a part is there."""

    index: StatementIndex

    def current(self) -> StatementIndex:
        return replace(self.index, view=Part(self.index.view))


def test_while_the_index_is_built_from_nothing_nothing_counts_as_compared(house) -> None:
    check = house.check(text=DUCKS)
    add_ducks(house)
    index = house.application.index.current()
    building = replace(house.application, index=Partial(index))
    assert correcting.correct(building, Work(Job(1, CORRECTION, Lane.BULK, CORRECTION, 1, "w", 0, 0), 0.0, 60.0)) == 0
    assert house.application.corrections.is_behind(index.view.checkpoint.sequence)
    correct(house)
    assert house.client.get(f"/v1/checks/{check['id']}").json["verdict"]["code"] == "refuted"
