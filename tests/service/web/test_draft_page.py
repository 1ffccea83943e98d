"""Drafts as pages: kept while they are written, handed in, released by another person, or given back with a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from people import PASSWORD, Person, sign_in

from index.store.changes import Writer
from index.store.history import versions_of
from service.drafts import DraftState

GIVEN = {
    "claim_reviewed": "Unsere Bank <b>fragt</b> nie nach der PIN.", "rating": "Richtig", "url": "https://bank.example/pin",
    "explanation": "So steht es in unseren Regeln.", "language": "de", "owner": "Risk desk", "reason": "Many asked.",
}  # fmt: skip


@pytest.fixture
def four(house: Any) -> Any:
    object.__setattr__(house.application, "settings", replace(house.application.settings, four_eyes=True))
    return house


def send(person: Person, path: str, lang: str = "en", **data: str) -> Any:
    return person.client.post(f"{path}?lang={lang}", data={"csrf": person.csrf, **data}, follow_redirects=True)


def only_draft(house: Any, person: Person) -> Any:
    (found,) = house.application.drafts.list(person.account.id)
    return found


def tag_in(html: str) -> str:
    found = re.search(r'name="tag" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_what_is_half_written_is_kept_and_completed_later(house: Any) -> None:
    ann = sign_in(house, "editor", "ann")
    kept = send(ann, "/editor/new", **{**GIVEN, "url": "", "rating": "", "act": "draft"})
    assert "Only you see this draft." in kept.text
    assert "So steht es in unseren Regeln." in kept.text
    draft = only_draft(house, ann)
    assert "Complete" in ann.client.get("/editor?lang=en&show=drafts").text
    again = send(ann, f"/drafts/{draft.id}/publish", **{**GIVEN, "url": "", "explanation": "Neu.", "act": "draft"})
    assert "Neu." in again.text
    refused = send(ann, f"/drafts/{draft.id}/publish", **{**GIVEN, "url": "", "act": "save"})
    assert (refused.status_code, '<a href="#url">' in refused.text) == (400, True)
    assert "Nothing is saved yet." in send(ann, f"/drafts/{draft.id}/publish", **{**GIVEN, "act": "preview"}).text
    assert "The statement was added." in send(ann, f"/drafts/{draft.id}/publish", **{**GIVEN, "act": "save"}).text
    assert house.application.drafts.list(ann.account.id) == []


def test_a_draft_of_a_change_overwrites_nothing_unseen(house: Any) -> None:
    ann, store = sign_in(house, "editor", "ann"), house.application.statements
    (first,) = store.select().statements
    form = ann.client.get(f"/editor/{first.id}").text
    version = re.search(r'name="version" value="(\w+)"', form)
    assert version is not None
    said = {"claim_reviewed": first.claim_reviewed, "rating": "False", "url": first.url, "explanation": "Mine."}
    send(ann, f"/editor/{first.id}", **{**said, "version": version[1], "act": "draft"})
    store.revise(first.id, replace(first, explanation="Theirs."), writer=Writer("key_1"))
    draft = only_draft(house, ann)
    late = send(ann, f"/drafts/{draft.id}/publish", **{**said, "version": version[1], "act": "save"})
    assert late.status_code == 412
    assert "Somebody has changed this statement meanwhile" in late.text
    assert "Theirs." in late.text
    assert store.get(first.id).explanation == "Theirs."
    seen = re.search(r'name="version" value="(\w+)"', late.text)
    assert seen is not None
    send(ann, f"/drafts/{draft.id}/publish", **{**said, "version": seen[1], "act": "save"})
    assert store.get(first.id).explanation == "Mine."


def test_with_four_eyes_another_person_releases(four: Any) -> None:
    ann, bob = sign_in(four, "editor", "ann"), sign_in(four, "editor", "bob")
    handed_in = send(ann, "/editor/new", **{**GIVEN, "act": "save"})
    assert "You wrote this. It holds once somebody else releases it." in handed_in.text
    assert four.application.statements.count() == 1
    draft = only_draft(four, ann)
    assert "Look at it and release" in bob.client.get("/editor?lang=en&show=waiting").text
    shown = bob.client.get(f"/drafts/{draft.id}/review?lang=en").text
    for said in ("Ann wrote this.", "Many asked.", "&lt;b&gt;fragt", '<dd dir="auto">Risk desk</dd>'):
        assert said in shown
    assert send(ann, f"/drafts/{draft.id}/release", tag=draft.tag, act="release").status_code == 403
    assert send(bob, f"/drafts/{draft.id}/release", tag="x", act="release").status_code == 412
    released = send(bob, f"/drafts/{draft.id}/release", tag=tag_in(shown), act="release")
    for said in ("Released. It holds like this now.", "released by Bob", "<bdi>Ann</bdi>"):
        assert said in released.text
    assert four.application.statements.count() == 2


def test_a_change_is_shown_word_by_word_and_refused_with_a_reason(four: Any) -> None:
    ann, bob, store = sign_in(four, "editor", "ann"), sign_in(four, "editor", "bob"), four.application.statements
    (first,) = store.select().statements
    version = re.search(r'name="version" value="(\w+)"', ann.client.get(f"/editor/{first.id}").text)
    assert version is not None
    said = {
        "claim_reviewed": first.claim_reviewed + " Really.",
        "rating": "False",
        "url": first.url,
        "version": version[1],
    }
    send(ann, f"/editor/{first.id}", **said, act="save")
    draft = only_draft(four, ann)
    shown = bob.client.get(f"/drafts/{draft.id}/review?lang=en").text
    assert re.search(r"<ins>.*Really\.", shown)
    assert "Nothing waits" in send(bob, f"/drafts/{draft.id}/release", reason="Who says so?", act="refuse").text
    back = ann.client.get(f"/drafts/{draft.id}?lang=en").text
    assert "Bob did not release this." in back
    assert "Who says so?" in back
    send(ann, f"/drafts/{draft.id}/publish", **said, act="save")
    assert only_draft(four, ann).state is DraftState.WAITING
    assert "Only you see this draft" in send(ann, f"/drafts/{draft.id}/withdraw").text
    assert "You have no drafts." in send(ann, f"/drafts/{draft.id}/drop").text


def test_retiring_and_bringing_back_take_four_eyes_too(four: Any) -> None:
    ann, bob, store = sign_in(four, "editor", "ann"), sign_in(four, "editor", "bob"), four.application.statements
    (first,) = store.select().statements
    version = re.search(r'name="version" value="(\w+)"', ann.client.get(f"/editor/{first.id}").text)
    assert version is not None
    assert "Take a statement out of use" in send(ann, f"/editor/{first.id}", version=version[1], act="retire").text
    send(bob, f"/drafts/{only_draft(four, ann).id}/release", tag=only_draft(four, ann).tag, act="release")
    assert store.count() == 0
    assert "Bring a statement back" in send(bob, f"/editor/{first.id}/restore").text
    send(ann, f"/drafts/{only_draft(four, bob).id}/release", tag=only_draft(four, bob).tag, act="release")
    assert store.count() == 1


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_two_people_release_in_real_browsers(four: Any, serve, browser, violations, language, scheme, width) -> None:
    ann, bob = sign_in(four, "editor", "ann"), sign_in(four, "editor", "bob")
    base, pages = serve(four.application), []
    for person in (ann, bob):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language)
        page = context.new_page()
        page.goto(f"{base}/sign-in?lang={language}")
        page.locator("#name").fill(person.account.name)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(f"{base}/?*")
        pages.append(page)
    writer, reader = pages
    writer.goto(f"{base}/editor/new?lang={language}")
    for name in ("claim_reviewed", "rating", "url", "explanation"):
        writer.locator(f"#{name}").fill(GIVEN[name])
    writer.locator("button[value=draft]").click()
    writer.wait_for_url("**/drafts/*")
    assert violations(writer) == []
    writer.locator("button[value=save]").click()
    writer.wait_for_load_state()
    assert violations(writer) == []
    reader.goto(f"{base}/editor?lang={language}&show=waiting")
    assert violations(reader) == []
    reader.locator(".acts a").first.click()
    reader.wait_for_url("**/review?*")
    assert violations(reader) == []
    assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth")
    reader.locator("button[value=release]").click()
    reader.wait_for_url("**/history?*")
    (made,) = four.application.statements.select(query="PIN").statements
    (version,) = versions_of(four.application.statements, made.id)
    assert (version.written_by, version.released_by) == (ann.account.id, bob.account.id)
    for page in pages:
        page.context.close()
