"""Which earlier check answers which question, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rows import set_where

from index.store.database import writing
from service.errors import NotFound
from service.models import Check, CheckRequest, CheckState
from service.store.jobs import JobKind
from service.store.reuse import Freshness
from service.store.tables import checks

PAGE = "https://news.example/lemons"
OTHER = "https://other.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def ask(house):
    """Asks as an owner, and works the check off."""

    def submit(owner: str = "ann", fresh_seconds: int = 60, **request: str) -> Check:
        versions = house.application.checker.versions()
        check = house.application.checks.submit(CheckRequest(**request), owner, Freshness(versions, fresh_seconds))
        house.work()
        return house.application.checks.wait(check.id, owner, 10)  # a copy takes as long as the run it is of

    return submit


def test_a_new_check_is_committed_before_it_is_told_of(house, open_other) -> None:
    check = house.application.checks.submit(CheckRequest(text=SENTENCE), "ann", None)
    elsewhere = open_other().application
    assert elsewhere.checks.get(check.id, "ann").state is CheckState.QUEUED
    assert elsewhere.jobs.count() == 1


def test_a_caller_rests_while_others_write_and_not_while_it_is_looked_what_is_known(house, ask) -> None:
    resting: list[str] = []
    checks = house.application.checks

    @contextmanager
    def rest() -> Iterator[None]:
        resting.append("rests")
        yield
        resting.append("works")

    with ThreadPoolExecutor(1) as pool:
        with writing(checks.engine):
            asked = pool.submit(checks.submit, CheckRequest(text=SENTENCE), "ann", None, resting=rest)
            while not resting:
                pass
            assert not asked.done()
        assert asked.result(30).state is CheckState.QUEUED
    assert resting == ["rests", "works"]
    house.work()
    ask(text=SENTENCE)
    reuse = Freshness(house.application.checker.versions(), 60)
    assert checks.submit(CheckRequest(text=SENTENCE), "ann", reuse, resting=rest).state is CheckState.FINISHED
    assert resting == ["rests", "works"], "an answer from the store waits for nobody"


def test_who_waits_hears_of_the_end_of_its_own_check_alone(house, ask) -> None:
    checks = house.application.checks
    mine, other = (checks.submit(CheckRequest(text=f"{SENTENCE} {n}"), "ann", None) for n in (1, 2))
    with checks.bell.listening(mine.id) as heard:
        checks.forget(other.id, "ann")
        assert not heard.is_set()
        house.work()
        assert heard.is_set()
    assert checks.get(mine.id, "ann").state is CheckState.FINISHED


def test_the_same_text_is_answered_from_the_store(house, ask) -> None:
    first = ask(text=SENTENCE)
    assert ask(text=SENTENCE) == first
    assert first.state is CheckState.FINISHED


def test_a_text_is_never_answered_with_anothers_check(house, ask) -> None:
    first = ask("ann", text=SENTENCE)
    reuse = Freshness(house.application.checker.versions(), 60)
    second = house.application.checks.submit(CheckRequest(text=SENTENCE), "bob", reuse)
    assert second.state is CheckState.QUEUED  # a quick answer would tell that somebody else read this
    with pytest.raises(NotFound):
        house.application.checks.get(first.id, "bob")


def test_another_language_is_another_question(ask) -> None:
    assert ask(text=SENTENCE).id != ask(text=SENTENCE, language="de").id


def test_another_reference_gets_a_copy_of_its_own(house, ask) -> None:
    first, second = ask(text=SENTENCE, reference="one"), ask(text=SENTENCE, reference="two")
    assert first.id != second.id
    assert second.request.reference == "two"
    assert second.result == first.result
    assert house.application.jobs.count() == 0


def test_a_page_that_the_service_fetched_is_shared_as_a_copy(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "It was on the radio in the morning.")
    first, second = ask("ann", url=PAGE), ask("bob", url=PAGE)
    assert house.fetcher.fetched == [PAGE]
    assert second.id != first.id
    assert second.owner == "bob"
    assert second.result == first.result


def test_a_page_is_known_by_the_address_asked_and_by_the_one_it_led_to(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "It was on the radio in the morning.")
    house.fetcher.leads_to["https://short.example/x"] = PAGE
    first = ask("ann", url="https://short.example/x")
    assert ask("ann", url=PAGE).result.claims == first.result.claims
    assert ask("bob", url="https://short.example/x").result == first.result
    assert house.fetcher.fetched == ["https://short.example/x"]


def test_supplied_html_plants_nothing_for_others(house, ask) -> None:
    """Somebody sends their own HTML as if it were a newspaper's page: only they ever see what comes of it."""
    planted = f"<html><body><article><p>{SENTENCE}</p><p>So it was told to us today.</p></article></body></html>"
    mine = ask("mallory", url=PAGE, html=planted)
    assert mine.result.verdict.code == "refuted"
    house.publish(PAGE, "The council met on Tuesday.", "It discussed the new bridge over the river.")
    for owner in ("ann", "mallory"):
        theirs = ask(owner, url=PAGE)
        assert theirs.result.verdict.code != "refuted"
        assert theirs.result.fetched
    assert house.fetcher.fetched == [PAGE]
    with pytest.raises(NotFound):
        house.application.checks.find_page("https://elsewhere.example/", "ann")


def test_supplied_html_is_not_found_by_address(house, ask) -> None:
    ask("mallory", url=PAGE, html=f"<p>{SENTENCE}</p>")
    for owner in ("ann", "mallory"):
        with pytest.raises(NotFound):
            house.application.checks.find_page(PAGE, owner)


def test_supplied_html_is_not_shared_even_if_it_were_called_fetched(house) -> None:
    """The second lock: whatever a result says of itself, only a check that was asked for by address is shared."""
    checks = house.application.checks
    planted = f"<html><body><article><p>{SENTENCE}</p><p>So it was told to us today.</p></article></body></html>"
    check = checks.submit(CheckRequest(url=PAGE, html=planted), "mallory", None)
    job = house.application.jobs.claim("w", (JobKind.CHECK,))
    lie = replace(house.application.checker.run(checks.begin(job)), fetched=True, final_url=PAGE)
    assert checks.finish(job, lie, check.created_at)
    assert checks.get(check.id, "mallory").result.verdict.code == "refuted"
    with pytest.raises(NotFound):
        checks.find_page(PAGE, "ann")


def test_a_foreign_canonical_link_plants_nothing(house, ask) -> None:
    house.publish(OTHER, SENTENCE, "So it was told.", head=f'<link rel="canonical" href="{PAGE}">')
    assert ask("mallory", url=OTHER).result.verdict.code == "refuted"
    with pytest.raises(NotFound):
        house.application.checks.find_page(PAGE, "ann")
    house.publish(PAGE, "The council met on Tuesday.", "It discussed the new bridge over the river.")
    assert ask("ann", url=PAGE).result.verdict.code != "refuted"
    assert house.fetcher.fetched == [OTHER, PAGE]


def test_a_language_hint_does_not_shape_what_others_are_shown(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    ask("mallory", url=PAGE, language="xx")
    with pytest.raises(NotFound):
        house.application.checks.find_page(PAGE, "ann")
    ask("ann", url=PAGE)
    assert house.fetcher.fetched == [PAGE, PAGE]


def test_an_old_page_is_fetched_anew(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    first = ask(url=PAGE)
    assert ask(url=PAGE, fresh_seconds=0).id != first.id
    assert len(house.fetcher.fetched) == 2


def test_copies_do_not_make_a_page_younger(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    ask("ann", url=PAGE)
    copy = ask("bob", url=PAGE)
    with house.application.statements.engine.begin() as connection:
        theirs = (checks.c.owner == "ann") | (checks.c.id == copy.id)
        set_where(connection, theirs, checks.c.begun_at, datetime.now(UTC) - timedelta(hours=1))
    ask("carol", url=PAGE, fresh_seconds=600)
    assert len(house.fetcher.fetched) == 2


def test_changed_statements_are_a_new_question(house, ask) -> None:
    first = ask(text=SENTENCE)
    house.add_statement(claim_reviewed="The moon is hollow.", url="https://checks.example/moon")
    second = ask(text=SENTENCE)
    assert second.id != first.id
    assert second.result.versions.index_statements == 2


def test_failed_checks_are_not_repeated_from_the_store(house, ask) -> None:
    failed = ask(url=PAGE)
    assert failed.state is CheckState.FAILED
    house.publish(PAGE, SENTENCE, "So it was told.")
    assert ask(url=PAGE).state is CheckState.FINISHED


def test_by_address_a_key_finds_its_own_checks_alone(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    first = ask("ann", url=PAGE)
    assert house.application.checks.find_page(PAGE, "ann") == first
    for stranger in ("bob", ""):
        with pytest.raises(NotFound):
            house.application.checks.find_page(PAGE, stranger)
    copy = ask("bob", url=PAGE)
    assert house.application.checks.find_page(PAGE, "bob") == copy
    newer = ask("ann", url=PAGE, fresh_seconds=0)
    assert house.application.checks.find_page(PAGE, "ann") == newer


def test_supplied_text_is_dropped_once_it_was_checked(house, ask) -> None:
    page = f"<html><head><script>var secret = 4711</script></head><body><p>{SENTENCE}</p></body></html>"
    check = ask(url=PAGE, html=page)
    assert check.request == CheckRequest(url=PAGE, html=""), "that the page was supplied is still known"
    with house.application.statements.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT payload FROM checks").scalars().all() == [None]


def test_a_stored_check_comes_back_as_it_was(house, ask) -> None:
    request = CheckRequest(text=f"{SENTENCE} 🍋 Und sonst? Grüße!", reference="r", language="en")
    check = ask(text=request.text, reference="r", language="en")
    assert check.result.article.text == request.text
    assert check.request == replace(request, text=""), "that it was a text is still known"
    assert check.result.claims[0].evidence[0].match.statement.rating.alternate_name == "False"


def test_forgetting_cancels_the_work(house) -> None:
    check = house.application.checks.submit(CheckRequest(text=SENTENCE), "ann", None)
    with pytest.raises(NotFound):
        house.application.checks.forget(check.id, "bob")
    house.application.checks.forget(check.id, "ann")
    assert house.work() == 0


def test_a_check_forgotten_while_it_runs_stays_forgotten(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    check = house.application.checks.submit(CheckRequest(url=PAGE), "ann", None)
    house.fetcher.before = lambda url: house.application.checks.forget(check.id, None)
    assert house.work() == 1
    with pytest.raises(NotFound):
        house.application.checks.get(check.id, None)


def test_html_with_a_nul_is_checked_like_any(house, ask) -> None:
    html = f"<html lang=en><body><article><p>{SENTENCE} So\0 it was told.</p></article></body></html>"
    checked = ask(html=html)
    assert (checked.result.problem, checked.result.verdict.code) == (None, "refuted")


def test_old_checks_are_purged(house, ask) -> None:
    ask(text=SENTENCE)
    kept = ask(text="Something else entirely was said today.")
    with house.application.statements.engine.begin() as connection:
        set_where(connection, checks.c.id != kept.id, checks.c.begun_at, datetime.now(UTC) - timedelta(days=31))
    assert house.application.checks.purge(datetime.now(UTC) - timedelta(days=30)) == 1
    assert house.application.checks.purge(datetime.now(UTC) - timedelta(days=30)) == 0
    assert house.application.checks.get(kept.id, "ann") == kept


@pytest.mark.parametrize("jump", [{"hours": -2}, {"days": 40}], ids=["back", "ahead"])
def test_a_clock_that_jumps_lengthens_no_wait(house, jump) -> None:
    """Somebody sets the clock while a caller waits for five seconds: it ends when five seconds have really passed."""
    check = house.application.checks.submit(CheckRequest(text=SENTENCE), "ann", None)
    read, reads = house.clock.read, []

    def jump_meanwhile():
        reads.append(1)
        if len(reads) == 2:
            house.clock.set_ahead(**jump)
        elif len(reads) == 4:
            house.clock.let_pass(5)
        return read()

    house.clock.read = jump_meanwhile
    assert house.application.checks.wait(check.id, "ann", 5).state is CheckState.QUEUED
    assert len(reads) == 4


def test_a_page_fetched_by_a_clock_that_was_ahead_is_fetched_anew(house, ask) -> None:
    house.publish(PAGE, SENTENCE, "So it was told.")
    house.clock.set_ahead(days=40)
    first = ask(url=PAGE)
    assert ask(url=PAGE) == first
    house.clock.set_ahead(days=-40)
    again = ask(url=PAGE)
    assert again.id != first.id
    assert house.fetcher.fetched == [PAGE, PAGE]
    assert ask(url=PAGE) == again
