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
        links: [...list.querySelectorAll('.claim .fact-check')].map((each) => [each.textContent, each.hreflang, each.href]),
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


def other(cluster: str | None, rating: str, normalized: str, **statement: Any) -> dict[str, Any]:
    said = {**STATEMENT, "publisher": {"name": "Other", "site": "other.example"}, **statement}
    about = {"alternate_name": rating, "normalized": normalized}
    return {"statement": {**said, "rating": about}, "confidence": 0.9, "differences": [], "cluster": cluster}


def test_who_else_checked_the_same_is_shown_and_that_they_disagree(chromium: Any) -> None:
    shown = {**MATCHED["evidence"][0], "cluster": "a"}
    evidence = [
        shown,
        other("a", "Falsch", "false", url="https://other.example/2", language="de", date_published="2021-05-03"),
        other("a", "?", "unmapped", url="javascript:alert(1)"),
        other(None, "True", "true", url="https://other.example/3"),
    ]
    found = built(chromium, "en", {**MATCHED, "evidence": evidence})
    assert [link[0] for link in found["links"]] == [
        "Read the fact-check",
        "Also checked by Other (2021): “Falsch” (in German)",
    ]
    assert found["links"][1][1:] == ["de", "https://other.example/2"]
    assert found["hints"][-1] == "The fact-checks rate this statement differently."
    alike = built(chromium, "de", {**MATCHED, "evidence": [shown, other("a", "Unbelegt", "unproven", language="de")]})
    assert alike["links"][-1][0] == "Auch geprüft von Other: «Unbelegt»"
    assert "Die Faktenchecks bewerten diese Aussage unterschiedlich." not in alike["hints"]


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
