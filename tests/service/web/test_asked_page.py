"""The pages about what was asked and not verified: a list, a draft as a form, in both languages, in a browser too."""

from __future__ import annotations

from typing import Any

import pytest

from service.models import CheckRequest
from service.store.asked_claims import GATHERING
from service.web.sessions import Sessions

FORM = {"Origin": "http://localhost"}
DUCKS = "Enten dürfen <b>ab Mai</b> in keinem deutschen Park mehr gefüttert werden."
GIVEN = {"claim_reviewed": "Enten dürfen nicht gefüttert werden.", "rating": "Falsch", "url": "https://desk.example/1",
         "explanation": "Niemand hat das beschlossen.", "publisher": "Bank", "language": "de"}  # fmt: skip


@pytest.fixture
def asked(house: Any) -> Any:
    for owner in ("ann", "bob", "eve"):
        house.application.checks.submit(CheckRequest(text=DUCKS), owner, None)
    house.work()
    house.application.schedules.plan(GATHERING, GATHERING, 60)
    house.application.schedules.hurry(GATHERING)
    house.work()
    return house


def the_id(house: Any) -> str:
    (found,) = house.application.asked.select().claims
    return str(found.id)


def post(house: Any, path: str, **data: str):
    return house.writer.post(f"{path}?lang=en", data=data, headers=FORM, follow_redirects=True)


def test_claims_are_shown_as_text_with_counts(asked: Any) -> None:
    shown = asked.writer.get("/asked?lang=de").text
    for said in ("Gefragt, aber nicht geprüft", "&lt;b&gt;ab Mai", "in 3 Prüfungen · von 3 Schlüsseln", "zuletzt am",
                 "Sie haben keine Entwürfe.", "wenn mindestens 3 Prüfungen sie enthielten"):  # fmt: skip
        assert said in shown
    assert "<b>ab Mai" not in shown
    for secret in ("ann", "bob", "eve"):
        assert f">{secret}<" not in shown


def test_where_nothing_was_asked_often_enough_it_says_so(house: Any) -> None:
    assert "No claim has come often enough yet." in house.writer.get("/asked?lang=en").text
    assert "No claim is hidden." in house.writer.get("/asked?lang=en&state=dismissed").text


def test_a_claim_is_hidden_and_shown_again(asked: Any) -> None:
    where = f"/asked/{the_id(asked)}"
    assert "No claim has come often enough yet." in post(asked, where, act="dismissed").text
    assert "&lt;b&gt;ab Mai" in asked.writer.get("/asked?lang=en&state=dismissed").text
    assert "in 3 checks" in post(asked, where, act="open").text
    assert post(asked, where, act="other").status_code == 400
    assert post(asked, "/asked/none", act="dismissed").status_code == 200, "a statement matches meanwhile"


def test_one_click_makes_a_draft_and_a_form_makes_a_statement_of_it(asked: Any) -> None:
    form = post(asked, f"/asked/{the_id(asked)}", act="draft").text
    assert "&lt;b&gt;ab Mai" in form
    assert 'name="language" type="text" maxlength="35" autocomplete="off" dir="auto" value="de"' in form
    (draft,) = asked.application.drafts.list("")
    assert f'href="/drafts/{draft.id}?lang=en"' in asked.writer.get("/asked?lang=en").text
    refused = asked.writer.post(f"/drafts/{draft.id}/publish?lang=en", data={**GIVEN, "url": "x y"}, headers=FORM)
    assert refused.status_code == 400
    assert '<a href="#url">' in refused.text
    assert "Niemand hat das beschlossen." in refused.text, "what was typed is not lost"
    assert "The statement was added." in post(asked, f"/drafts/{draft.id}/publish", **GIVEN).text
    assert "You have no drafts." in asked.writer.get("/asked?lang=en").text
    (made,) = asked.application.statements.select(query="Enten").statements
    assert (made.claim_reviewed, made.rating.alternate_name, made.rating.normalized.value, made.publisher.name) == (
        GIVEN["claim_reviewed"], "Falsch", "false", "Bank",
    )  # fmt: skip


def test_of_a_claim_that_is_gone_no_draft_is_begun_and_that_is_said(asked: Any) -> None:
    gone = post(asked, "/asked/none", act="draft")
    assert gone.status_code == 404
    assert "This claim is no longer in the list" in gone.text
    assert "The check failed" not in gone.text


def test_a_draft_is_thrown_away(asked: Any) -> None:
    post(asked, f"/asked/{the_id(asked)}", act="draft")
    (draft,) = asked.application.drafts.list("")
    for _ in range(2):
        assert "You have no drafts." in post(asked, f"/drafts/{draft.id}/drop").text
    assert asked.writer.get(f"/drafts/{draft.id}").status_code == 404


def test_it_is_for_whoever_may_write_by_link_or_key(asked: Any) -> None:
    id = the_id(asked)
    for page in ("/", "/coverage"):
        assert 'href="/asked"' in asked.writer.get(page).text
    refused = asked.client.get("/asked")
    assert (refused.status_code, "gegencheck asked list" in refused.text) == (401, True)
    assert asked.client.get("/drafts/x").status_code == 401
    assert asked.client.post(f"/asked/{id}", data={"act": "draft"}, headers=FORM).status_code == 401
    key = asked.key("write")["Authorization"].removeprefix("Bearer ")

    def send(path: str, secret: str = key, **data: str):
        return asked.client.post(f"{path}?lang=en", data={**data, "key": secret}, headers=FORM)

    assert "in 3 checks" in send("/asked").text
    assert "Rating in your words" in send(f"/asked/{id}", act="draft").text
    (draft,) = asked.application.drafts.list(asked.application.keys.list()[0].id)
    assert "Rating in your words" in send(f"/drafts/{draft.id}").text
    assert "The statement was added." in send(f"/drafts/{draft.id}/publish", **GIVEN).text
    weak = asked.key("read")["Authorization"].removeprefix("Bearer ")
    for path in ("/asked", f"/asked/{id}", "/drafts/x", "/drafts/x/publish", "/drafts/x/drop"):
        assert send(path, weak).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_it_is_worked_with_in_a_browser(asked: Any, serve, browser, violations, language, scheme, width) -> None:
    links: list[str] = []
    sessions = Sessions(links.append)
    base = serve(asked.application, sessions)
    sessions.offer()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/?token={links[-1]}")
    page.goto(f"{base}/asked?lang={language}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("button[value=draft]").click()
    page.wait_for_url("**/drafts/*")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("rating", "url"):
        page.locator(f"#{name}").fill(GIVEN[name])
    page.locator("button[value=save]").click()
    page.wait_for_url("**/history?lang=*")
    assert violations(page) == []
    assert [each.rating.alternate_name for each in asked.application.statements.select(query="Enten").statements] == [
        "Falsch"
    ]
    context.close()
