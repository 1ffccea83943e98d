"""What people read: both catalogues complete, every state in words, dates and numbers as people write them."""

from __future__ import annotations

import inspect
import string
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.models import (
    Difference,
    DifferenceKind,
    Match,
    NormalizedRating,
    PairJudgement,
    Publisher,
    Rating,
    Stance,
    Statement,
)
from service import account_errors, editing_errors, errors, picture_errors, wording
from service.models import (
    Article,
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    Hint,
    JudgedMatch,
    Mode,
    Problem,
    ScoredSentence,
    Sentence,
    Shortfall,
    Stage,
    Verdict,
    VerdictCode,
)
from service.versions import Versions

FALSE = Statement(
    "Masern machen immun gegen alles.",
    "https://faktencheck.example/masern",
    Rating("Falsch", normalized=NormalizedRating.FALSE),
    Publisher("Faktenblatt", "faktencheck.example"),
    language="de",
    date_published=date(2021, 5, 3),
)
PAGE = "https://page.example/"
TRUE = replace(FALSE, rating=Rating("Richtig", normalized=NormalizedRating.TRUE))


def evidence(statement: Statement = FALSE, stance: Stance = Stance.SUPPORTS, confidence: float = 0.95) -> JudgedMatch:
    judgement = PairJudgement(confidence, 0.9, 0.05, 0.05)
    return JudgedMatch(Match(statement, 0.91, confidence, True, judgement), stance, 0.9)


def checked(code: VerdictCode, *found: JudgedMatch, mode: Mode = Mode.ASSERTED) -> CheckedClaim:
    claim = ScoredSentence(Sentence("Wer Masern hatte, ist gegen alles immun.", 0, 40), 0.9, True, mode)
    return CheckedClaim(claim, Verdict(code, 0.9), found)


def check(code: VerdictCode | None, *claims: CheckedClaim, problem: str | None = None, url: str | None = None) -> Check:
    result = CheckResult(
        article=Article("…"),
        claims=claims,
        verdict=Verdict(code, 0.9) if code else None,
        versions=Versions("ab-1", 86376, "e", "p", "t"),
        problem=Problem(problem, "detail", Stage.FETCH) if problem else None,
    )
    state = CheckState.FAILED if problem else CheckState.FINISHED if code else CheckState.RUNNING
    return Check("id", "", CheckRequest(url=url, text=None if url else "x"), state, datetime.now(UTC), result=result)


def placeholders(message: wording.Message) -> set[str]:
    texts = [message] if isinstance(message, str) else list(message.values())
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def error_codes() -> set[str]:
    classes = [
        value
        for value in (vars(errors) | vars(account_errors) | vars(editing_errors) | vars(picture_errors)).values()
        if inspect.isclass(value)
    ]
    return {value.code for value in classes if issubclass(value, errors.GegencheckError)}


def test_both_languages_have_the_same_messages() -> None:
    assert wording.catalogue("de").keys() == wording.catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(wording.catalogue("de")))
def test_a_message_has_the_same_form_and_values_in_both_languages(key: str) -> None:
    german, english = wording.catalogue("de")[key], wording.catalogue("en")[key]
    assert type(german) is type(english)
    assert placeholders(german) == placeholders(english)
    if isinstance(german, dict):
        assert set(german) == {"one", "other"}
        assert "n" in placeholders(german) or key in ("not_enough_evidence.advice", "page.result.open.note")


@pytest.mark.parametrize("code", wording.GONE)
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_gone_is_no_check_that_failed(code: str, language: str) -> None:
    told = wording.summarize_problem(code, language)
    assert (told.lead, told.detail, told.advice) == (f"{wording.say(language, f'reason.{code}')}.", "", "")


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_message_judges_a_page(language: str) -> None:
    texts = str(list(wording.catalogue(language).values())).lower()
    for word in ("fake", "lüge", "lie ", "this page is false", "diese seite ist falsch", "!"):
        assert word not in texts


@pytest.mark.parametrize("enumeration", [Mode, Stage, Stance, DifferenceKind, NormalizedRating])
def test_every_value_that_is_shown_has_words(enumeration: type) -> None:
    prefix = {DifferenceKind: "difference", NormalizedRating: "rating"}.get(enumeration, enumeration.__name__.lower())
    for value in enumeration:
        assert f"{prefix}.{value.value}" in wording.catalogue("de")


def test_a_refuted_page_names_publisher_rating_and_date() -> None:
    found = check(VerdictCode.REFUTED, checked(VerdictCode.REFUTED, evidence()), url=PAGE)
    assert wording.headline_of_check(found, "de") == (
        "Enthält widerlegte Aussagen. Faktenblatt hat eine solche Aussage am 3. Mai 2021 mit «Falsch» bewertet. "
        "Lesen Sie den Faktencheck, bevor Sie den Link teilen."
    )
    assert wording.headline_of_check(found, "en") == (
        "Contains statements rated false. Faktenblatt rated a similar statement “Falsch” on 3 May 2021. "
        "Read the fact-check before you share the link."
    )


def test_the_evidence_that_decides_is_named() -> None:
    strong, quoted = (replace(FALSE, publisher=Publisher(name)) for name in ("Zweites Blatt", "Zitat"))
    claims = (
        checked(VerdictCode.REFUTED, evidence(strong, confidence=0.97), evidence(confidence=0.8)),
        checked(VerdictCode.REFUTED, evidence(quoted, confidence=0.99), mode=Mode.QUOTED),
        checked(VerdictCode.SUPPORTED, evidence(TRUE, confidence=1.0)),
    )
    found = check(VerdictCode.REFUTED, *claims)
    assert wording.summarize_check(found, "de").detail.startswith("Zweites Blatt hat")
    result = replace(found.result, verdict=Verdict(VerdictCode.MENTIONS_REFUTED, 0.9, 1))
    assert wording.deciding_claim(result.claims, result.verdict) is claims[1]
    assert wording.deciding_claim_first(result) == [claims[1], claims[0], claims[2]]
    assert wording.deciding_claim_first(replace(result, verdict=None)) == list(claims)


def test_who_asks_about_a_statement_is_told_who_rated_it_and_how() -> None:
    found = check(VerdictCode.MENTIONS_REFUTED, checked(VerdictCode.REFUTED, evidence(), mode=Mode.ASKED))
    found = replace(found, result=replace(found.result, verdict=Verdict(VerdictCode.MENTIONS_REFUTED, 0.9, 0)))
    assert wording.headline_of_check(found, "en") == (
        "Asks about a statement rated false. This asks about a statement that Faktenblatt rated “Falsch” on 3 May 2021. "
        "The fact-check says why."
    )
    assert wording.headline_of_check(found, "de") == (
        "Fragt nach einer widerlegten Aussage. Hier wird nach einer Aussage gefragt, die Faktenblatt am 3. Mai 2021 mit "
        "«Falsch» bewertet hat. Die Begründung steht im Faktencheck."
    )
    undated = evidence(replace(FALSE, date_published=None))
    words = wording.rating_words(undated, Mode.ASKED, "en")
    assert words == "This asks about a statement that Faktenblatt rated “Falsch”."


def test_what_a_page_merely_mentions_stays_as_it_was() -> None:
    found = check(VerdictCode.MENTIONS_REFUTED, checked(VerdictCode.REFUTED, evidence(), mode=Mode.QUOTED), url=PAGE)
    assert wording.headline_of_check(found, "en") == (
        "Mentions a statement rated false. The page reports it without making it its own."
    )


def test_of_a_short_text_it_is_asked_what_may_be_meant() -> None:
    other = replace(evidence(replace(TRUE, claim_reviewed="Etwas anderes.")), shortfalls=(Shortfall.DIFFERENCE,))
    near = replace(evidence(), shortfalls=(Shortfall.SHORT,))
    claim = ScoredSentence(Sentence("Masern immun", 0, 12), 0.1, True, hints=(Hint.SUGGESTION,))
    asked = CheckedClaim(claim, Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.9), (), (other, near))
    words = "Meinten Sie «Masern machen immun gegen alles.»? Nur dann passt der Faktencheck."
    assert wording.headline_of_claim(asked, "de") == words
    found = check(VerdictCode.NOT_ENOUGH_EVIDENCE, asked)
    assert wording.summarize_check(found, "de").detail.startswith(f"{words} 1 ")
    plain = replace(asked, claim=replace(claim, hints=()))
    assert wording.headline_of_claim(plain, "en").startswith("No matching fact-check found.")
    assert not wording.summarize_check(check(VerdictCode.NOT_ENOUGH_EVIDENCE, plain), "de").detail.startswith("Meinten")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DifferenceKind.NUMBER, " Ein Unterschied: die Zahl; hier «12», dort «20»."),
        (DifferenceKind.DATE, " Ein Unterschied: das Datum; hier «12», dort «20»."),
        (DifferenceKind.NEGATION, ""),
    ],
)
def test_a_number_or_date_that_differs_is_said_though_the_sentences_match(kind: DifferenceKind, words: str) -> None:
    differs = replace(evidence(), differences=(Difference(kind, "12", "20"),))
    same = wording.rating_words(evidence(), Mode.ASSERTED, "de")
    assert wording.rating_words(differs, Mode.ASSERTED, "de") == same + words


def test_a_fact_check_that_decides_nothing_is_named_all_the_same() -> None:
    unproven = evidence(replace(FALSE, rating=Rating("Unbelegt", normalized=NormalizedRating.UNPROVEN)))
    found = check(VerdictCode.FACT_CHECK_FOUND, checked(VerdictCode.FACT_CHECK_FOUND, unproven), url=PAGE)
    assert wording.headline_of_check(found, "de") == (
        "Dazu gibt es einen Faktencheck. Faktenblatt hat eine solche Aussage am 3. Mai 2021 mit «Unbelegt» bewertet; "
        "das ist weder richtig noch falsch. Lesen Sie ihn, bevor Sie den Link teilen."
    )
    assert wording.headline_of_check(found, "en") == (
        "A fact-check about this exists. Faktenblatt rated a similar statement “Unbelegt” on 3 May 2021, "
        "which is neither true nor false. Read it before you share the link."
    )


@pytest.mark.parametrize(
    ("publisher", "day", "words"),
    [
        (
            Publisher(None, "blatt.example"),
            date(2021, 5, 3),
            "blatt.example hat eine solche Aussage am 3. Mai 2021 mit",
        ),
        (Publisher(), date(2021, 5, 3), "Ein Faktencheck hat eine solche Aussage am 3. Mai 2021 mit"),
        (Publisher("Blatt"), None, "Blatt hat eine solche Aussage mit «Falsch» bewertet."),
        (Publisher(), None, "Ein Faktencheck hat eine solche Aussage mit «Falsch» bewertet."),
    ],
)
def test_what_the_publisher_left_out_is_left_out(publisher: Publisher, day: date | None, words: str) -> None:
    found = evidence(replace(FALSE, publisher=publisher, date_published=day))
    assert wording.rating_words(found, Mode.ASSERTED, "de").startswith(words)


def test_denying_a_false_statement_is_in_line_with_the_fact_check() -> None:
    denied = checked(VerdictCode.SUPPORTED, evidence(), mode=Mode.DENIED)
    assert wording.headline_of_claim(denied, "de") == (
        "Hier wird eine solche Aussage bestritten; Faktenblatt hat sie am 3. Mai 2021 mit «Falsch» bewertet."
    )
    nameless = evidence(replace(FALSE, publisher=Publisher()))
    assert wording.rating_words(nameless, Mode.DENIED, "en").startswith(
        "This denies a similar statement, which a fact-check rated"
    )


def test_contradicting_a_true_statement_says_that_the_opposite_was_rated() -> None:
    found = checked(VerdictCode.REFUTED, evidence(TRUE, Stance.REFUTES))
    assert wording.headline_of_claim(found, "en") == "Faktenblatt rated the opposite statement “Richtig” on 3 May 2021."


def test_an_open_stance_is_called_open() -> None:
    found = checked(VerdictCode.FACT_CHECK_FOUND, evidence(stance=Stance.NEUTRAL))
    assert "it is not certain that both say the same" in wording.headline_of_claim(found, "en")


def test_of_rating_words_that_are_not_mapped_nobody_says_that_they_are_neither_true_nor_false() -> None:
    unmapped = evidence(replace(FALSE, rating=Rating("Grober Unfug")))
    assert wording.rating_words(unmapped, Mode.ASSERTED, "de") == (
        "Faktenblatt hat eine solche Aussage am 3. Mai 2021 mit «Grober Unfug» bewertet; "
        "was das heißt, sagt der Faktencheck."
    )
    undated = evidence(replace(FALSE, rating=Rating("Nonsense on stilts"), date_published=None))
    assert wording.rating_words(undated, Mode.ASSERTED, "en") == (
        "Faktenblatt rated a similar statement “Nonsense on stilts”; the fact-check says what that means."
    )


OWN_WORDS = {
    NormalizedRating.SATIRE: ("als Satire erkannt", "traced a similar statement to satire"),
    NormalizedRating.ALTERED_MEDIA: ("verändertes Bild oder Video", "altered picture or video"),
    NormalizedRating.MISSING_CONTEXT: ("fehlt einer solchen Aussage wichtiger Kontext", "leaves out important context"),
}


@pytest.mark.parametrize("rating", OWN_WORDS)
@pytest.mark.parametrize("day", [date(2021, 5, 3), None])
def test_satire_altered_media_and_missing_context_have_their_own_words(
    rating: NormalizedRating, day: date | None
) -> None:
    statement = replace(FALSE, rating=Rating("So nicht", normalized=rating), date_published=day)
    conflicting = rating is NormalizedRating.MISSING_CONTEXT
    found = checked(VerdictCode.CONFLICTING_EVIDENCE if conflicting else VerdictCode.REFUTED, evidence(statement))
    for language, words in zip(("de", "en"), OWN_WORDS[rating], strict=True):
        headline = wording.headline_of_claim(found, language)
        assert words in headline
        assert "So nicht" in headline
        assert ("2021" in headline) is (day is not None)


@pytest.mark.parametrize(
    ("rating", "german", "english"),
    [
        (NormalizedRating.SATIRE, "Enthält Aussagen aus einer Satire.", "Contains statements that come from satire."),
        (
            NormalizedRating.ALTERED_MEDIA,
            "Enthält Aussagen zu veränderten Bildern oder Videos.",
            "Contains statements about altered pictures or videos.",
        ),
    ],
)
def test_a_page_that_repeats_satire_alone_is_not_said_to_hold_what_was_rated_false(
    rating: NormalizedRating, german: str, english: str
) -> None:
    only = checked(VerdictCode.REFUTED, evidence(replace(FALSE, rating=Rating("So nicht", normalized=rating))))
    both = check(VerdictCode.REFUTED, only, checked(VerdictCode.REFUTED, evidence()))
    assert wording.summarize_check(both, "en").lead == "Contains statements rated false."
    alone = replace(both.result, claims=(only,), verdict=Verdict(VerdictCode.REFUTED, 0.9, 0, rating))
    found = replace(both, result=alone)
    assert wording.summarize_check(found, "de").lead == german
    assert wording.summarize_check(found, "en").lead == english


def test_publishers_that_disagree_are_both_named() -> None:
    other = replace(TRUE, publisher=Publisher("Prüfstelle"))
    opposite = replace(TRUE, publisher=Publisher("Gegenblatt"))
    found = checked(
        VerdictCode.CONFLICTING_EVIDENCE, evidence(), evidence(FALSE, confidence=0.85), evidence(other, confidence=0.9)
    )
    assert wording.headline_of_claim(found, "de") == (
        "Faktenchecks bewerten diese Aussage unterschiedlich: Faktenblatt mit «Falsch», Prüfstelle mit «Richtig»."
    )
    assert wording.headline_of_claim(found, "en") == (
        "Fact-checks disagree about this statement: Faktenblatt “Falsch”, Prüfstelle “Richtig”."
    )
    turned = checked(
        VerdictCode.CONFLICTING_EVIDENCE, evidence(other), evidence(opposite, Stance.REFUTES, confidence=0.9)
    )
    assert "Gegenblatt das Gegenteil mit «Richtig»" in wording.headline_of_claim(turned, "de")


def test_a_mixed_rating_alone_is_no_disagreement() -> None:
    mixed = replace(FALSE, rating=Rating("Teils, teils", normalized=NormalizedRating.MIXED))
    found = checked(VerdictCode.CONFLICTING_EVIDENCE, evidence(mixed))
    assert wording.headline_of_claim(found, "en") == (
        "Faktenblatt rated a similar statement “Teils, teils” on 3 May 2021."
    )


def test_silence_is_not_approval() -> None:
    lone = check(VerdictCode.NOT_ENOUGH_EVIDENCE, checked(VerdictCode.NOT_ENOUGH_EVIDENCE))
    assert wording.headline_of_check(lone, "de") == (
        "Keine passenden Faktenchecks gefunden. 1 prüfbare Aussage, 86.376 geprüfte Aussagen im Bestand. "
        "Das heißt nicht, dass sie stimmt."
    )
    two = check(VerdictCode.NOT_ENOUGH_EVIDENCE, *[checked(VerdictCode.NOT_ENOUGH_EVIDENCE)] * 2)
    assert wording.headline_of_check(two, "en") == (
        "No matching fact-checks found. 2 checkable claims, 86,376 verified statements searched. "
        "This does not mean that they are true."
    )
    assert "dass die Aussage stimmt" in wording.headline_of_claim(checked(VerdictCode.NOT_ENOUGH_EVIDENCE), "de")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (VerdictCode.MENTIONS_REFUTED, "Der Text gibt sie wieder, ohne sie sich zu eigen zu machen."),
        (VerdictCode.SUPPORTED, "Das gilt für 1 Aussage, nicht für den ganzen Text."),
        (VerdictCode.REFUTED, "Lesen Sie den Faktencheck, bevor Sie den Text weitergeben."),
        (VerdictCode.FACT_CHECK_FOUND, "Lesen Sie ihn, bevor Sie den Text weitergeben."),
    ],
)
def test_a_text_that_was_pasted_is_called_no_page_and_no_link(code: VerdictCode, words: str) -> None:
    summary = wording.summarize_check(check(code, checked(code, evidence())), "de")
    assert words in (summary.detail, summary.advice)
    assert not {"Seite", "Link"} & set(summary.headline.replace(".", "").split())


def test_claims_that_were_not_compared_are_not_counted_as_searched() -> None:
    open_claim = checked(VerdictCode.NOT_ENOUGH_EVIDENCE)
    left = replace(open_claim, claim=replace(open_claim.claim, hints=(Hint.NOT_SEARCHED,)))
    found = check(VerdictCode.NOT_ENOUGH_EVIDENCE, open_claim, left, open_claim)
    assert "2 von 3 prüfbaren Aussagen verglichen, 86.376 geprüfte" in wording.summarize_check(found, "de").detail
    assert "2 of 3 checkable claims compared" in wording.summarize_check(found, "en").detail


def test_supported_counts_the_claims_that_are() -> None:
    found = check(VerdictCode.SUPPORTED, *[checked(VerdictCode.SUPPORTED, evidence(TRUE))] * 3, checked(VerdictCode.NOT_ENOUGH_EVIDENCE), url=PAGE)  # fmt: skip
    assert wording.summarize_check(found, "de").detail == "Das gilt für 3 Aussagen, nicht für die ganze Seite."


@pytest.mark.parametrize("language", ["de", "en", "de-CH"])
@pytest.mark.parametrize("code", list(VerdictCode))
def test_every_verdict_has_its_own_headline(code: VerdictCode, language: str) -> None:
    found = wording.summarize_check(check(code, checked(code, evidence())), language)
    assert found.state == code.value
    assert found.lead.endswith(".")
    others = {wording.summarize_check(check(other), language).lead for other in VerdictCode if other is not code}
    assert found.lead not in others


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", sorted(error_codes() | {"internal-error", "model-unavailable", "store-unavailable"}))
def test_every_problem_has_a_reason(code: str, language: str) -> None:
    summary = wording.summarize_problem(code, language)
    expected = "index_not_ready" if code == "index-not-ready" else "could_not_read" if code.startswith(("page-", "picture-")) or code == "address-refused" else "failed"  # fmt: skip
    assert summary.state == expected
    if code != "error":
        assert wording.say(language, f"reason.{code}") in (
            summary.detail.removesuffix("."),
            summary.lead.removesuffix("."),
        )


def test_a_page_that_could_not_be_read_says_why_and_what_to_do() -> None:
    failed = check(None, problem="page-behind-wall", url="https://example.org/")
    assert wording.headline_of_check(failed, "en") == (
        "This page could not be read: It is behind a login, a consent dialog or another barrier. "
        "Open it and check it from the extension, or paste its text."
    )
    assert "Fügen Sie den Text ein" in wording.headline_of_check(check(None, problem="page-unreadable"), "de")


def test_a_problem_nobody_foresaw_is_a_fault_of_the_service() -> None:
    assert wording.reason_words("no-such-code", "en") == "A fault in the service"


def test_an_index_that_is_not_ready_says_when_to_come_back() -> None:
    loading = check(None, problem="index-not-ready")
    assert wording.summarize_check(loading, "de", 5).advice == "In etwa 5 Sekunden erneut versuchen."
    assert wording.summarize_check(loading, "en", 1).advice == "Try again in about 1 second."
    assert wording.summarize_check(loading, "en").advice == "Try again in a moment."


def test_waiting_and_running_are_told_apart() -> None:
    running = check(None)
    assert wording.summarize_check(running, "en").state == "running"
    assert wording.summarize_check(replace(running, state=CheckState.QUEUED), "en").state == "queued"


def test_braces_in_what_a_publisher_wrote_are_harmless() -> None:
    odd = evidence(replace(FALSE, publisher=Publisher("{0.__class__} {date}"), rating=Rating("{n}")))
    assert wording.rating_words(odd, Mode.ASSERTED, "de").startswith("{0.__class__} {date} hat")


@pytest.mark.parametrize(
    ("confidence", "is_match", "key"), [(0.95, True, "strong"), (0.75, True, "fair"), (0.99, False, "weak")]
)
def test_match_strength_has_three_words(confidence: float, is_match: bool, key: str) -> None:
    assert wording.strength_key(confidence, is_match) == key


def test_an_old_article_is_named_with_its_year() -> None:
    assert wording.hint_words(Hint.OLD_ARTICLE, "de", date(2019, 1, 2)) == "alter Beitrag (2019)"
    assert wording.hint_words(Hint.OLD_ARTICLE, "en", None) == "old article"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("hint", Hint)
def test_every_hint_has_words(hint: Hint, language: str) -> None:
    assert wording.hint_words(hint, language, None)


@pytest.mark.parametrize("day", [date(2019, 1, 2), None])
def test_a_hint_without_a_year_has_the_same_words_always(day: date | None) -> None:
    assert wording.hint_words(Hint.RATING_REVISED, "de", day) == "Faktencheck hat seine Bewertung geändert"
    assert wording.hint_words(Hint.RATING_REVISED, "en", day) == "fact-check has revised its rating"
    assert wording.hint_words(Hint.OLDER_STATEMENT, "en", day) == "fact-check older than this page"
    assert wording.hint_words(Hint.OPINION, "de", day) == "Meinungsbeitrag"


@pytest.mark.parametrize(
    ("language", "lead", "advice"),
    [
        ("de", "Gerade ist zu viel los.", "In etwa 40 Sekunden erneut versuchen."),
        ("en", "Too much is going on right now.", "Try again in about 40 seconds."),
    ],
)
def test_too_much_at_once_is_nobodys_failure_and_says_when_to_come_back(language: str, lead: str, advice: str) -> None:
    for code in ("service-busy", "too-many-requests"):
        said = wording.summarize_problem(code, language, retry_seconds=40)
        assert (said.lead, said.advice) == (lead, advice)
        assert said.detail.endswith(".")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", wording.REPEATED_IN_VAIN)
def test_what_trying_again_rarely_mends_has_advice_of_its_own(code: str, language: str) -> None:
    fetched, supplied = (wording.summarize_problem(code, language, supplied=supplied) for supplied in (False, True))
    usual = wording.say(language, "failed.advice")
    assert len({usual, fetched.advice, supplied.advice}) == 3
    assert {"de": "den Absatz", "en": "the paragraph"}[language] in fetched.advice
    assert wording.summarize_problem("check-failed", language).advice == usual


def test_a_reply_names_who_rated_what_and_how_with_the_link() -> None:
    found = check(
        VerdictCode.REFUTED, checked(VerdictCode.NOT_ENOUGH_EVIDENCE), checked(VerdictCode.REFUTED, evidence())
    )
    assert wording.reply_text(found, "de") == (
        "Dazu gibt es einen Faktencheck: Faktenblatt hat die Aussage «Masern machen immun gegen alles.» "
        "am 3. Mai 2021 mit «Falsch» bewertet.\nhttps://faktencheck.example/masern"
    )
    assert wording.reply_text(found, "en") == (
        "There is a fact-check on this: Faktenblatt rated the statement “Masern machen immun gegen alles.” "
        "as “Falsch” on 3 May 2021.\nhttps://faktencheck.example/masern (in German)"
    )


def test_a_reply_begins_with_the_claim_that_decides() -> None:
    other = replace(FALSE, url="https://faktencheck.example/2", date_published=None, publisher=Publisher())
    claims = checked(VerdictCode.SUPPORTED, evidence(TRUE)), checked(VerdictCode.REFUTED, evidence(other))
    found = check(VerdictCode.REFUTED, *claims)
    assert wording.reply_text(found, "de") == (
        "Dazu gibt es einen Faktencheck: ein Faktencheck hat die Aussage «Masern machen immun gegen alles.» "
        "mit «Falsch» bewertet.\nhttps://faktencheck.example/2"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "ftp://a.example/"])
def test_a_reply_has_no_link_that_is_none(url: str) -> None:
    found = check(VerdictCode.REFUTED, checked(VerdictCode.REFUTED, evidence(replace(FALSE, url=url))))
    assert wording.reply_text(found, "de").endswith("mit «Falsch» bewertet.")


def test_a_reply_cites_what_decides_and_nothing_that_says_the_opposite() -> None:
    unlinked = replace(FALSE, url="")
    alike = checked(VerdictCode.REFUTED, evidence(unlinked), evidence(TRUE), evidence(FALSE))
    other = checked(VerdictCode.SUPPORTED, evidence(TRUE))
    found = check(VerdictCode.REFUTED, other, alike)
    assert wording.reply_text(found, "de").endswith("mit «Falsch» bewertet.\nhttps://faktencheck.example/masern")


def test_where_fact_checks_disagree_a_reply_takes_no_side() -> None:
    other = replace(TRUE, url="https://check.example/measles", publisher=Publisher("Check"), language="en")
    near = evidence(replace(FALSE, url="https://check.example/near"), Stance.NEUTRAL)
    again = evidence(replace(FALSE, url="https://check.example/again"))
    disputed = checked(VerdictCode.CONFLICTING_EVIDENCE, evidence(), near, again, evidence(other))
    assert wording.reply_text(check(VerdictCode.CONFLICTING_EVIDENCE, disputed), "de") == (
        "Wer Masern hatte, ist gegen alles immun.\n"
        "Faktenchecks bewerten diese Aussage unterschiedlich: Faktenblatt mit «Falsch», Check mit «Richtig».\n"
        "https://faktencheck.example/masern\nhttps://check.example/measles (auf Englisch)"
    )
    unlinked = checked(VerdictCode.CONFLICTING_EVIDENCE, evidence(replace(FALSE, url="")), evidence(other))
    reply = wording.reply_text(check(VerdictCode.CONFLICTING_EVIDENCE, unlinked), "de")
    assert reply.endswith("mit «Richtig».\nhttps://check.example/measles (auf Englisch)")
    mixed = replace(FALSE, rating=Rating("Teils", normalized=NormalizedRating.MIXED))
    one = checked(VerdictCode.CONFLICTING_EVIDENCE, evidence(mixed))
    assert wording.reply_text(check(VerdictCode.CONFLICTING_EVIDENCE, one), "de").endswith(
        "mit «Teils» bewertet.\nhttps://faktencheck.example/masern"
    )


def test_a_reply_without_a_fact_check_says_that_there_is_none_and_of_what() -> None:
    found = check(VerdictCode.NOTHING_TO_CHECK, url="https://a.example/1")
    assert wording.reply_text(found, "en") == (
        "No checkable claims found. Opinions and instructions are not checked.\nhttps://a.example/1"
    )
    assert "\n" not in wording.reply_text(check(VerdictCode.NOTHING_TO_CHECK), "en")


def test_a_statement_lacks_context_not_its_fact_check() -> None:
    unnamed = evidence(replace(FALSE, rating=Rating("", normalized=NormalizedRating.MISSING_CONTEXT)))
    assert wording.rating_words(unnamed, Mode.ASSERTED, "de") == (
        "Laut Faktenblatt fehlt einer solchen Aussage wichtiger Kontext; Bewertung vom 3. Mai 2021: «fehlender Kontext»."
    )
