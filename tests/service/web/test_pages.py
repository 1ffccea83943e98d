"""The web page: every screen in both languages, with and without a script, judged by axe-core in real Chromium."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from service import wording
from service.models import Stage, VerdictCode

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STATES = [code.value for code in VerdictCode] + ["could_not_read", "failed", "index_not_ready", "running", "queued"]
READ = ["surrounded", "twins"]
WORDS = "Hot lemon water cures diabetes within seven days."
FORM = {"Origin": "http://localhost"}


# ---------------------------------------------------------------- as rendered


def test_the_form_stands_at_the_root_in_the_browser_s_language(house: Any) -> None:
    german = house.client.get("/", headers={"Accept-Language": "de-DE,de;q=0.9"})
    assert german.status_code == 200
    assert '<html lang="de">' in german.text
    assert "Wurde das schon geprüft?" in german.text
    assert "Has this been checked already?" in house.client.get("/").text


def test_the_language_can_be_switched_and_stays_in_the_links(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted") + "?lang=de", headers={"Accept-Language": "en"}).text
    assert "Enthält widerlegte Aussagen." in page
    assert f'href="{screens.path("refuted")}?lang=en"' in page
    assert 'href="/?lang=de"' in page
    assert "Contains statements" in house.client.get(screens.path("refuted") + "?lang=tlh").text


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_state_has_its_words_and_its_icon(house: Any, screens: Any, language: str) -> None:
    icons = set()
    for state in STATES:
        page = house.client.get(f"{screens.path(state)}?lang={language}").text
        assert wording.say(language, f"{state}.lead") in page
        assert f'class="summary state-{state}"' in page
        assert page.count("<h1") == 1
        assert "{" not in re.sub(r"<[^>]+>", "", page), "a placeholder was left"
        icons.add(page.split("<svg")[1].split("</svg>")[0])
    assert len(icons) == len(STATES) - 2, "waiting, running and loading share the clock, no other two states an icon"


def test_a_result_shows_who_rated_what_and_when(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted") + "?lang=de").text
    for words in ("Auf der Seite", "behauptet", "Geprüfte Aussage", "Faktenblatt", "Falsch", "3. Mai 2021",
                  "Unterschied: die Zahl", "auf der Seite «14», geprüft «7»", "Ähnlichkeit hoch",
                  "alter Beitrag (2019)"):  # fmt: skip
        assert words in page
    assert "<mark>14</mark>" in page
    assert "<mark>7</mark>" in page
    link = re.search(r'<a class="fact-check"[^>]*>', page)
    assert link is not None
    assert 'href="https://faktenblatt.example/zitronenwasser"' in link[0]
    assert "noopener noreferrer" in link[0]


def test_the_claim_that_the_verdict_speaks_of_stands_first_below_it(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted_below") + "?lang=de").text
    assert re.findall(r'<article class="claim state-(\w+)"', page) == ["refuted", "supported"]


def test_a_result_shows_the_whole_way(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted") + "?lang=en").text
    for words in ("Check-worthiness 90%.", "For it: a number, a date.", "The 8 most similar verified statements were compared.",
                  "Confidence 41%; a match needs 80%.", "Searched with the name instead of the pronoun"):  # fmt: skip
        assert words in page
    assert "recognised by “Nein”" in house.client.get(screens.path("supported") + "?lang=en").text


def test_of_a_page_that_broke_off_it_says_so_and_offers_to_try_again(house: Any) -> None:
    url = "https://news.example/begun"
    house.publish(url, "The mill was sold to a circus.", "So it was told at the market last week, and nobody there "
                  "could say on Monday who had bought it or what for.")  # fmt: skip
    words, again = "Only part of this page arrived before the transmission broke off.", ">Try again<"
    for broken_off in (True, False):
        house.fetcher.broken_off = {url} if broken_off else set()
        check = house.check(url=url)
        assert check["article"]["is_whole"] is not broken_off
        page = house.client.get(f"/checks/{check['id']}?lang=en").text
        assert (words in page, again in page) == (broken_off, broken_off)


def test_of_a_long_text_it_says_how_much_was_looked_at(house: Any) -> None:
    long, short = (house.check(text="\n".join(f"It rained {n} times." for n in range(count))) for count in (700, 3))
    assert (long["sentences"], long["looked_at"]) == (700, 600)
    words = "600 of 700 sentences were looked at"
    assert words in house.client.get(f"/checks/{long['id']}?lang=en").text
    assert "sentences were looked at" not in house.client.get(f"/checks/{short['id']}?lang=en").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            "Faktenchecks bewerten diese Aussage unterschiedlich: Faktenblatt mit «Falsch», Prüfstelle mit «Stimmt».",
        ),
        ("en", "Fact-checks disagree about this statement: Faktenblatt “Falsch”, Prüfstelle “Stimmt”."),
    ],
)
def test_publishers_that_disagree_are_both_shown(house: Any, screens: Any, language: str, words: str) -> None:
    page = house.client.get(f"{screens.path('disagreeing')}?lang={language}").text
    assert words in page
    assert wording.say(language, "hint.rating_revised") in page
    for url in ("https://faktenblatt.example/zitronenwasser", "https://pruefstelle.example/saft"):
        assert f'class="fact-check" href="{url}"' in page


def test_the_sentence_that_matched_stands_out_from_what_was_searched_with_it(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("surrounded") + "?lang=de").text
    shown = re.search(r'<blockquote dir="auto" lang="de">(.*?)</blockquote>', page)
    assert shown is not None
    assert shown[1].startswith('<span class="beside">Meine Nachbarin weiß es ganz genau.</span> Heißes')
    assert shown[1].endswith('</mark>. <span class="beside">Sie trinkt es jeden Morgen, seit April.</span>')
    assert "Grau: was zusammen mit diesem Satz gesucht wurde." in page
    assert 'class="beside"' not in house.client.get(screens.path("refuted")).text


def test_of_twins_one_is_shown_in_full_and_the_other_linked_with_its_language(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("twins") + "?lang=en").text
    assert page.count('class="rating-line"') == 1
    assert "Heißes Zitronenwasser" in page.split('<div class="pair">')[1]
    links = re.findall(r'<a class="fact-check" href="([^"]+)"[^>]*hreflang="(\w+)">([^<]+)</a>', page)
    assert links == [
        ("https://faktenblatt.example/zitronenwasser", "de", "Read the fact-check (in German)"),
        ("https://faktenblatt.example/en/lemon-water", "en", "Also in English: Fact Sheet"),
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Faktencheck lesen (auf Englisch)"), ("en", "Read the fact-check")]
)
def test_a_fact_check_in_another_language_than_the_reader_s_is_marked(
    house: Any, screens: Any, language: str, words: str
) -> None:
    page = house.client.get(f"{screens.path('foreign')}?lang={language}").text
    assert re.search(rf'hreflang="en">{re.escape(words)}</a>', page)
    assert '<blockquote dir="auto" lang="en">' in page


def test_a_crowd_of_claims_without_a_fact_check_is_folded_behind_the_one_that_has_one(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("crowd") + "?lang=de").text
    matched, _, folded = page.partition('<details class="unmatched">')
    assert "Eine Aussage mit Faktencheck" in matched
    assert "Bäume gepflanzt" not in matched
    assert len(re.findall(r'<blockquote dir="auto" lang="de">Der Ort Nummer \d+ hat', folded)) == 76
    assert "76 prüfbare Aussagen ohne passenden Faktencheck" in page


def test_a_few_claims_are_not_folded_where_there_is_nothing_else_to_see(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("not_enough_evidence")).text
    assert '<details class="unmatched" open>' in page


def test_a_claim_without_a_fact_check_can_be_looked_for_elsewhere_by_a_press_alone(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("not_enough_evidence") + "?lang=de").text
    links = re.findall(
        r'<a href="(https://[^"]+)" ([^>]*)>([^<]+)</a>', page.split('class="elsewhere"')[1].split("</ul>")[0]
    )
    assert [name for _, _, name in links] == [
        "Fact Check Explorer",
        "CORRECTIV",
        "dpa (über DuckDuckGo)",
        "AFP (über DuckDuckGo)",
    ]
    assert {how for _, how, _ in links} == {'rel="noopener noreferrer external nofollow" referrerpolicy="no-referrer"'}
    assert links[1][0] == "https://correctiv.org/?s=Jahr%202018%2040%20Millionen%20Tonnen%20geerntet"
    assert "Anderswo suchen nach «Jahr 2018 40 Millionen Tonnen geerntet»:" in page
    assert "Erst wenn Sie einen öffnen, gehen die Suchwörter dorthin." in page


def test_a_claim_with_a_fact_check_is_not_looked_for_elsewhere(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("supported")).text
    assert 'class="elsewhere"' not in page


def test_what_may_be_meant_is_shown_with_its_rating_and_link_unasked(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("suggested") + "?lang=de").text
    unasked = page.split('class="open-claims"')[1].split("<details>")[0]
    assert "Vorschlag: Meinten Sie das?" in unasked
    assert unasked.count('class="rating-line"') == unasked.count('class="fact-check"') == 1
    assert "Dass nichts gefunden wurde, heißt nicht, dass sie stimmt." in page
    assert "Vorschlag" not in house.client.get(screens.path("not_enough_evidence") + "?lang=de").text


@pytest.mark.parametrize(
    ("asked", "words", "others"),
    [({"text": WORDS}, "In the text", "On the page"), ({"html": f"<p>{WORDS}</p>"}, "On the page", "In the text")],
    ids=["text", "html"],
)
def test_a_text_is_called_a_text_and_a_page_without_an_address_a_page(
    house: Any, asked: dict[str, str], words: str, others: str
) -> None:
    check = house.check(**asked)["id"]
    shown = house.client.get(f"/checks/{check}?lang=en").text
    assert f">{words}" in shown
    assert f">{others}" not in shown


@pytest.mark.parametrize(("text", "marked"), [(WORDS, False), (WORDS.replace("Hot", "Warm"), True)])
def test_that_words_are_marked_is_said_where_some_are(house: Any, text: str, marked: bool) -> None:
    page = house.client.get(f"/checks/{house.check(text=text)['id']}?lang=en").text
    assert ("<mark>" in page) is marked
    assert ("The words in which the two sentences differ are marked." in page) is marked


def test_the_reply_stands_in_the_page_to_be_selected(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted") + "?lang=de").text
    reply = re.search(r"<textarea id=\"reply\"[^>]* readonly [^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert reply is not None
    assert reply[1].startswith("Dazu gibt es einen Faktencheck: Faktenblatt hat die Aussage «Heißes Zitronenwasser")
    assert reply[1].endswith("\nhttps://faktenblatt.example/zitronenwasser")
    assert 'id="reply"' not in house.client.get(screens.path("failed")).text


def test_after_three_interruptions_another_way_comes_before_trying_again(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("work_interrupted") + "?lang=de").text
    assert "deshalb hilft ein neuer Versuch selten" in page
    assert re.search(r'<button type="submit" class="quiet">Noch einmal versuchen', page)
    assert re.search(r'<a class="button" href="/\?lang=de">Etwas anderes prüfen', page)


def test_what_imports_brought_cannot_become_markup_or_a_script(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("refuted")).text
    assert "&lt;b&gt;Unfug&lt;/b&gt;" in page
    assert "javascript:" not in page


def test_pages_bring_no_inline_script_or_style_and_ask_nobody_else(house: Any, screens: Any) -> None:
    for state in STATES:
        page = house.client.get(screens.path(state)).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=\"/assets/)", page)
        assert not re.search(r'(?:src|srcset|action|data)="(?!/)', page)


def test_the_stages_passed_are_told_apart(house: Any, screens: Any) -> None:
    page = house.client.get(screens.path("running")).text
    assert re.findall(r'data-stage="(\w+)" class="(\w+)"', page) == [
        (stage.value, "done" if place < 4 else "current" if place == 4 else "waiting")
        for place, stage in enumerate(Stage)
    ]


def test_pages_are_not_kept_by_browsers(house: Any, screens: Any) -> None:
    assert house.client.get(screens.path("refuted")).headers["Cache-Control"] == "no-store"


# ---------------------------------------------------------------- the plain form


def work_when_asked(worker: Any) -> None:
    """Do the next job, beside this thread, as soon as there is one; give up after a while."""

    def work() -> None:
        for _ in range(500):
            if worker.run_once():
                return
            time.sleep(0.02)

    threading.Thread(target=work, daemon=True).start()


def test_a_form_leads_to_the_result(house: Any) -> None:
    work_when_asked(house.worker)
    sent = house.client.post("/check?lang=en", data={"input": WORDS}, headers=FORM)
    assert sent.status_code == 303
    assert re.fullmatch(r"/checks/[\w-]+\?lang=en", sent.location)
    assert "Contains statements rated false." in house.client.get(sent.location).text


def test_a_form_from_another_origin_is_refused(house: Any) -> None:
    for headers in (
        {},
        {"Origin": "https://hostile.example"},
        {"Origin": "null"},
        {**FORM, "Sec-Fetch-Site": "cross-site"},
    ):
        sent = house.client.post("/check", data={"input": WORDS}, headers=headers)
        assert sent.status_code in (403, 415), headers
    assert house.work() == 0


@pytest.mark.parametrize(
    ("pasted", "status", "words"),
    [
        ("", 400, "neither a link nor a text"),
        (" \n ", 400, "neither a link nor a text"),
        ("javascript:alert(1)", 400, "This address is not fetched"),
        ("http://10.0.0.1/", 400, "This address is not fetched"),
        ("x" * 5_000_001, 413, "too much at once"),
    ],
)
def test_what_cannot_be_checked_is_said_above_the_form(house: Any, pasted: str, status: int, words: str) -> None:
    sent = house.client.post("/check", data={"input": pasted}, headers=FORM)
    assert sent.status_code == status
    assert words in sent.text
    assert 'role="alert"' in sent.text
    if 0 < len(pasted.strip()) < 100:
        assert pasted in sent.text, "what was pasted is still there"


def test_markup_that_was_pasted_comes_back_as_text(house: Any) -> None:
    sent = house.client.post("/check", data={"input": "javascript:</textarea><script>1</script>"}, headers=FORM)
    assert "</textarea><script>" not in sent.text


def test_without_an_index_the_page_says_when_to_come_back(empty_house: Any) -> None:
    sent = empty_house.client.post("/check", data={"input": WORDS}, headers=FORM)
    assert sent.status_code == 503
    assert "The statements are still loading." in sent.text
    assert f"Try again in about {sent.headers['Retry-After']} seconds." in sent.text
    assert WORDS in sent.text


@pytest.mark.parametrize(
    ("bound", "language", "status", "lead", "reason", "advice"),
    [
        ("max_waiting", "en", 503, "Too much is going on right now.", "So many checks are waiting", "Try again in"),
        ("max_waiting", "de", 503, "Gerade ist zu viel los.", "Es warten schon so viele", "erneut versuchen."),
        ("max_waiting_per_key", "en", 429, "Too much is going on", "You asked for too much at once", "Try again in"),
        (
            "max_waiting_per_key",
            "de",
            429,
            "Gerade ist zu viel los.",
            "Von Ihnen kam zu viel auf einmal",
            "erneut versuchen.",
        ),
    ],
)
def test_one_check_too_many_is_said_above_the_form(
    open_other: Any, bound: str, language: str, status: int, lead: str, reason: str, advice: str
) -> None:
    house = open_other(**{bound: 1})
    house.add_statement()
    house.client.post("/v1/checks", json={"text": "Another text.", "wait": 0})
    for sent in (
        house.client.post(f"/check?lang={language}", data={"input": WORDS}, headers=FORM),
        house.client.post(f"/check?lang={language}", json={"input": WORDS}),
    ):
        assert sent.status_code == status
        assert int(sent.headers["Retry-After"]) >= 1
        for words in (lead, reason, advice):
            assert words in sent.get_data(as_text=True) if not sent.is_json else " ".join(sent.json.values())


def test_a_check_nobody_made_is_a_page_too(house: Any) -> None:
    missing = house.client.get("/checks/none?lang=de")
    assert missing.status_code == 404
    assert "Diese Prüfung gibt es nicht" in missing.text


def test_a_check_can_be_deleted_from_its_page(house: Any, screens: Any) -> None:
    sent = house.client.post(f"{screens.path('refuted')}/forget", data={"x": "1"}, headers=FORM)
    assert sent.status_code == 303
    assert house.client.get(screens.path("refuted")).status_code == 404


def test_with_keys_a_page_shows_a_check_only_to_its_key(house: Any) -> None:
    mine, other = house.key("check", "read"), house.key("check", "read")
    made = house.check(headers=mine, text=WORDS)
    path = f"/checks/{made['id']}"
    closed = house.client.get(path)
    assert closed.status_code == 401
    assert "A key is needed here" in closed.text
    assert "diabetes" not in closed.text
    assert house.client.get(path, headers=other).status_code == 404
    assert "Contains statements rated false." in house.client.get(path, headers=mine).text
    secret = mine["Authorization"].removeprefix("Bearer ")
    assert "Contains statements rated false." in house.client.post(path, data={"key": secret}, headers=FORM).text
    assert house.client.post(path, data={"key": "wrong"}, headers=FORM).status_code == 401


def test_with_keys_the_form_takes_one_and_never_prints_it(house: Any) -> None:
    secret = house.key("check")["Authorization"].removeprefix("Bearer ")
    assert 'name="key"' in house.client.get("/").text
    work_when_asked(house.worker)
    sent = house.client.post("/check", data={"input": WORDS, "key": secret}, headers=FORM)
    assert sent.status_code == 200
    assert "Contains statements rated false." in sent.text
    assert secret not in sent.text
    refused = house.client.post("/check", data={"input": WORDS, "key": "wrong"}, headers=FORM)
    assert refused.status_code == 401
    assert "This key is wrong" in refused.text
    reader = house.key("read")["Authorization"].removeprefix("Bearer ")
    assert house.client.post("/check", data={"input": WORDS, "key": reader}, headers=FORM).status_code == 403


def test_a_result_shown_for_a_key_in_the_form_can_be_had_in_the_other_language(house: Any) -> None:
    secret = house.key("check", "read")["Authorization"].removeprefix("Bearer ")
    work_when_asked(house.worker)
    sent = house.client.post("/check?lang=en", data={"input": WORDS, "key": secret}, headers=FORM)
    link = re.search(r'<a href="(/checks/[\w-]+\?lang=de)" lang="de"', sent.text)
    assert link is not None
    again = house.client.post(link[1], data={"key": secret}, headers=FORM)
    assert "Enthält widerlegte Aussagen." in again.text


# ---------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_no_screen_keeps_anybody_out(
    house: Any,
    screens: Any,
    measured: Any,
    serve: Callable[[Any], str],
    browser: Browser,
    violations: Callable[[Any], list[str]],
    language: str,
    scheme: Any,
    width: int,
) -> None:
    root = serve(house.application)
    context = browser.new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    foreign: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(root) else foreign.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    for path in ["/", "/docs/accuracy", *(screens.path(state) for state in (*STATES, *READ))]:
        page.goto(root + path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
        small = page.evaluate(
            "[...document.querySelectorAll('button, .button, summary, input:not([type=radio], [type=checkbox]), .choice, "
            ".option, select, textarea, nav a, .fact-check, .elsewhere a')]"
            ".filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)"
            ".map((each) => each.outerHTML)"
        )
        assert small == [], path
    assert (foreign, problems) == ([], [])
    context.close()


@pytest.mark.browser
def test_from_pasting_to_the_verdict_by_keyboard_alone(
    house: Any, serve: Callable[[Any], str], browser: Browser
) -> None:
    root = serve(house.application)
    page = browser.new_page(locale="en")
    page.goto(root)
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#running")
    assert page.get_attribute("#progress", "role") == "status"
    house.work()
    page.wait_for_selector(".state-refuted")
    assert page.evaluate("document.activeElement.textContent") == "Contains statements rated false."
    assert page.url.startswith(f"{root}/checks/")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    page.go_back()
    page.wait_for_selector("#ask")


@pytest.mark.browser
def test_the_stages_are_seen_to_pass(house: Any, screens: Any, serve: Callable[[Any], str], browser: Browser) -> None:
    page = browser.new_page(locale="de")
    page.goto(serve(house.application) + screens.path("running"))
    house.application.checks.note_stages({screens.ids["running"]: Stage.STANCE})
    page.wait_for_selector("li.current[data-stage=stance]")
    assert page.text_content("#progress") == "Haltung der Seite bestimmen"
    assert page.locator("li.done").count() == 5


@pytest.mark.browser
def test_once_a_check_runs_its_page_no_longer_says_that_it_waits(
    house: Any, screens: Any, serve: Callable[[Any], str], browser: Browser
) -> None:
    page = browser.new_page(locale="en")
    page.route(
        f"**/v1/checks/{screens.ids['queued']}",
        lambda route: route.fulfill(json={"state": "running", "stage": "claims"}),
    )
    page.goto(serve(house.application) + screens.path("queued"))
    page.wait_for_selector("h1:text-is('The check is running.')")
    assert page.locator("#running .detail").count() == 0


@pytest.mark.browser
def test_without_a_script_the_same_form_gives_the_same_result(
    house: Any, serve: Callable[[Any], str], browser: Browser
) -> None:
    root = serve(house.application)
    context = browser.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(root)
    page.fill("#input", WORDS)
    work_when_asked(house.worker)
    page.click("button")
    assert page.text_content("h1") == "Contains statements rated false."
    page.click("text=Delete this check")
    assert page.url == f"{root}/"
    context.close()


@pytest.mark.browser
def test_a_key_is_asked_for_once_a_tab(house: Any, serve: Callable[[Any], str], browser: Browser) -> None:
    headers = house.key("check", "read")
    secret = headers["Authorization"].removeprefix("Bearer ")
    made = house.check(headers=headers, text=WORDS)
    root = serve(house.application)
    page = browser.new_page(locale="en")
    page.goto(f"{root}/checks/{made['id']}")
    page.fill("#key", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#key-wrong")
    page.fill("#key", secret)
    page.keyboard.press("Enter")
    page.wait_for_selector(".state-refuted")
    page.goto(f"{root}/")
    page.fill("#input", WORDS)
    assert page.locator("#key").count() == 0
    page.click("button")
    page.wait_for_selector(".state-refuted")
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]


@pytest.mark.browser
def test_what_went_wrong_is_said_without_leaving_the_form(
    house: Any, serve: Callable[[Any], str], browser: Browser
) -> None:
    page = browser.new_page(locale="de")
    page.goto(serve(house.application))
    page.fill("#input", "http://10.0.0.1/")
    page.click("button")
    page.wait_for_selector("#fault .lead")
    assert page.text_content("#fault .lead") == "Diese Seite ließ sich nicht lesen:"
    assert page.input_value("#input") == "http://10.0.0.1/"
    assert page.locator("button").first.get_attribute("aria-disabled") is None


@pytest.mark.browser
def test_nothing_moves_for_those_who_asked_for_that(
    house: Any, screens: Any, serve: Callable[[Any], str], browser: Browser
) -> None:
    root = serve(house.application)
    for motion, name in (("no-preference", "turn"), ("reduce", "none")):
        page = browser.new_page(reduced_motion=motion)
        page.goto(root + screens.path("running"))
        assert page.evaluate("getComputedStyle(document.querySelector('li.current'), '::before').animationName") == name
        page.close()


@pytest.mark.browser
def test_the_language_is_switched_where_one_is(house: Any, serve: Callable[..., str], browser: Browser) -> None:
    headers = house.key("check", "read")
    page = browser.new_page(locale="en")
    page.goto(serve(house.application))
    page.fill("#input", WORDS)
    page.fill("#key", headers["Authorization"].removeprefix("Bearer "))
    page.click("text=Deutsch")
    page.wait_for_selector("html[lang=de]")
    assert page.input_value("#input") == WORDS
    page.fill("#key", headers["Authorization"].removeprefix("Bearer "))
    work_when_asked(house.worker)
    page.click("text=Prüfen")
    page.wait_for_selector(".state-refuted")
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    assert page.text_content("h1") == "Contains statements rated false."
    page.click("text=Deutsch")
    page.wait_for_selector("html[lang=de]")
    assert page.text_content("h1") == "Enthält widerlegte Aussagen."


@pytest.mark.browser
@pytest.mark.parametrize("held", ["the result", "the switch"])
def test_a_language_chosen_while_the_result_comes_is_kept(
    house: Any, screens: Any, serve: Callable[..., str], browser: Browser, held: str
) -> None:
    page, waiting = browser.new_page(locale="de"), []
    check = house.client.post("/v1/checks", json={"wait": 0, "text": WORDS}).json["id"]
    page.goto(f"{serve(house.application)}/checks/{check}")
    slow = re.compile(rf"/checks/{check}$" if held == "the result" else rf"/checks/{check}\?lang=en$")
    page.route(
        slow,
        lambda route: waiting.append(route) if not waiting and "/v1/" not in route.request.url else route.continue_(),
    )
    if held == "the switch":
        page.click("text=English")
    house.work()
    with page.expect_response(lambda reply: "/v1/checks/" in reply.url and reply.json()["state"] == "finished"):
        pass
    if held == "the result":
        page.click("text=English")
        page.wait_for_selector("html[lang=en] .state-refuted")
    [route] = waiting
    with page.expect_response(slow):
        route.continue_()
    page.wait_for_selector("html[lang=en] .state-refuted")
    assert page.text_content("h1") == "Contains statements rated false."
    assert page.url.endswith("?lang=en")
    page.close()


@pytest.mark.browser
def test_a_language_chosen_while_a_text_is_sent_is_that_of_its_result(
    house: Any, serve: Callable[..., str], browser: Browser
) -> None:
    page, waiting = browser.new_page(locale="de"), []
    page.goto(serve(house.application))
    page.route("**/check", lambda route: waiting.append(route))
    page.fill("#input", WORDS)
    page.click("text=Prüfen")
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    work_when_asked(house.worker)
    waiting[0].continue_()
    page.wait_for_selector(".state-refuted")
    assert page.text_content("h1") == "Contains statements rated false."
    page.close()


@pytest.mark.browser
def test_a_result_is_copied_shared_and_printed(
    house: Any, screens: Any, serve: Callable[..., str], browser: Browser
) -> None:
    context = browser.new_context(locale="en")
    context.add_init_script(
        "globalThis.done = {};"
        "navigator.clipboard.writeText = async (text) => { done.copied = text };"
        "navigator.canShare = () => true;"
        "navigator.share = async (told) => { done.shared = told.text };"
        "globalThis.print = () => { done.printed = true };"
    )
    page = context.new_page()
    page.goto(serve(house.application) + screens.path("refuted"))
    for words in ("Copy the text", "Share …", "Print"):
        page.click(f"text={words}")
    page.wait_for_selector("#copied:not(:empty)")
    done, reply = page.evaluate("done"), page.input_value("#reply")
    assert done == {"copied": reply, "shared": reply, "printed": True}
    context.close()


@pytest.mark.browser
def test_a_browser_that_cannot_share_and_has_no_clipboard_for_pages_copies_all_the_same(
    house: Any, screens: Any, serve: Callable[..., str], browser: Browser
) -> None:
    context = browser.new_context(locale="en")
    context.add_init_script(
        "for (const name of ['share', 'canShare', 'clipboard']) Object.defineProperty(navigator, name, {value: undefined});"
        "addEventListener('copy', () => { globalThis.copied = document.activeElement.value });"
    )
    page = context.new_page()
    page.goto(serve(house.application) + screens.path("refuted"))
    assert page.locator("#pass-on-actions button:visible").all_inner_texts() == ["Copy the text", "Print"]
    page.click("text=Copy the text")
    page.wait_for_selector("#copied:not(:empty)")
    assert page.evaluate("globalThis.copied") == page.input_value("#reply")
    context.close()


@pytest.mark.browser
def test_paper_has_no_buttons_and_every_address_in_words(
    house: Any, screens: Any, serve: Callable[..., str], browser: Browser
) -> None:
    page = browser.new_page(locale="en", color_scheme="dark")
    page.goto(serve(house.application) + screens.path("crowd"))
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("button:visible, textarea:visible, .languages:visible, .feedback:visible").count() == 0
    after = page.evaluate("getComputedStyle(document.querySelector('.fact-check'), '::after').content")
    assert "faktenblatt.example/zitronenwasser" in after or "attr(href)" in after
    assert "Checked on" in page.inner_text("main")


@pytest.mark.browser
def test_without_a_script_nothing_is_offered_that_needs_one(
    house: Any, screens: Any, serve: Callable[..., str], browser: Browser
) -> None:
    context = browser.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(serve(house.application) + screens.path("crowd"))
    assert page.locator("#pass-on-actions button:visible").count() == 0
    page.click("#reply")
    page.keyboard.press("ControlOrMeta+A")
    assert page.locator("#reply:focus").count() == 1
    page.click("summary:has(#undecided)")
    assert page.locator("text=Bäume gepflanzt").first.is_visible()
    context.close()
