"""Which evidence decides is settled once, and whoever shows one shows that one: API, page, terminal and reply."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Publisher, Rating, Statement
from service.models import Article, CheckRequest, CheckResult, Considered, Mode, Offer, ScoredSentence, Sentence
from service.pipeline.checked import show_claims
from service.pipeline.stance import find_for
from service.pipeline.verdict import rejudge
from service.store.jobs import JobKind
from service.terminal import print_check
from service.thresholds import DEFAULTS, SHORT
from service.wording import reply_text

TEXT = "Hot lemon water cures diabetes within seven days, says a widely shared post."
DECIDES = Statement(
    "Lemon water cures diabetes.", "https://checks.example/1", Rating("Nonsense", normalized=NormalizedRating.FALSE),
    Publisher("Deciding Checks"), language="en", id="a", key=1,
)  # fmt: skip
SURER = replace(
    DECIDES, claim_reviewed="Lemon water was drunk.", url="https://checks.example/2", publisher=Publisher("Surer Checks"),
    rating=Rating("Quite so", normalized=NormalizedRating.TRUE), id="b", key=2,
)  # fmt: skip


@pytest.fixture
def check_id(house) -> str:
    """A finished check with a statement that decides, and a surer one that the claim neither supports nor refutes."""
    check = house.application.checks.submit(CheckRequest(text=TEXT), "", None)
    job = house.application.jobs.claim("w", (JobKind.CHECK,))
    house.application.checks.begin(job)
    claim = ScoredSentence(Sentence(TEXT, 0, len(TEXT)), 0.9, True, Mode.ASSERTED)
    matches = (
        Match(SURER, 0.95, 0.99, True, PairJudgement(0.99, 0.1, 0.1, 0.8)),
        Match(DECIDES, 0.9, 0.8, True, PairJudgement(0.8, 0.8, 0.1, 0.1)),
    )
    considered = [Considered(claim, [Offer(match) for match in matches])]
    findings = [find_for(each, lambda _: None, None, SHORT) for each in considered]
    decision = rejudge(findings, DEFAULTS)
    shown = show_claims(decision, considered, findings, DEFAULTS)
    result = CheckResult(Article(TEXT, language="en"), tuple(shown), 1, decision.verdict, findings=tuple(findings))
    assert house.application.checks.finish(job, result, check.created_at)
    return check.id


def in_order(text: str) -> None:
    """What decides is named, and before the other where that is named at all."""
    assert "Deciding Checks" in text
    assert "Surer Checks" not in text[: text.index("Deciding Checks")]


def test_the_api_names_it_in_both_headlines_and_first(house, check_id: str) -> None:
    shown = house.client.get(f"/v1/checks/{check_id}", headers={"Accept-Language": "en"}).json
    assert shown["verdict"]["code"] == "refuted"
    (claim,) = shown["claims"]
    for headline in (shown["verdict"]["headline"], claim["verdict"]["headline"], shown["summary"]["detail"]):
        assert "Deciding Checks" in headline
        assert "Surer Checks" not in headline
    assert [each["statement"]["publisher"]["name"] for each in claim["evidence"]] == ["Deciding Checks", "Surer Checks"]


def test_the_page_shows_it_beside_the_claim(house, check_id: str) -> None:
    page = house.client.get(f"/checks/{check_id}?lang=en").text
    in_order(re.sub(r"<[^>]+>", " ", page))
    (pair,) = re.findall(r'<div class="pair">.*?</article>', page, re.S)
    assert pair.index("Nonsense") < pair.index("Quite so")


def test_the_terminal_prints_it_first(house, check_id: str, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    print_check(house.application.checks.get(check_id, None), as_json=False, explain=False)
    out = capsys.readouterr().out
    in_order(out)
    assert out.index("https://checks.example/1") < out.index("https://checks.example/2")


def test_a_reply_cites_it(house, check_id: str) -> None:
    reply = reply_text(house.application.checks.get(check_id, None), "en")
    assert "Nonsense" in reply
    assert reply.endswith("https://checks.example/1")
    assert "Quite so" not in reply
