"""Several marks in one page: the way from one to the next, sentences that stand twice, and whole articles, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

LEMONS = "Hot lemon water has cured diabetes within 7 days."
WELLS = "The well in the market square of Oberlingen was poisoned by the railway in 2019."
BRIDGE = "The mayor of Oberlingen has sold the stone bridge to a bank for 12 euros."
ARTICLES = sorted((Path(__file__).parents[2] / "golden" / "articles").glob("*.html"))[::4]
MARKED = """() => [...CSS.highlights.values()].flatMap((highlight) => [...highlight])
    .map((range) => range.startContainer.parentElement.closest('[id]')?.id).sort()"""
IN_VIEW = "(id) => { const {top, bottom} = document.getElementById(id).getBoundingClientRect(); return top >= 0 && bottom <= innerHeight }"


@pytest.fixture(scope="session")
def informed(service: Any) -> Any:
    """The service, with what the pages here say rated false."""
    for claim in (WELLS, BRIDGE):
        service.write("/v1/statements", {
            "claim_reviewed": claim, "url": f"https://checks.example/{len(claim)}", "language": "en",
            "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "False"},
        })  # fmt: skip
    return service


def page_of(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News of Oberlingen</title></head>'
        f"<body><main><article><h1>News of Oberlingen</h1>{body}</article></main></body></html>"
    )


def check(chromium: Any, site: Any, service: Any, path: str, html: str) -> tuple[Any, Any]:
    """The page, and its popup with the verdict and all marks set."""
    site.pages[path] = html
    chromium.set_up(address=service.address)
    page = chromium.context.new_page()
    page.goto(site.address + path)
    popup = chromium.open_popup(page)
    popup.wait_for_screen("refuted")
    popup.wait_for("document.querySelector('#marks')?.dataset.found !== undefined")
    return page, popup


# ---------------------------------------------------------------- from mark to mark


def test_the_card_leads_to_the_next_mark_and_back_round_the_page(
    chromium: Any, site: Any, informed: Any, card_of: Any
) -> None:
    space = "<p>" + "<br>" * 60 + "</p>"
    body = space.join(f"<p id={name}>{text}</p>" for name, text in (("a", LEMONS), ("b", WELLS), ("c", BRIDGE)))
    page, popup = check(chromium, site, informed, "/several", page_of(body))
    assert page.evaluate(MARKED) == ["a", "b", "c"]
    popup.click("Show on the page")
    card = card_of(page)

    def shown(name: str, text: str) -> None:
        card.wait_for(f"Verified statement: {text}")
        assert page.evaluate("document.querySelectorAll('html > div').length") == 1
        assert page.evaluate(IN_VIEW, name)
        assert page.evaluate("document.activeElement.matches('html > div')"), "the keyboard is in the card"

    shown("a", LEMONS)
    for name, text in (("b", WELLS), ("c", BRIDGE), ("a", LEMONS)):
        card.click("Next")
        shown(name, text)
    for name, text in (("c", BRIDGE), ("b", WELLS)):
        card.press("Previous", "Enter")
        shown(name, text)
    card.click("Close")
    card.wait_until_gone()


def test_a_single_mark_has_no_next(chromium: Any, site: Any, service: Any, card_of: Any) -> None:
    page, popup = check(chromium, site, service, "/single", page_of(f"<p id=a>{LEMONS}</p>"))
    popup.click("Show on the page")
    card = card_of(page)
    card.wait_for()
    assert card.buttons == ["Close"]


def test_a_mark_that_the_page_took_away_is_left_out_of_the_way(
    chromium: Any, site: Any, informed: Any, card_of: Any, wait_until: Callable[[Any, str], None]
) -> None:
    body = "".join(f"<p id={name}>{text}</p>" for name, text in (("a", LEMONS), ("b", WELLS), ("c", BRIDGE)))
    page, popup = check(chromium, site, informed, "/taken", page_of(body))
    page.evaluate("document.getElementById('b').remove()")
    wait_until(page, f"({MARKED})().join() === 'a,c'")
    popup.click("Show on the page")
    card = card_of(page)
    card.wait_for(LEMONS)
    card.click("Next")
    card.wait_for(BRIDGE)


# ---------------------------------------------------------------- sentences that stand twice


def test_of_a_teaser_and_its_article_the_article_is_marked(chromium: Any, site: Any, service: Any) -> None:
    teaser = f"<aside><a href='/other'>Most read</a><p id=teaser>{LEMONS}</p></aside>"
    article = (
        "<p>Our neighbour has squeezed lemons every morning since spring, and she tells everybody about it.</p>"
        f"<p id=article>{LEMONS}</p><p>The market on the square sells them by the kilogram, and the queue grows.</p>"
    )
    html = page_of(article).replace("<main>", f"{teaser}<main>")
    page, _ = check(chromium, site, service, "/teaser", html)
    assert page.evaluate(MARKED) == ["article"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([("Anna says:", "Bert doubts it.")], ["b"]),
        ([("Nobody asked.", "The end.")], ["c"]),
        ([("Nobody asked.", ""), ("Good morning.", "")], ["c", "a"]),
        ([("", "")] * 4, ["a", "b", "c", "a"]),
        ([("Words of another edition.", "More of them.")], ["a"]),
    ],
    ids=["the middle one", "the last one", "in another order", "without surroundings", "with other surroundings"],
)
def test_twins_are_told_apart_by_what_stands_around_them(
    chromium: Any, anchor: str, wanted: list[tuple[str, str]], found: list[str]
) -> None:
    page = chromium.context.new_page()
    page.set_content(
        f"<p>Good morning. <span id=a>{LEMONS}</span> Now the weather.</p>"
        f"<p>Anna says:</p><p><span id=b>{LEMONS}</span></p><p>Bert doubts it.</p>"
        f"<p>Nobody asked. <span id=c>{LEMONS}</span></p><p>The end.</p>"
    )
    page.evaluate(anchor)
    places = page.evaluate(
        "(wanted) => gegencheckAnchor(wanted, document.body)"
        ".map((each) => each.ranges[0].startContainer.parentElement.id)",
        [{"text": LEMONS, "before": before, "after": after} for before, after in wanted],
    )
    assert places == found


# ---------------------------------------------------------------- whole articles


def test_in_whole_articles_97_of_100_claims_are_found_again(chromium: Any, service: Any, anchor: str) -> None:
    options = chromium.open_options()
    page = chromium.context.new_page()
    missed, total = [], 0
    for article in ARTICLES:
        html = article.read_text(encoding="utf-8")
        body = {"html": html, "url": f"https://site.example/{article.stem}", "wait": 30}
        done = service.ask(f"/v1/checks/{service.ask('/v1/checks', body)['id']}?include=text")
        assert done["state"] == "finished"
        claims = options.evaluate(
            "async (done) => (await import('/check/surroundings.js')).keepSurroundings(done).claims", done
        )
        page.set_content(html, wait_until="domcontentloaded")
        page.evaluate(anchor)
        found = page.evaluate(
            "(claims) => gegencheckAnchor(claims, document.body).map((each) => each.ranges.join(' '))", claims
        )
        total += len(claims)
        missed += [
            (article.stem, claim["text"])
            for claim, text in zip(claims, found, strict=True)
            if not same_words(claim["text"], text)
        ]
    assert len(ARTICLES) >= 10
    assert total >= 40
    assert len(missed) <= 0.03 * total, missed


def same_words(claim: str, found: str) -> bool:
    """Whether what was found is the claim and not just something in the page."""
    wanted = set(claim.lower().split())
    return len(wanted & set(found.lower().split())) >= 0.6 * len(wanted)
