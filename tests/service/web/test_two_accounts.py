"""Two accounts at once in real browsers: from a claim that many asked about to a published statement, and a quarrel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from people import PASSWORD, sign_in

from index.store.history import versions_of
from service.models import CheckRequest
from service.store.asked_claims import GATHERING
from service.store.corrections import CORRECTION

DUCKS = "Enten dürfen ab Mai in keinem deutschen Park mehr gefüttert werden."
FIRST = {"rating": "Falsch", "url": "https://desk.example/ducks", "explanation": "Niemand hat das beschlossen."}
SECOND = "Niemand hat das beschlossen; gefragt wurden alle Länder."
ANNS, BOBS = "Anns Fassung: alle sechzehn Länder wurden gefragt.", "Bobs Fassung: der Bund wurde gefragt."


def look_again(house: Any) -> None:
    """What the schedules do by themselves."""
    for name in (CORRECTION, GATHERING):
        house.application.schedules.plan(name, name, 60)
        house.application.schedules.hurry(name)
        house.work()


@pytest.fixture
def desk(house: Any) -> Any:
    """A house that publishes its own statements, lets nobody release their own, and was asked the same three times."""
    settings = replace(house.application.settings, four_eyes=True, publishes=("desk.example",))
    object.__setattr__(house.application, "settings", settings)
    for owner in ("key-1", "key-2", "key-3"):
        house.application.checks.submit(CheckRequest(text=DUCKS), owner, None)
    house.work()
    look_again(house)
    return house


@pytest.fixture(params=[("de", "light", 1200), ("en", "dark", 360)], ids=["de-light-wide", "en-dark-narrow"])
def surroundings(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The language, and what a browser is told of its screen."""
    language, scheme, width = request.param
    return language, {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "locale": language}


@pytest.fixture
def enter(desk: Any, serve: Any, browser: Any, surroundings: Any) -> Iterator[Callable[[str], Any]]:
    """Opens a browser of somebody's own at the service; by a name they sign in."""
    base, opened = serve(desk.application), []
    language, options = surroundings

    def open_one(name: str = "") -> Any:
        page = browser.new_context(**options, base_url=base).new_page()
        opened.append(page.context)
        if name:
            page.goto(f"/sign-in?lang={language}")
            page.locator("#name").fill(name)
            page.locator("#password").fill(PASSWORD)
            page.locator("main form button[type=submit]").click()
            page.wait_for_url(f"{base}/?*")
        return page

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def looked_at(violations: Callable[[Any], list[str]]) -> Callable[[Any], str]:
    """What somebody reads on a page, once nothing on it keeps anybody out."""

    def look(page: Any) -> str:
        page.wait_for_load_state()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return str(page.locator("main").inner_text())

    return look


def press(page: Any, value: str) -> None:
    with page.expect_navigation():
        page.locator(f"button[value={value}]").click()


def take_back(page: Any) -> None:
    """What waits for release, by whoever wrote it."""
    with page.expect_navigation():
        page.locator("main form button").click()


WORDS = {
    "de": {
        "nobody asked": "Noch keine Aussage kam oft genug", "changed": "Dieser Entwurf wurde inzwischen geändert",
        "exists": "Diese Aussage gibt es schon", "overtaken": "Jemand hat diese Aussage inzwischen geändert",
        "gone": "Diesen Entwurf gibt es hier nicht mehr",
    },
    "en": {
        "nobody asked": "No claim has come often enough yet", "changed": "This draft has been changed meanwhile",
        "exists": "This statement exists already", "overtaken": "Somebody has changed this statement meanwhile",
        "gone": "This draft is no longer here",
    },
}  # fmt: skip


@pytest.mark.browser
def test_from_a_claim_that_many_asked_about_to_a_published_statement(
    desk: Any, enter: Any, looked_at: Any, surroundings: Any
) -> None:
    language, words = surroundings[0], WORDS[surroundings[0]]
    ann, bob = sign_in(desk, "editor", "ann"), sign_in(desk, "admin", "bob")
    writer, reader = enter("ann"), enter("bob")

    for page in (writer, reader):  # both take up the same claim: each has a draft of their own
        page.goto(f"/asked?lang={language}")
        assert DUCKS in looked_at(page)
        press(page, "draft")
        looked_at(page)
        assert page.locator("#claim_reviewed").input_value() == DUCKS
        for name, text in FIRST.items():
            page.locator(f"#{name}").fill(text)
    press(writer, "save")
    looked_at(writer)
    handed_in = writer.url

    reader.goto(f"/editor?lang={language}&show=waiting")
    looked_at(reader)
    with reader.expect_navigation():
        reader.locator(".acts a").first.click()
    assert FIRST["explanation"] in looked_at(reader)
    take_back(writer)  # while bob reads it
    press(reader, "release")
    assert words["gone"] in looked_at(reader)
    press(writer, "save")
    reader.goto(f"{handed_in.partition('?')[0]}/review?lang={language}")
    take_back(writer)
    writer.locator("#explanation").fill(SECOND)
    press(writer, "save")
    press(reader, "release")  # what he read is not what she handed in
    shown = looked_at(reader)
    assert words["changed"] in shown
    assert SECOND in shown
    assert desk.application.statements.select(query="Enten").statements == ()
    press(reader, "release")
    looked_at(reader)
    (made,) = desk.application.statements.select(query="Enten").statements
    (version,) = versions_of(desk.application.statements, made.id)
    assert (version.written_by, version.released_by) == (ann.account.id, bob.account.id)

    look_again(desk)
    reader.goto(f"/asked?lang={language}")
    shown = looked_at(reader)
    assert words["nobody asked"] in shown
    (own,) = desk.application.drafts.list(bob.account.id)
    reader.goto(f"/drafts/{own.id}?lang={language}")  # his own draft of it is still there, and says why it is too late
    for name, text in {**FIRST, "explanation": BOBS}.items():
        reader.locator(f"#{name}").fill(text)
    press(reader, "save")
    writer.goto(f"/drafts/{own.id}/review?lang={language}")
    looked_at(writer)
    press(writer, "release")
    assert words["exists"] in looked_at(writer)
    assert desk.application.statements.get(made.id).explanation == SECOND
    assert desk.application.drafts.get(own.id, bob.account.id).change.content["explanation"] == BOBS

    stranger = enter()
    stranger.goto(f"/statements/{made.id}?lang={language}")
    shown = looked_at(stranger)
    assert DUCKS in shown
    assert SECOND in shown
    told = json.loads(stranger.locator('script[type="application/ld+json"]').text_content())
    assert (told["claimReviewed"], told["reviewRating"]["alternateName"]) == (DUCKS, "Falsch")


@pytest.mark.browser
def test_of_two_changes_of_one_statement_the_second_is_released_only_after_both_were_read(
    desk: Any, enter: Any, looked_at: Any, surroundings: Any
) -> None:
    language, words = surroundings[0], WORDS[surroundings[0]]
    people = {name: sign_in(desk, role, name) for name, role in (("ann", "editor"), ("bob", "admin"))}
    desk.add_statement(claim_reviewed=DUCKS, url=FIRST["url"], language="de", explanation=FIRST["explanation"])
    (statement,) = desk.application.statements.select(query="Enten").statements
    pages = {name: enter(name) for name in people}
    for page in pages.values():
        page.goto(f"/editor/{statement.id}?lang={language}")
    for name, text in (("ann", ANNS), ("bob", BOBS)):
        pages[name].locator("#explanation").fill(text)
        press(pages[name], "save")
        looked_at(pages[name])
    drafts = {name: desk.application.drafts.list(people[name].account.id)[0] for name in people}
    pages["ann"].goto(f"/drafts/{drafts['bob'].id}/review?lang={language}")
    assert BOBS.split(":")[0].split()[0] in looked_at(pages["ann"])
    press(pages["ann"], "release")
    pages["bob"].goto(f"/drafts/{drafts['ann'].id}/review?lang={language}")
    press(pages["bob"], "release")
    assert words["overtaken"] in looked_at(pages["bob"])
    assert desk.application.statements.get(statement.id).explanation == BOBS

    ann = pages["ann"]
    ann.goto(f"/drafts/{drafts['ann'].id}?lang={language}")
    take_back(ann)
    assert ann.locator("#explanation").input_value() == ANNS
    press(ann, "save")
    shown = looked_at(ann)
    assert words["overtaken"] in shown
    assert ann.locator("#explanation").input_value() == ANNS
    assert "Bobs" in shown, "she sees what he wrote"
    press(ann, "save")
    pages["bob"].goto(f"/drafts/{drafts['ann'].id}/review?lang={language}")
    looked_at(pages["bob"])
    press(pages["bob"], "release")
    assert [each.statement.explanation for each in versions_of(desk.application.statements, statement.id)] == [
        ANNS, BOBS, FIRST["explanation"],
    ]  # fmt: skip
