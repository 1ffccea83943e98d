"""The page about replay: a form, what would change in sum and one by one, for whoever may write."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.sessions import Sessions

LEMONS = "Hot lemon water cures diabetes within seven days."
TUNNEL = "The old tunnel under the river was sealed in spring."
FORM = {"Origin": "http://localhost"}


def test_the_form_alone_replays_nothing(house: Any) -> None:
    shown = house.writer.get("/replay?lang=en").text
    assert "What would change" in shown
    assert 'id="sum"' not in shown


def test_flips_are_shown_in_sum_and_one_by_one(house: Any) -> None:
    house.writer.post("/v1/policies", json={"name": "desk", "rules": [{"action": "flag"}], "otherwise": "allow"})
    check = house.check(text=LEMONS, policy="desk")
    shown = house.writer.get("/replay?lang=de&policy=&min_confidence=1,0&index=recorded&from=2020-01-01").text
    for words in ("1 Prüfung ginge anders aus", "enthält widerlegte Aussagen (melden) → kein passender Faktencheck (zulassen)",
                  "Der Treffer liegt auf der anderen Seite der Schwelle.", f'href="/checks/{check["id"]}?lang=de"',
                  '<option>desk.1</option>'):  # fmt: skip
        assert words in shown
    assert "0 checks would have a different result" in house.writer.get("/replay?lang=en&policy=desk.1").text


def test_the_index_of_today_is_searched_and_older_checks_follow(house: Any) -> None:
    for number in range(11):
        house.check(text=f"{TUNNEL} {number}")
    house.add_statement(claim_reviewed=TUNNEL, url="https://checks.example/tunnel")
    shown = house.writer.get("/replay?lang=en&index=newest").text
    assert "10 checks would have a different result" in shown
    assert "This statement was not found then." in shown
    cursor = shown.split('name="cursor" value="')[1].split('"')[0]
    older = house.writer.get(f"/replay?lang=en&index=newest&cursor={cursor}").text
    assert "1 check would have a different result" in older
    assert 'name="cursor"' not in older


def test_a_number_that_is_none_is_refused(house: Any) -> None:
    assert house.writer.get("/replay?min_confidence=much").status_code == 400
    assert house.writer.get("/replay?from=yesterday").status_code == 400


def test_it_is_for_whoever_may_write_by_link_or_key(house: Any) -> None:
    assert 'href="/replay"' in house.writer.get("/").text
    refused = house.client.get("/replay")
    assert (refused.status_code, "gegencheck replay" in refused.text) == (401, True)
    headers = house.key("write", "check")
    key = headers["Authorization"].removeprefix("Bearer ")
    house.check(text=LEMONS, headers=headers)
    asked = {"key": key, "min_confidence": "1"}
    shown = house.client.post("/replay?lang=en", data=asked, headers=FORM).text
    assert "1 check would have a different result" in shown
    assert 'method="post"' in shown
    assert key not in shown
    weak = house.key("read")["Authorization"].removeprefix("Bearer ")
    assert house.client.post("/replay", data={"key": weak}, headers=FORM).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme", "width"), [("de", "light", 1200), ("en", "dark", 360)])
def test_it_keeps_nobody_out_in_a_browser(house: Any, serve, browser, violations, language, scheme, width) -> None:
    house.check(text=LEMONS)
    links: list[str] = []
    sessions = Sessions(links.append)
    base = serve(house.application, sessions)
    sessions.offer()
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/?token={links[-1]}")
    page.goto(f"{base}/replay?lang={language}")
    page.fill("#min_confidence", "1,0" if language == "de" else "1.0")
    page.click("#replay button")
    assert page.locator("article.remark").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
