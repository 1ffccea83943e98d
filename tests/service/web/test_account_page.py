"""/account and /accounts: what people see and change of themselves, and admins see of all."""

from __future__ import annotations

from typing import Any

import pytest
from people import PASSWORD, browser_of, kept_password, sign_in, with_session

from service.store.accounts import Person, Role

NEW = "orchid gravel trombone sail"
SESSION = "gegencheck-session-80"


def change(person, **sent: str):
    given = {"current": PASSWORD, "new": NEW, "again": NEW, "csrf": person.csrf, **sent}
    return person.client.post("/account/password", data=given)


@pytest.mark.parametrize(("lang", "words"), [("de", "Ihr Konto"), ("en", "Your account")])
def test_people_see_who_they_are_and_where_they_are_signed_in(house, lang: str, words: str) -> None:
    ann = sign_in(house, "editor")
    with_session(house, ann.account)
    shown = ann.client.get(f"/account?lang={lang}").text
    assert words in shown
    assert shown.count('<article class="remark"') == 2
    assert shown.count('name="end" value="') == 2, "the other one, and all others"
    assert ann.secret not in shown
    assert "argon2" not in shown


def test_changing_the_password_ends_every_session_and_opens_a_new_one_here(house) -> None:
    """A cookie that somebody copied before opens nothing afterwards."""
    ann = sign_in(house)
    elsewhere = with_session(house, ann.account)
    reply = change(ann)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/account?done=password")
    assert "Your password is changed" in ann.client.get("/account?done=password").text
    assert elsewhere.client.get("/account").status_code == 401
    assert ann.client.get_cookie(SESSION).value != ann.secret
    stolen = browser_of(house)
    stolen.set_cookie(SESSION, ann.secret)
    assert stolen.get("/account").status_code == 401
    for password, status in ((PASSWORD, 403), (NEW, 303)):
        assert browser_of(house).post("/sign-in", data={"name": "ann", "password": password}).status_code == status
    begun, ended = reversed(house.application.audit.select().entries)
    assert (begun.actor, begun.action, begun.subject) == (ann.account.id, "POST /account/password", ann.account.id)
    assert ended.outcome == "303"


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"current": "wrong"}, 403, "The current password is wrong."),
        ({"again": "orchid gravel trombone snail"}, 400, "are not the same"),
        ({"new": "short", "again": "short"}, 400, "too short or too easy"),
        ({"new": "passwordpassword", "again": "passwordpassword"}, 400, "too short or too easy"),
    ],
)
def test_what_is_wrong_with_a_change_is_said_and_nothing_changes(house, sent, status: int, words: str) -> None:
    ann = sign_in(house)
    reply = change(ann, **sent)
    assert reply.status_code == status
    assert words in reply.text
    assert ann.client.get_cookie(SESSION).value == ann.secret
    assert ann.client.get("/account").status_code == 200
    assert NEW not in reply.text


def test_one_session_or_all_others_are_ended_and_never_somebody_elses(house) -> None:
    ann, bob = sign_in(house), sign_in(house, name="bob")
    second, third = with_session(house, ann.account), with_session(house, ann.account)
    held = house.application.account_sessions
    bobs = held.find(bob.secret)[0].id
    for which in (bobs, "x", ""):
        assert ann.client.post("/account/sessions", data={"csrf": ann.csrf, "end": which}).status_code == 303
    assert held.find(bob.secret) is not None
    ann.client.post("/account/sessions", data={"csrf": ann.csrf, "end": held.find(second.secret)[0].id})
    assert [held.find(each.secret) is not None for each in (ann, second, third)] == [True, False, True]
    ann.client.post("/account/sessions", data={"csrf": ann.csrf, "end": "others"})
    assert [held.find(each.secret) is not None for each in (ann, third, bob)] == [True, False, True]


def test_keys_have_no_account_page(house) -> None:
    sign_in(house)
    key = house.key("admin")
    assert house.client.get("/account", headers=key).status_code == 401
    for path in ("/account/password", "/account/sessions"):
        assert house.client.post(path, data={"new": NEW}, headers=key).status_code == 401


def test_admins_see_all_accounts_and_nobody_else_does(house) -> None:
    ann, eve = sign_in(house, "editor"), sign_in(house, "admin", "eve")
    house.application.accounts.join(Person("https://id.example", "1", "bea", "Bea Beispiel", Role.READER))
    house.application.accounts.disable("bea")
    shown = eve.client.get("/accounts").text
    for part in ("Ann", "Eve", "Bea Beispiel", "https://id.example", "Disabled since", ann.account.id):
        assert part in shown
    assert "argon2" not in shown
    refused = ann.client.get("/accounts")
    assert refused.status_code == 403
    assert "Bea" not in refused.text
    assert "your role “Editor” does not cover this" in refused.text
    assert browser_of(house).get("/accounts").status_code == 401


def test_names_stand_on_pages_as_text(house) -> None:
    house.application.accounts.join(Person("https://id.example", "1", "x", "<script>alert(1)</script>"))
    shown = sign_in(house, "admin", "eve").client.get("/accounts").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


WORDS = {"de": ("Anmelden", "Name oder Passwort ist falsch.", "Ihr Konto", "Abmelden"),
         "en": ("Sign in", "Name or password is wrong.", "Your account", "Sign out")}  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_a_person_signs_in_checks_changes_their_password_and_signs_out_in_a_browser(
    house: Any, serve, browser, violations, language: str, scheme: str, width: int
) -> None:
    house.application.accounts.create("eve", Role.ADMIN, kept_password(), "Eve Beispiel")
    address = serve(house.application)
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800}, locale=language)
    heading, wrong, own, out = WORDS[language]
    page.goto(f"{address}/sources")
    page.get_by_role("main").get_by_role("link", name=heading).click()
    page.locator("#name").fill("eve")
    page.locator("#password").fill("wrong password")
    page.keyboard.press("Enter")
    assert page.get_by_role("alert").inner_text() == wrong
    assert violations(page) == []
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/sources")
    assert violations(page) == []
    page.goto(address)
    page.locator("#input").fill(
        "Hot lemon water cures diabetes within seven days."
    )  # the script sends it, with the token
    page.locator("#ask button").first.click()
    page.wait_for_url(f"{address}/checks/*")
    house.work()
    page.locator(".summary.state-refuted").wait_for()
    page.get_by_role("link", name="Eve Beispiel").click()
    assert page.get_by_role("heading", level=1).inner_text() == own
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for field, value in (("current", PASSWORD), ("new", NEW), ("again", NEW)):
        page.locator(f"#{field}").fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/account?done=password")
    assert violations(page) == []
    page.goto(f"{address}/accounts")
    assert violations(page) == []
    assert page.evaluate("document.cookie") == "", "no script reads them"
    page.get_by_role("button", name=out).click()
    page.get_by_role("status").wait_for()
    assert violations(page) == []
    assert page.goto(f"{address}/account").status == 401
    page.close()
