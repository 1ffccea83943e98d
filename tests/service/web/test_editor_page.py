"""The editor: write, revise, translate, retire and bring back; of two who write at once nobody loses anything."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from people import PASSWORD, Person, sign_in

from index.store.history import versions_of

GIVEN = {
    "claim_reviewed": "Unsere Bank <b>fragt</b> nie nach der PIN.", "rating": "Richtig", "url": "https://bank.example/pin",
    "explanation": "So steht es in unseren Regeln.", "publisher": "Bank", "language": "de", "owner": "Risk desk",
    "citations": "https://bank.example/rules Our rules", "valid_until": "2099-12-31", "reason": "Many asked.",
}  # fmt: skip


@pytest.fixture
def ann(house: Any) -> Person:
    return sign_in(house, "editor", "ann")


@pytest.fixture
def bob(house: Any, ann: Person) -> Person:
    return sign_in(house, "editor", "bob")


def send(person: Person, path: str, lang: str = "en", **data: str) -> Any:
    return person.client.post(f"{path}?lang={lang}", data={"csrf": person.csrf, **data}, follow_redirects=True)


def fields_of(html: str) -> dict[str, str]:
    """What a form holds, as the browser would send it."""
    form = html[html.index('<form class="edit"') :]
    found = {}
    for field in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(text).removeprefix("\n")
    return found


def write(person: Person, **changes: str) -> str:
    """A new statement; its id."""
    made = send(person, "/editor/new", **{**GIVEN, **changes, "act": "save"})
    assert "The statement was added." in made.text
    found = re.search(r"/v1/statements/(\w+)/history", made.text)
    assert found is not None
    return found[1]


def opened(person: Person, id: str) -> dict[str, str]:
    return fields_of(person.client.get(f"/editor/{id}?lang=en").text)


def test_a_statement_is_written_revised_retired_and_brought_back(house: Any, ann: Person, bob: Person) -> None:
    id = write(ann)
    made = house.application.statements.get(id)
    assert (made.claim_reviewed, made.owner, made.rating.normalized.value) == (
        GIVEN["claim_reviewed"],
        "Risk desk",
        "true",
    )
    form = opened(bob, id)
    assert {name: form[name] for name in GIVEN if name != "reason"} == {k: v for k, v in GIVEN.items() if k != "reason"}
    revised = send(
        bob,
        f"/editor/{id}",
        **{**form, "explanation": "So steht es seit 2020 in unseren Regeln.", "reason": "Since when?", "act": "save"},
    )
    assert "The change was saved." in revised.text
    for said in ("Since when?", "<bdi>Bob</bdi>", "<bdi>Ann</bdi>", "Many asked.", "seit 2020", "Added: </span>"):
        assert said in revised.text
    assert "&lt;b&gt;fragt" in revised.text
    assert "<b>fragt" not in revised.text
    retired = send(bob, f"/editor/{id}", **{**opened(bob, id), "reason": "New rules.", "act": "retire"})
    assert "No check finds it." in retired.text
    assert house.application.statements.count() == 1
    back = send(ann, f"/editor/{id}/restore", reason="They stayed.")
    assert "The statement was brought back." in back.text
    assert [(each.written_by, each.reason) for each in versions_of(house.application.statements, id)] == [
        (ann.account.id, "They stayed."), (bob.account.id, "New rules."), (bob.account.id, "Since when?"),
        (ann.account.id, "Many asked."),
    ]  # fmt: skip


def test_a_preview_shows_what_readers_see_and_saves_nothing(house: Any, ann: Person) -> None:
    shown = send(ann, "/editor/new", **{**GIVEN, "rating": "Drei Zitronen", "act": "preview"})
    for said in ("Nothing is saved yet.", "Our rules", "This rating is not mapped", "&lt;b&gt;fragt"):
        assert said in shown.text
    assert fields_of(shown.text)["explanation"] == GIVEN["explanation"]
    assert house.application.statements.count() == 1
    id = write(ann)
    shown = send(ann, f"/editor/{id}", **{**opened(ann, id), "explanation": "Neu.", "act": "preview"})
    assert fields_of(shown.text)["explanation"] == "Neu."
    assert house.application.statements.get(id).explanation == GIVEN["explanation"]


def test_what_is_missing_is_named_and_nothing_typed_is_lost(ann: Person) -> None:
    refused = send(ann, "/editor/new", **{**GIVEN, "url": "x y", "rating": "", "act": "save"})
    assert refused.status_code == 400
    assert '<a href="#url">Address of the fact-check</a>' in refused.text
    assert '<a href="#rating">Rating</a>' in refused.text
    assert fields_of(refused.text)["explanation"] == GIVEN["explanation"]


def test_who_saves_second_sees_both_versions_and_decides(house: Any, ann: Person, bob: Person) -> None:
    id = write(ann)
    mine, theirs = opened(ann, id), opened(bob, id)
    send(bob, f"/editor/{id}", **{**theirs, "explanation": "Bob schrieb das.", "reason": "Bobs Grund.", "act": "save"})
    late = send(ann, f"/editor/{id}", **{**mine, "explanation": "Ann schrieb das.", "act": "save"})
    assert late.status_code == 412
    for said in ("Bob has changed this statement", "Bobs Grund.", "Bob schrieb das.", "Ann schrieb das.", "Saved is"):
        assert said in late.text
    assert house.application.statements.get(id).explanation == "Bob schrieb das."
    again = fields_of(late.text)
    assert again["explanation"] == "Ann schrieb das."
    assert "The change was saved." in send(ann, f"/editor/{id}", **{**again, "act": "save"}).text
    assert house.application.statements.get(id).explanation == "Ann schrieb das."
    assert [each.statement.explanation for each in versions_of(house.application.statements, id)][:2] == [
        "Ann schrieb das.", "Bob schrieb das.",
    ]  # fmt: skip


def test_nobody_retires_or_revises_past_another(house: Any, ann: Person, bob: Person) -> None:
    id = write(ann)
    mine, theirs = opened(ann, id), opened(bob, id)
    send(bob, f"/editor/{id}", **{**theirs, "explanation": "Bob schrieb das.", "act": "save"})
    assert send(ann, f"/editor/{id}", **{**mine, "act": "retire"}).status_code == 412
    send(bob, f"/editor/{id}", **{**opened(bob, id), "act": "retire"})
    gone = send(ann, f"/editor/{id}", **{**mine, "explanation": "Ann schrieb das.", "act": "save"})
    assert gone.status_code == 412
    assert "taken out of use while you were writing" in gone.text
    assert fields_of(gone.text)["explanation"] == "Ann schrieb das."
    without = {name: value for name, value in mine.items() if name != "version"}
    assert send(ann, f"/editor/{id}", **{**without, "act": "save"}).status_code == 412, "no form without its version"


def test_what_exists_already_is_pointed_at(house: Any, ann: Person) -> None:
    id = write(ann)
    twice = send(ann, "/editor/new", **{**GIVEN, "explanation": "Another one.", "act": "save"})
    assert twice.status_code == 409
    assert "exists already" in twice.text
    assert f'href="/editor/{id}/history?lang=en"' in twice.text
    send(ann, f"/editor/{id}", **{**opened(ann, id), "act": "retire"})
    assert "existed already" in send(ann, "/editor/new", **{**GIVEN, "act": "save"}).text


def test_a_translation_is_linked_with_what_it_translates(house: Any, ann: Person) -> None:
    id = write(ann)
    page = ann.client.get(f"/editor/{id}/translate?lang=en").text
    assert "&lt;b&gt;fragt" in page
    typed = {
        **fields_of(page),
        "claim_reviewed": "Our bank never asks for the PIN.",
        "language": "en",
        "rating": "True",
        "act": "save",
    }
    made = send(ann, "/editor/new", **typed)
    assert "In other languages" in made.text
    assert f'href="/editor/{id}/history?lang=en"' in made.text
    assert "Our bank never asks" in ann.client.get(f"/editor/{id}/history?lang=en").text
    assert house.application.statements.get(id).cluster is None, "the first one stays as it was"


def test_it_is_for_people_who_may_write(house: Any) -> None:
    assert 'href="/editor"' in house.writer.get("/").text
    assert house.writer.get("/editor").status_code == 200, "by the link that serve prints"
    ann = sign_in(house, "editor", "ann")
    id, form = write(ann), {**GIVEN, "act": "save"}
    eve, stranger = sign_in(house, "reader", "eve"), house.client
    key = house.key("write")
    for path in ("/editor", "/editor/new", f"/editor/{id}", f"/editor/{id}/translate", f"/editor/{id}/history"):
        refused = eve.client.get(f"{path}?lang=de")
        assert (refused.status_code, "Ihre Rolle «Lesen» reicht hier nicht" in refused.text) == (403, True)
        closed = stranger.get(f"{path}?lang=de")
        assert (closed.status_code, 'id="unlock"' in closed.text) == (401, False), "no key is asked for"
        assert ann.client.get(path).status_code == 200
    for path in ("/editor/new", f"/editor/{id}", f"/editor/{id}/restore"):
        assert send(eve, path, **form).status_code == 403
        assert ann.client.post(path, data=form).status_code == 403, "without the token of our page"
        assert (
            stranger.post(
                path, data={**form, "key": key["Authorization"][7:]}, headers={"Origin": "http://localhost"}
            ).status_code
            == 401
        )
    assert ann.client.get("/editor/none").status_code == 404
    assert ann.client.get("/editor/none/history").status_code == 404
    assert send(ann, "/editor/none", **form).status_code == 404


# ---------------------------------------------------------------- two people at once


def sign_in_there(browser: Any, base: str, name: str, **options: Any) -> Any:
    page = browser.new_context(**options).new_page()
    page.goto(f"{base}/sign-in?lang={options['locale']}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{base}/?*")
    return page


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_two_people_edit_at_once_in_real_browsers(
    house: Any, ann: Person, bob: Person, serve, browser, violations, language, scheme, width
) -> None:
    id, base = write(ann), serve(house.application)
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "locale": language}
    first, second = (sign_in_there(browser, base, name, **options) for name in ("ann", "bob"))
    for page, said in ((first, "Ann war zuerst da."), (second, "Bob kam danach.")):
        page.goto(f"{base}/editor/{id}?lang={language}")
        page.locator("#explanation").fill(said)
    checked = [(first, "button[value=preview]"), (first, "button[value=save]"), (second, "button[value=save]")]
    for page, button in checked:
        page.locator(button).click()
        page.wait_for_load_state()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert second.locator("#theirs").count() == 1, "the second one is shown both versions"
    assert second.locator("#explanation").input_value() == "Bob kam danach."
    second.locator("button[value=save]").click()
    second.wait_for_url("**/history?*")
    assert violations(second) == []
    assert [each.statement.explanation for each in versions_of(house.application.statements, id)] == [
        "Bob kam danach.", "Ann war zuerst da.", GIVEN["explanation"],
    ]  # fmt: skip
    for path in ("/editor", "/editor/new", f"/editor/{id}/translate"):
        second.goto(f"{base}{path}?lang={language}")
        assert violations(second) == []
        assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for page in (first, second):
        page.context.close()
