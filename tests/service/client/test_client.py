"""The client and the real service: in one process, and over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from doubles import picture_saying

from gegencheck_client import (
    AsyncGegencheck,
    BadRequest,
    ChangedMeanwhile,
    Gegencheck,
    NotAllowed,
    NotFound,
    Retries,
    Unavailable,
    Unreachable,
    read_webhook,
)
from gegencheck_client.models import (
    BatchItemBody,
    Check,
    KeyBody,
    PairBody,
    PolicyBody,
    RatingBody,
    RuleBody,
    SourceBody,
    StatementBody,
)

LEMONS = "Hot lemon water cures diabetes within seven days."
PAGE = "https://zeitung.example/zitronen"
EVERYTHING = ("check", "read", "write")


class Faulty(httpx2.BaseTransport):
    """Lets requests reach the service, and does something to the answers of the first ones."""

    def __init__(self, inner: httpx2.BaseTransport, *faults: str) -> None:
        self.inner, self.faults, self.statuses = inner, list(faults), []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "busy":
            return httpx2.Response(503, headers={"Retry-After": "1"})
        answered = self.inner.handle_request(request)
        answered.read()
        self.statuses.append(answered.status_code)
        if fault == "lost":
            raise httpx2.ReadTimeout("The answer never came.", request=request)
        return answered


@pytest.fixture
def connect(house) -> Iterator[Any]:
    """Connects to the service of a house with a key; while the client pauses, the service works."""
    opened: list[Gegencheck] = []

    def open_one(*faults: str, scopes: tuple[str, ...] = EVERYTHING, language: str = "en") -> Gegencheck:
        secret = house.application.keys.create("desk", scopes, None).secret
        transport = Faulty(httpx2.WSGITransport(house.app), *faults)
        opened.append(
            Gegencheck("http://localhost", secret, language=language, transport=transport, sleep=lambda _: house.work())
        )
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def count_checks(client: Gegencheck) -> int:
    return len(list(client.checks.find()))


def test_a_text_is_checked_and_waited_for(connect) -> None:
    client = connect(language="de")
    check = client.checks.create(text=LEMONS, wait=0, reference="ticket 7")
    assert check.state == "queued"
    check = client.checks.wait(check)
    assert (check.state, check.reference) == ("finished", "ticket 7")
    assert check.verdict is not None
    assert (check.verdict.code, check.verdict.language) == ("refuted", "de")
    assert check.claims[0].evidence[0].statement.rating.alternate_name == "False"
    assert check.claims[0].evidence[0].stance == "supports"
    assert client.checks.wait(check) is check, "it has ended"


def test_a_picture_is_sent_or_named_by_its_address(connect, house) -> None:
    client = connect()
    sent = client.checks.wait(client.checks.create_from_picture(picture_saying(LEMONS), wait=0, reference="ticket 8"))
    house.fetcher.pictures["https://bilder.example/1.png"] = picture_saying(LEMONS)
    named = client.checks.wait(client.checks.create(image_url="https://bilder.example/1.png", wait=0))
    for check in (sent, named):
        assert check.article is not None
        assert check.article.kind == "picture"
        assert check.claims[0].boxes == [[[0, 0], [300, 0], [300, 20], [0, 20]]]
    assert sent.reference == "ticket 8"


def test_a_failed_check_is_returned_with_its_problem(connect) -> None:
    client = connect()
    check = client.checks.wait(client.checks.create(url="https://gone.example/", wait=0))
    assert (check.state, check.verdict) == ("failed", None)
    assert check.problem is not None
    assert (check.problem.code, check.problem.stage) == ("page-unavailable", "fetch")


@pytest.mark.parametrize("faults", [("lost",), ("lost", "lost"), ("busy", "lost", "busy")])
def test_however_often_an_answer_gets_lost_one_check_is_made(connect, faults: tuple[str, ...]) -> None:
    client = connect(*faults)
    made = client.checks.create(text=LEMONS, wait=0, fresh=True)
    assert count_checks(client) == 1
    assert client.checks.get(made.id).id == made.id


def test_with_a_key_of_the_caller_s_own_a_check_is_made_once_even_by_another_client(connect, house) -> None:
    client = connect()
    first = client.checks.create(text=LEMONS, wait=0, fresh=True, idempotency_key="ticket 7")
    again = client.checks.create(text=LEMONS, wait=0, fresh=True, idempotency_key="ticket 7")
    assert (again.id, count_checks(client)) == (first.id, 1)
    with pytest.raises(BadRequest) as caught:
        client.checks.create(text="Another text.", wait=0, fresh=True, idempotency_key="ticket 7")
    assert (caught.value.status, caught.value.code) == (422, "idempotency-key-reused")


def test_a_deletion_whose_answer_got_lost_is_done(connect) -> None:
    client = connect()
    check = client.checks.create(text=LEMONS, wait=0)
    client.checks._transport.http._transport.faults.append("lost")
    client.checks.delete(check.id)
    with pytest.raises(NotFound):
        client.checks.get(check.id)


def test_checks_are_found_page_by_page_by_reference_verdict_and_time(connect, house) -> None:
    client = connect()
    for number in range(5):
        client.checks.create(text=f"{LEMONS} {number}.", wait=0, reference=f"r{number % 2}")
    house.work()
    since = datetime.now(UTC) - timedelta(hours=1)
    found = list(client.checks.find(reference="r0", since=since, page_size=1))
    assert [each.reference for each in found] == ["r0"] * 3
    assert list(client.checks.find(before=since)) == []
    assert {each.id for each in found} <= {each.id for each in client.checks.find(verdict="refuted", page_size=2)}
    house.publish(PAGE, LEMONS)
    of_page = client.checks.wait(client.checks.create(url=PAGE, wait=0))
    assert client.checks.newest(PAGE).id == of_page.id
    assert client.checks.get(of_page.id, include_text=True).article.text.strip().endswith(LEMONS)


def test_a_batch_keeps_references_and_one_bad_item_fails_alone(connect) -> None:
    client = connect()
    items = [BatchItemBody(text=LEMONS, reference=f"r{number}") for number in range(4)]
    batch = client.batches.create([*items, BatchItemBody(url="http://127.0.0.1/")])
    batch = client.batches.wait(batch)
    assert (batch.state, batch.counts.finished, batch.counts.failed) == ("finished", 4, 1)
    found = list(client.batches.items(batch, page_size=2))
    assert [each.reference for each in found] == ["r0", "r1", "r2", "r3", None]
    assert isinstance(found[0].check, Check)
    assert (found[4].state, found[4].problem.code, found[4].check) == ("failed", "address-refused", None)
    client.batches.cancel(client.batches.create(items))


def test_texts_are_matched_judged_and_split(connect) -> None:
    client = connect()
    plain, stanced = client.match([LEMONS], limit=1), client.match([LEMONS, "Kühe"], limit=1, stance=True)
    assert plain[0].matches[0].is_match
    assert not hasattr(plain[0].matches[0], "stance")
    assert (stanced[0].matches[0].stance, len(stanced)) == ("supports", 2)
    (judged,) = client.stance([PairBody(claim=LEMONS, statement=LEMONS)])
    assert (judged.is_match, judged.stance) == (True, "supports")
    assert client.claims(text=f"{LEMONS} So it was told.").sentences[0].text == LEMONS
    assert client.extract(html=f"<article><p>{LEMONS}</p></article>").url is None
    assert client.ready().index.statements == 1


def test_statements_are_written_found_imported_and_deleted(connect, lemons) -> None:
    client = connect()
    given = StatementBody(
        claim_reviewed="Cows fly.", url="https://checks.example/cows", rating=RatingBody(alternate_name="False")
    )
    made = client.statements.create(given)
    changed = client.statements.replace(made.id, given.model_copy(update={"headline": "No."}))
    assert (changed.id, changed.headline, client.statements.get(made.id)) == (made.id, "No.", changed)
    assert {each.id for each in client.statements.find("cows", rating="false")} == {made.id}
    client.statements.delete(made.id)
    table = "Satz,Ergebnis\nDucks swim.,True\nPigs fly.,False\n"
    columns, same = {"claim_reviewed": "Satz", "rating": "Ergebnis"}, {"url": "https://checks.example/all"}
    seen = client.statements.preview(table, "text/csv", columns=columns, same=same)
    assert (seen.usable, seen.first[0].statement.claim_reviewed) == (2, "Ducks swim.")
    report = client.imports.wait(client.statements.load(table, "text/csv", columns=columns, same=same))
    assert (report.state, report.added) == ("finished", 2)
    assert client.imports.get(report.id).added == 2
    assert len(list(client.statements.find(page_size=1))) == 3
    failed = client.imports.wait(client.statements.load_from("https://gone.example/feed"))
    assert failed.state == "failed"


def test_of_two_who_replace_the_same_statement_the_second_is_told_and_nothing_is_overwritten(connect) -> None:
    mine, theirs = connect(), connect()
    given = StatementBody(
        claim_reviewed="Cows fly.", url="https://checks.example/cows", rating=RatingBody(alternate_name="False")
    )
    made = mine.statements.create(given)
    read = theirs.statements.get(made.id)
    assert read.etag == made.etag != ""
    changed = theirs.statements.replace(read, given.model_copy(update={"headline": "Theirs."}))
    with pytest.raises(ChangedMeanwhile) as refused:
        mine.statements.replace(made, given.model_copy(update={"headline": "Mine."}))
    assert (refused.value.status, refused.value.code) == (412, "statement-changed")
    with pytest.raises(ChangedMeanwhile):
        mine.statements.delete(made)
    assert mine.statements.get(made.id).headline == "Theirs."
    again = mine.statements.replace(changed, given.model_copy(update={"headline": "Mine, after reading theirs."}))
    assert again.headline == "Mine, after reading theirs."
    listed = next(iter(mine.statements.find("cows")))
    with pytest.raises(ValueError, match="which version"):
        mine.statements.replace(listed, given)
    mine.statements.delete(again)
    assert mine.statements.restore(made.id).etag == again.etag, "it says the same again"
    assert [each.statement.headline for each in mine.statements.history(made.id).versions] == [
        *["Mine, after reading theirs."] * 3, "Theirs.", None,
    ]  # fmt: skip


def test_a_change_whose_answer_got_lost_is_not_taken_for_somebody_else_s(connect) -> None:
    given = StatementBody(
        claim_reviewed="Cows fly.", url="https://checks.example/cows", rating=RatingBody(alternate_name="False")
    )
    made = connect().statements.create(given)
    with pytest.raises(Unreachable, match="once"):
        connect("lost").statements.replace(made, given.model_copy(update={"headline": "No."}))
    now = connect("busy").statements.get(made.id)
    assert now.headline == "No."
    connect("lost").statements.delete(now)


def test_a_policy_decides_replay_tells_and_a_statement_of_reasons_follows(connect) -> None:
    client = connect()
    made = client.policies.create(PolicyBody(name="desk", rules=[RuleBody(action="flag")], otherwise="allow"))
    assert (made.id, made.rules[0].verdicts, client.policies.get("desk").id) == ("desk.1", ["refuted"], "desk.1")
    assert [each.id for each in client.policies.all()] == ["desk.1"]
    check = client.checks.wait(client.checks.create(text=LEMONS, wait=0, policy="desk"))
    assert (check.action, check.policy.rule) == ("flag", 0)
    other = client.policies.create(PolicyBody(name="none", rules=[RuleBody(action="allow")], otherwise="allow"))
    from gegencheck_client.models import ReplayBody

    (page,) = client.policies.replay(ReplayBody(policy=other.id))
    assert [(each.before.action, each.after.action) for each in page.flips] == [("flag", "allow")]
    assert [each.puid for each in client.reasons.find(action="flag")] == [check.id]


def test_a_wrong_match_is_reported_accepted_and_ruled_out(connect) -> None:
    client = connect()
    check = client.checks.wait(client.checks.create(text=LEMONS, wait=0))
    said = client.checks.report(check, "wrong_match", claim=0, comment="Not the same.")
    assert [each.id for each in client.feedback.find(status="open")] == [said.id]
    assert client.feedback.decide(said.id, "accepted", note="Right.").status == "accepted"
    (entry,) = client.negatives.find()
    assert (entry.feedback, client.negatives.get(entry.id)) == (said.id, entry)
    assert not client.match([LEMONS])[0].matches[0].is_match
    client.negatives.delete(entry.id)
    again = client.negatives.create(LEMONS, entry.statement, note="by hand")
    assert [each.id for each in client.negatives.find(statement=entry.statement)] == [again.id]


def test_a_webhook_is_verified_listed_and_sent_again(connect, house) -> None:
    client = connect()
    hook = "https://desk.example/hook"
    check = client.checks.create(text=LEMONS, wait=0, callback_url=hook)
    house.fetcher.answers[hook] = 410
    house.work()
    (dead,) = client.deliveries.find(state="dead")
    assert (dead.subject, dead.status, client.deliveries.get(dead.id).id) == (check.id, 410, dead.id)
    house.fetcher.answers[hook] = 204
    assert client.deliveries.resend(dead.id).state == "waiting"
    house.work()
    _, body, headers = house.fetcher.posted[-1]
    (key,) = house.application.keys.list()
    told = read_webhook(house.application.keys.webhook_secret(key.id), body, headers)
    assert (told.id, told.type) == (dead.id, "check.finished")
    assert isinstance(told.data, Check)
    assert (told.data.id, told.data.verdict.code) == (check.id, "refuted")


def test_keys_and_sources_are_managed_and_the_audit_log_tells_of_it(connect) -> None:
    client = connect(scopes=("write", "admin"))
    made = client.keys.create(KeyBody(name="bot", scopes=["check"]))
    assert made.key.startswith("gck_")
    assert [each.name for each in client.keys.all()] == ["desk", "bot"]
    assert client.keys.rotate(made.id).key not in (None, made.key)
    assert client.keys.rotate(made.id, replaces="webhook_secret").key is None
    client.keys.revoke(made.id)
    assert client.keys.get(made.id).revoked_at is not None
    source = client.sources.create(SourceBody(address="https://checks.example/feed", name="Checks"))
    assert [each.id for each in client.sources.all()] == [source.id]
    changed = SourceBody(address="https://checks.example/feed", name="All checks", every_hours=48)
    assert client.sources.replace(source.id, changed).name == "All checks"
    assert client.sources.refresh(source.id).id == source.id
    assert "datacommons" in client.sources.presets()
    assert client.coverage().statements.total == 1
    client.sources.delete(source.id)
    with pytest.raises(NotFound):
        client.sources.get(source.id)
    actions = [entry.action for entry in client.audit.find(page_size=3)]
    assert actions[0] == "DELETE /v1/sources/<id>"
    assert "POST /v1/keys" in actions


def test_what_a_key_may_not_do_and_what_is_wrong_is_said_by_its_own_error(connect) -> None:
    reader = connect(scopes=("read",))
    with pytest.raises(NotAllowed) as caught:
        reader.checks.create(text=LEMONS)
    assert (caught.value.status, caught.value.code) == (403, "scope-missing")
    with pytest.raises(BadRequest) as bad:
        connect().checks.create(text=LEMONS, wait=99)
    assert [each.pointer for each in bad.value.errors] == ["/wait"]
    with pytest.raises(NotFound):
        reader.checks.get("nothing")


def test_a_service_without_an_index_is_unavailable_and_says_when_to_ask_again(empty_house) -> None:
    transport = httpx2.WSGITransport(empty_house.app)
    pauses: list[float] = []
    with (
        Gegencheck("http://localhost", transport=transport, sleep=pauses.append, retries=Retries(tries=2)) as client,
        pytest.raises(Unavailable) as caught,
    ):
        client.ready()
    assert (caught.value.code, caught.value.retry_after) == ("index-not-ready", 5.0)
    assert 5.0 <= pauses[0] <= 5.5


@pytest.mark.loopback
def test_the_client_that_awaits_does_the_same_over_the_network(house, serve) -> None:
    secret = house.application.keys.create("desk", EVERYTHING, None).secret
    address = serve(house.application)
    worker = house.worker
    worker.start()

    async def run() -> list[Any]:
        async with AsyncGegencheck(address, secret) as client:
            several = [client.checks.create(text=f"{LEMONS} {number}.", wait=0) for number in range(3)]
            checks = [await client.checks.wait(each) for each in await asyncio.gather(*several)]
            batch = await client.batches.wait(await client.batches.create([BatchItemBody(text=LEMONS)]))
            items = [each async for each in client.batches.items(batch)]
            listed = [each.id async for each in client.checks.find(page_size=1)]
            with pytest.raises(NotFound):
                await client.checks.get("nothing")
            return [checks, items, listed]

    try:
        checks, items, listed = asyncio.run(run())
    finally:
        worker.stop()
    assert [each.verdict.code for each in checks] == ["refuted"] * 3
    assert [each.check.verdict.code for each in items] == ["refuted"]
    assert {each.id for each in checks} <= set(listed)


@pytest.mark.loopback
def test_both_say_so_where_nobody_listens() -> None:
    from gegencheck_client import Unreachable

    patience = Retries(tries=2, first_seconds=0.01)
    with Gegencheck("http://127.0.0.1:9", retries=patience) as client, pytest.raises(Unreachable, match="2 times"):
        client.ready()

    async def run() -> None:
        async with AsyncGegencheck("http://127.0.0.1:9", retries=patience) as client:
            with pytest.raises(Unreachable, match="2 times"):
                await client.ready()

    asyncio.run(run())
