"""A result as the popup builds it, from checks made up for it: in real Chromium, on a page of the extension."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

BUILD = """async ([check, language]) => {
    const {loadWords} = await import('/look/words.js');
    const {claimList} = await import('/check/result.js');
    const {replyText} = await import('/check/wording.js');
    await loadWords(language);
    const list = claimList(check);
    const link = list.querySelector('.fact-check');
    return {
        quotes: [...list.querySelectorAll('blockquote')].map((each) => [each.lang, each.innerHTML]),
        link: link && [link.hreflang, link.textContent],
        hints: [...list.querySelectorAll('.hint')].map((each) => each.textContent),
        open: [...list.querySelectorAll('#open li')].map((each) => each.textContent),
        folded: [...list.querySelectorAll('#open')].every((each) => !each.open),
        elsewhere: [...list.querySelectorAll('.elsewhere a')].map((each) => [each.textContent, each.href, each.rel, each.referrerPolicy]),
        reply: replyText(check),
    };
}"""
STATEMENT = {
    "claim_reviewed": "Lemons cure diabetes.", "language": "en-GB", "url": "https://desk.example/1", "headline": None,
    "explanation": None, "date_published": None, "publisher": {"name": "Desk", "site": "desk.example"},
    "rating": {"alternate_name": "Unproven", "normalized": "unproven"},
}  # fmt: skip
MATCHED = {
    "text": "Zitronen heilen Diabetes.", "mode": "asserted", "hints": [], "neighbours": {"before": "Sie sagt:", "after": ""},
    "verdict": {"code": "fact_check_found", "headline": "Desk hat …"},
    "evidence": [{"statement": STATEMENT, "confidence": 0.95, "differences": []}],
}  # fmt: skip
OPEN = [{"text": f"Satz {n}.", "hints": [], "evidence": [], "neighbours": None} for n in range(76)]


def built(chromium: Any, language: str, *claims: Any) -> Any:
    check = {"claims": claims, "verdict": {"claim": None}, "article": {"language": "de", "date_published": None}}
    return chromium.open_options().evaluate(BUILD, [check, language])


def test_the_sentence_that_matched_stands_out_from_what_was_searched_with_it(chromium: Any) -> None:
    shown = built(chromium, "de", MATCHED)
    assert shown["quotes"] == [
        ["de", '<span class="beside">Sie sagt:</span> Zitronen heilen Diabetes.'],
        ["en-GB", "Lemons cure diabetes."],
    ]
    assert shown["hints"] == ["Grau: was zusammen mit diesem Satz gesucht wurde."]


@pytest.mark.parametrize(
    ("language", "link", "reply"),
    [
        ("de", "Faktencheck lesen (auf Englisch)", "https://desk.example/1 (auf Englisch)"),
        ("en", "Read the fact-check", "https://desk.example/1"),
    ],
)
def test_a_fact_check_in_another_language_is_marked(chromium: Any, language: str, link: str, reply: str) -> None:
    shown = built(chromium, language, MATCHED)
    assert shown["link"] == ["en-GB", link]
    assert shown["reply"].splitlines()[1] == reply


def test_a_claim_without_a_fact_check_links_to_the_searches_that_the_service_prepared(chromium: Any) -> None:
    searches = [{"name": "Desk", "url": "https://desk.example/?s=Satz"}, {"name": "Bad", "url": "javascript:alert(1)"}]
    shown = built(chromium, "en", {**OPEN[0], "elsewhere": {"words": "Satz", "searches": searches}}, OPEN[1])
    assert shown["elsewhere"] == [["Desk", "https://desk.example/?s=Satz", "noopener noreferrer", "no-referrer"]]
    assert shown["hints"] == [
        "Look elsewhere for “Satz”:",
        "The links open a prepared search on another website. The search words go there only when you open one.",
    ]


def test_claims_without_a_fact_check_are_folded(chromium: Any) -> None:
    shown = built(chromium, "en", *OPEN, MATCHED)
    assert shown["folded"]
    assert shown["open"] == [f"Satz {n}." for n in range(76)]
    assert shown["hints"][1].startswith("Nothing was found for 76 more checkable claims.")
    assert built(chromium, "en", MATCHED)["open"] == []
