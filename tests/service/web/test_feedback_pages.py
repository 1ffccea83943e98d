"""Feedback on the web page, and the inbox of whoever runs the service: with and without a script, and with nobody else's hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from service.store.feedback import FeedbackKind, FeedbackStatus
from service.web.sessions import Sessions

WORDS = "Hot lemon water cures diabetes within seven days."
FORM = {"Origin": "http://localhost"}


def listed(house: Any) -> list[Any]:
    return list(house.application.feedback.select(None).feedback)


def secret_of(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def said(house: Any) -> str:
    """The id of a remark on the one claim of a check."""
    check = house.check(text=WORDS)
    body = {"kind": "wrong_match", "claim": 0, "comment": "<b>Another</b> lemon."}
    return str(house.client.post(f"/v1/checks/{check['id']}/feedback", json=body).json["id"])


# ---------------------------------------------------------------- the form under a result


@pytest.mark.parametrize(("language", "thanks"), [("de", "Danke. Wer den Dienst"), ("en", "Thank you. Whoever runs")])
def test_a_form_says_what_is_wrong_and_is_thanked_for_it(house: Any, language: str, thanks: str) -> None:
    check = house.check(text=WORDS)
    form = {"kind": "wrong_stance", "claim": "0", "comment": " It is a joke.\r\n"}
    sent = house.client.post(f"/checks/{check['id']}/feedback?lang={language}", data=form, headers=FORM)
    assert sent.status_code == 303
    assert thanks in house.client.get(sent.location).text
    (kept,) = listed(house)
    assert (kept.check_id, kept.kind, kept.claim) == (check["id"], FeedbackKind.WRONG_STANCE, 0)
    assert kept.comment == "It is a joke."


def test_what_was_left_empty_is_left_out(house: Any) -> None:
    check = house.check(text=WORDS)
    form = {"kind": "other", "claim": "", "comment": " "}
    assert house.client.post(f"/checks/{check['id']}/feedback", data=form, headers=FORM).status_code == 303
    (kept,) = listed(house)
    assert (kept.claim, kept.comment) == (None, None)


@pytest.mark.parametrize(
    "form",
    [{}, {"kind": "praise"}, {"kind": "other", "claim": "7"}, {"kind": "other", "claim": "-1"},
     {"kind": "other", "claim": "9" * 5000}, {"kind": "other", "claim": "\u0664"}, {"kind": "other", "comment": "x" * 5001}],
)  # fmt: skip
def test_a_form_that_says_nothing_sensible_is_refused(house: Any, form: dict[str, str]) -> None:
    check = house.check(text=WORDS)
    sent = house.client.post(f"/checks/{check['id']}/feedback", data={"x": "1", **form}, headers=FORM)
    assert sent.status_code == 400
    assert 'role="alert"' in sent.text
    assert listed(house) == []


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://hostile.example"}, {"Origin": "null"},
                                     {**FORM, "Sec-Fetch-Site": "cross-site"}])  # fmt: skip
def test_no_other_page_says_anything(house: Any, headers: dict[str, str]) -> None:
    check = house.check(text=WORDS)
    sent = house.client.post(f"/checks/{check['id']}/feedback", data={"kind": "other"}, headers=headers)
    assert sent.status_code in (403, 415)
    assert listed(house) == []


def test_with_keys_the_form_takes_one(house: Any) -> None:
    mine, other = house.key("check", "read"), house.key("check", "read")
    path = f"/checks/{house.check(headers=mine, text=WORDS)['id']}/feedback"
    assert house.client.post(path, data={"kind": "other"}, headers=FORM).status_code == 401
    assert house.client.post(path, data={"kind": "other", "key": secret_of(other)}, headers=FORM).status_code == 404
    sent = house.client.post(path, data={"kind": "other", "key": secret_of(mine)}, headers=FORM)
    assert sent.status_code == 200
    assert "Thank you." in sent.text
    assert secret_of(mine) not in sent.text
    assert len(listed(house)) == 1


def test_only_claims_with_a_fact_check_can_be_chosen(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("crowd")).text
    assert re.search(r'<input type="hidden" name="claim" value="76">', page)
    assert "data-feedback" not in house.client.get(screens.path("failed")).text


# ---------------------------------------------------------------- the inbox


def test_the_inbox_is_open_to_the_browser_with_the_link(house: Any, said: str) -> None:
    page = house.writer.get("/inbox?lang=en").text
    for words in ("The two sentences do not mean the same thing.", "&lt;b&gt;Another&lt;/b&gt; lemon.", WORDS, said):
        assert words in page
    assert 'href="/inbox?lang=en"' in house.writer.get("/?lang=en").text


@pytest.mark.parametrize(("language", "words"), [("de", "den «gegencheck serve»"), ("en", "“gegencheck serve” shows")])
def test_nobody_else_reads_it(house: Any, said: str, language: str, words: str) -> None:
    closed = house.client.get(f"/inbox?lang={language}")
    assert closed.status_code == 401
    assert words in closed.text
    assert "gegencheck feedback list" in closed.text
    assert "lemon" not in closed.text
    assert 'href="/inbox' not in house.client.get("/").text


@pytest.mark.parametrize("status", ["accepted", "rejected"])
def test_a_decision_takes_it_out_of_the_open_ones_and_can_be_taken_back(house: Any, said: str, status: str) -> None:
    sent = house.writer.post(f"/inbox/{said}?lang=en", data={"status": status, "note": "Seen."})
    assert (sent.status_code, sent.location) == (303, "/inbox?lang=en")
    assert "There is no open feedback." in house.writer.get(sent.location).text
    page = house.writer.get(f"/inbox?lang=en&status={status}").text
    assert "Seen." in page
    (kept,) = listed(house)
    assert (kept.status, kept.note) == (FeedbackStatus(status), "Seen.")
    house.writer.post(f"/inbox/{said}", data={"status": "open"})
    assert listed(house)[0].status is FeedbackStatus.OPEN


@pytest.mark.parametrize("headers", [{"Origin": "https://hostile.example"}, {"Origin": "null"}, {"Origin": ""},
                                     {**FORM, "Sec-Fetch-Site": "same-site"}])  # fmt: skip
def test_no_other_page_decides_with_the_browser_s_session(house: Any, said: str, headers: dict[str, str]) -> None:
    sent = house.writer.post(f"/inbox/{said}", data={"status": "accepted"}, headers=headers)
    assert sent.status_code in (401, 403, 415)
    assert listed(house)[0].status is FeedbackStatus.OPEN


def test_without_link_or_key_nothing_is_decided(house: Any, said: str) -> None:
    assert house.client.post(f"/inbox/{said}", data={"status": "accepted"}, headers=FORM).status_code == 401
    assert house.writer.post(f"/inbox/{said}", data={"status": "maybe"}).status_code == 400
    assert house.writer.post("/inbox/none", data={"status": "accepted"}).status_code == 404
    assert listed(house)[0].status is FeedbackStatus.OPEN


def test_with_keys_it_takes_an_admin_s_for_it_shows_what_others_checked_and_said(house: Any) -> None:
    mine = house.key("check", "read")
    check = house.check(headers=mine, text=WORDS)
    body = {"kind": "other", "comment": "Look here."}
    id = house.client.post(f"/v1/checks/{check['id']}/feedback", json=body, headers=mine).json["id"]
    writer, admin = house.key("write"), house.key("admin")
    for headers, sees in ((mine, False), (writer, False), (admin, True)):
        assert house.client.get("/inbox", headers=headers).status_code == (200 if sees else 403)
        page = house.client.post("/inbox?lang=en", data={"key": secret_of(headers)}, headers=FORM)
        assert page.status_code == (200 if sees else 403)
        assert ("Look here." in page.text, WORDS in page.text) == (sees, sees)
        assert ("a key with the scope “admin”" in page.text) is not sees
        assert secret_of(headers) not in page.text
    form = {"status": "accepted", "key": secret_of(writer)}
    assert house.client.post(f"/inbox/{id}", data=form, headers=FORM).status_code == 403
    form["key"] = secret_of(admin)
    assert house.client.post(f"/inbox/{id}", data=form, headers=FORM).status_code == 200
    assert listed(house)[0].status is FeedbackStatus.ACCEPTED


def test_many_are_paged_newest_first(house: Any) -> None:
    check = house.check(text=WORDS)
    for number in range(21):
        house.application.feedback.add(check["id"], "", FeedbackKind.OTHER, None, f"remark {number:02}")
    first = house.writer.get("/inbox?lang=en").text
    older = re.search(r'href="(/inbox[^"]*cursor=[^"]*)"', first)
    assert older is not None
    second = house.writer.get(older[1].replace("&amp;", "&")).text
    assert re.findall(r"remark \d\d", first + second) == [f"remark {number:02}" for number in reversed(range(21))]
    assert "cursor=" not in second
    assert house.writer.get("/inbox?cursor=x").status_code == 400


# ---------------------------------------------------------------- in a browser


@pytest.mark.browser
def test_saying_and_deciding_without_leaving_the_page(
    house: Any, screens: Any, serve: Callable[..., str], browser: Any, violations: Any
) -> None:
    links: list[str] = []
    sessions = Sessions(links.append)
    root = serve(house.application, sessions)
    context = browser.new_context(locale="en", viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(root + screens.path("refuted"))
    page.click("summary:has-text('Is something wrong here?')")
    page.check("[value=missing_claim]")
    page.fill("#feedback-comment", "The second one.")
    page.click("text=Send to the service")
    page.wait_for_selector("#thanks")
    sessions.offer()
    page.goto(f"{root}/?token={links[-1]}")
    page.click("text=Read feedback")
    page.wait_for_selector(".remark")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.fill("#note-1", "True.")
    page.click("button:text-is('Accept')")
    page.wait_for_selector("text=There is no open feedback.")
    (kept,) = listed(house)
    assert (kept.kind, kept.comment, kept.status, kept.note) == (
        FeedbackKind.MISSING_CLAIM, "The second one.", FeedbackStatus.ACCEPTED, "True.",
    )  # fmt: skip
    context.close()


@pytest.mark.browser
def test_with_a_key_in_the_tab(house: Any, serve: Callable[..., str], browser: Any) -> None:
    admin = house.key("admin")
    check = house.check(headers=admin, text=WORDS)
    house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "other"}, headers=admin)
    page = browser.new_page(locale="en")
    page.goto(f"{serve(house.application)}/inbox")
    page.fill("#key", secret_of(admin))
    page.keyboard.press("Enter")
    page.click("button:text-is('Reject')")
    page.wait_for_selector("text=There is no open feedback.")
    page.click("a:text-is('rejected')")
    page.click("text=Open again")
    page.wait_for_selector("text=No feedback has been rejected yet.")
