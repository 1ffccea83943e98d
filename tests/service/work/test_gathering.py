"""Claims that nobody verified come together where they say the same, and are shown only where several had them apart."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from index.store.database import reading
from service.asked_claims import AskedState
from service.errors import NotFound
from service.models import CheckRequest
from service.store.asked_claims import GATHERING
from service.store.corrections import CORRECTION
from service.store.tables import dismissed_clusters, sentences
from service.work.retention import delete_old

DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."
NEARLY = "Ab Mai dürfen Enten in keinem deutschen Park mehr gefüttert werden."
OTHER_NUMBER = "Der Rat von Ulm zahlt ab Mai jedem der 300 Bewohner eine Prämie aus dem neuen Topf."
NUMBER = OTHER_NUMBER.replace("300", "500")
LEMONS = "Hot lemon water cures diabetes within seven days."


def ask(house, *texts: str, owner: str = "ann") -> list[str]:
    """Checks of texts, one each, by whoever."""
    ids = [house.application.checks.submit(CheckRequest(text=text), owner, None).id for text in texts]
    house.work()
    return ids


def visit(house, *names: str, text: str = DUCKS, owner: str = "ann") -> list[str]:
    """Checks of pages that the service fetches, each with a text of its own around it."""
    ids = []
    for name in names:
        url = f"https://news.example/{name}"
        house.publish(url, f"Neues aus {name} von heute.", text, f"Das war die Meldung aus {name} am Morgen.")
        ids.append(house.application.checks.submit(CheckRequest(url=url), owner, None).id)
    house.work()
    return ids


def gather(house) -> None:
    """What the schedules do by themselves."""
    for name in (CORRECTION, GATHERING):
        house.application.schedules.plan(name, name, 60)
        house.application.schedules.hurry(name)
        house.work()


def shown(house, state: AskedState = AskedState.OPEN) -> list[tuple[str, int, int, int]]:
    """The claims that are listed, each with how many checks, callers and pages."""
    found = house.application.asked.select(state).claims
    return [(each.claim, each.checks, each.callers, each.pages) for each in found]


def clusters(house) -> list[str]:
    """The clusters of all sentences, those in none left out."""
    with reading(house.application.statements.engine) as connection:
        found = connection.execute(sa.select(sentences.c.cluster).order_by(sentences.c.check_id)).scalars().all()
    assert None not in found
    return [each for each in found if each]


def test_a_claim_that_several_had_is_listed_with_counts_and_without_askers(house) -> None:
    ask(house, DUCKS, owner="ann")
    ask(house, DUCKS, NEARLY, owner="bob")
    ask(house, "Die Brücke von Ulm wird erst im Herbst wieder für Autos geöffnet.", owner="bob")
    gather(house)
    (found,) = house.application.asked.select().claims
    assert (found.claim, found.language, found.checks, found.callers, found.pages) == (DUCKS, "de", 3, 2, 0)
    assert (found.asked_on, found.state) == (house.clock.read().at.date(), AskedState.OPEN)
    assert {"ann", "bob"}.isdisjoint(str(getattr(found, name)) for name in found.__slots__)


def test_what_one_caller_handed_over_is_not_listed_however_often(house) -> None:
    ask(house, *[DUCKS] * 5, owner="ann")
    ask(house, f"{DUCKS} Und mehr.", owner="ann")
    gather(house)
    assert shown(house) == []
    for cluster in (*set(clusters(house)), "none", "", "\0"):
        with pytest.raises(NotFound):
            house.application.asked.get(cluster)
        with pytest.raises(NotFound):
            house.application.asked.mark(cluster, AskedState.DISMISSED, "x")


def test_one_caller_counts_by_pages_that_the_service_fetched_itself(house) -> None:
    visit(house, "ulm", "bonn")
    ask(house, DUCKS)
    gather(house)
    assert shown(house) == [(DUCKS, 3, 1, 2)]


def test_the_same_page_again_and_again_is_one_page(house) -> None:
    visit(house, "ulm", "ulm", "ulm")
    gather(house)
    assert shown(house) == []


def test_fewer_checks_than_are_asked_for_do_not_do(house) -> None:
    for owner in ("ann", "bob"):
        ask(house, DUCKS, owner=owner)
    gather(house)
    assert shown(house) == []
    house.application.asked.min_checks = 2
    assert shown(house) == [(DUCKS, 2, 2, 0)]


def test_words_of_one_caller_alone_are_not_shown_among_those_of_many(house) -> None:
    """The cluster is common, but each wording is somebody's own: none may be shown."""
    ask(house, DUCKS, DUCKS, owner="ann")
    ask(house, NEARLY, owner="bob")
    gather(house)
    assert len(set(clusters(house))) == 1
    assert shown(house) == []
    ask(house, NEARLY, owner="ann")
    gather(house)
    assert shown(house) == [(NEARLY, 4, 2, 0)], "rarer, but of both"


def test_another_number_is_another_claim(house) -> None:
    for owner in ("ann", "bob"):
        ask(house, NUMBER, OTHER_NUMBER, owner=owner)
    gather(house)
    assert len(set(clusters(house))) == 2


def test_what_a_statement_matches_is_not_listed_and_goes_when_one_appears(house) -> None:
    for owner in ("ann", "bob", "eve"):
        ask(house, LEMONS, DUCKS, owner=owner)
    gather(house)
    assert shown(house) == [(DUCKS, 3, 3, 0)]
    house.add_statement(claim_reviewed=DUCKS, url="https://checks.example/ducks", language="de")
    gather(house)
    assert shown(house) == []
    assert clusters(house) == []


def test_it_goes_with_the_checks_at_once_when_they_are_deleted_or_too_old(house) -> None:
    ids = ask(house, DUCKS, owner="ann") + ask(house, DUCKS, owner="bob") + ask(house, DUCKS, owner="eve")
    gather(house)
    house.application.checks.forget(ids[0], "ann")
    assert shown(house) == []
    ask(house, DUCKS, owner="ann")
    gather(house)
    assert len(shown(house)) == 1
    house.clock.let_pass(31 * 86400)
    house.tidy()
    delete_old(house.application)
    assert (shown(house), clusters(house)) == ([], [])


def test_a_claim_put_aside_stays_so_with_what_comes_later_and_can_be_listed_again(house) -> None:
    for owner in ("ann", "bob", "eve"):
        ask(house, DUCKS, owner=owner)
    gather(house)
    asked = house.application.asked
    (found,) = asked.select().claims
    assert asked.mark(found.id, AskedState.DISMISSED, "x").state is AskedState.DISMISSED
    ask(house, DUCKS, owner="joe")
    gather(house)
    assert (shown(house), shown(house, AskedState.DISMISSED)) == ([], [(DUCKS, 4, 4, 0)])
    assert asked.mark(found.id, AskedState.OPEN, "x").state is AskedState.OPEN
    assert len(shown(house)) == 1


def test_what_was_put_aside_is_forgotten_with_the_last_check(house) -> None:
    ids = [ask(house, DUCKS, owner=owner)[0] for owner in ("ann", "bob", "eve")]
    gather(house)
    (found,) = house.application.asked.select().claims
    house.application.asked.mark(found.id, AskedState.DISMISSED, "x")
    for id in ids:
        house.application.checks.forget(id, None)
    gather(house)
    with reading(house.application.statements.engine) as connection:
        assert connection.execute(sa.select(dismissed_clusters)).all() == []


def test_those_of_most_checks_come_first_and_in_pages(house) -> None:
    for owner in ("ann", "bob", "eve"):
        ask(house, DUCKS, NUMBER, owner=owner)
    ask(house, NUMBER, owner="joe")
    gather(house)
    assert [each[:2] for each in shown(house)] == [(NUMBER, 4), (DUCKS, 3)]
    first = house.application.asked.select(limit=1)
    assert [each.claim for each in first.claims] == [NUMBER]
    rest = house.application.asked.select(cursor=first.next_cursor, limit=1)
    assert ([each.claim for each in rest.claims], rest.next_cursor) == ([DUCKS], None)


def test_what_does_not_count_as_a_claim_is_in_no_cluster(house) -> None:
    house.application.asked.min_checks = 1
    for owner in ("ann", "bob"):
        ask(house, DUCKS, owner=owner)
    gather(house)
    store = house.application.asked
    with reading(store.engine) as connection:
        ids = connection.execute(sa.select(sentences.c.check_id)).scalars().all()
    assert store.unseen() == []
    assert store.read(ids[0]).sentences == (), "nothing is looked at twice"
    assert store.read("none") is None
    store.put(ids[0], [(0, "another", "words")])
    assert len(set(clusters(house))) == 1, "what is known is not overwritten"


def test_a_copy_of_a_check_counts_for_whoever_asked(house) -> None:
    visit(house, "ulm", owner="ann")
    gather(house)
    url = "https://news.example/ulm"
    for key in (house.key("check"), house.key("check")):
        house.check(url=url, headers=key)
    house.clock.let_pass(60)
    gather(house)
    assert [each[1:] for each in shown(house) if each[0] == DUCKS] == [(3, 3, 1)]


def test_sentences_of_another_model_are_compared_among_themselves(house) -> None:
    found = house.application.asked.leaders(77)
    assert (found[0], found[1].shape) == ([], (0, 77))
