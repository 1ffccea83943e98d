"""How the page puts a sentence: asserted, denied, reported, quoted or asked, and the words that decide (cues.json)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating
from index.pairs.denials import loses_count
from index.pairs.words import content_words, main_language
from service.models import Article, Mode, ScoredSentence, Sentence
from service.pipeline.cue_words import cues, fact_checkers, find_attribution, find_denial
from service.pipeline.insisting import insisted
from service.pipeline.quoting import quotation_cue, quoted_places
from service.sources import host_and_path
from service.thresholds import MODES, ModeThresholds

REVIEWED = "ClaimReview"  # the cue of a page that reviews a claim in its own markup
MAX_TEXT = 100_000  # characters at the beginning that say what kind of page this is
MAX_WORDLESS = 4  # places from a sentence to the neighbour that is read
WORD = re.compile(r"[^\W_]")
BEHIND = " \t\r\n!\"“”»«’'‘)]"  # what may stand behind a question mark
ASKED_ABOUT = re.compile(
    r"[^:?]{0,60}?(?:(?:\b(?:dass|daß|ob|that|whether|if)\s)|:\s)\s*(?P<about>.{3,900})", re.I | re.S
)
TITLE_CHARACTERS = 250
RATING_LINES = 4  # from the top: headline, lead and what stands between
RATING_CHARACTERS = 500  # of a line that may hold one
LABEL_CHARACTERS = 200  # of a line that may begin with a label
LINE_BREAK = re.compile(r"\n")
SAYING = re.compile(
    r"\b(?:sag(?:t|te|ten)|gesagt|zitat\w*|forder(?:t|te|n)|gefordert|kündig\w+|angekündigt|äußer\w+|geäußert|schrieb|"
    r"says?|said|quot\w+|announc\w+|tweet\w+|wrote|told)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sentence is put, and the words that decided (None: nothing speaks against the page's own voice)."""

    mode: Mode
    cue: str | None = None
    asks: str | None = None  # what a question asks about ("Stimmt es, dass …?"), or what is insisted on


def read_modes(
    article: Article,
    sentences: Sequence[Sentence],
    places: Sequence[int] | None = None,
    thresholds: ModeThresholds = MODES,
) -> list[Reading]:
    """One reading a sentence, in order: what the sentence itself says first, then its neighbours, then the page.

    `places` are the sentences to read, where that is not every one.
    """
    places = range(len(sentences)) if places is None else places
    quoted = quoted_places(article)
    ends = [end for _, end in quoted]
    lines = [0, *(found.end() for found in LINE_BREAK.finditer(article.text))]
    page = page_cue(article, thresholds)
    readings = []
    for n in places:
        sentence = sentences[n]
        before, after = neighbour(sentences, n, -1), neighbour(sentences, n, 1)
        line = lines[bisect_right(lines, sentence.start) - 1]
        opening = article.text[line : min(sentence.end, line + LABEL_CHARACTERS)]
        # Quotations do not overlap: those that reach into the sentence stand in a row.
        here = quoted[bisect_right(ends, sentence.start) : bisect_left(quoted, (sentence.end, 0))]
        found = labelled(opening, sentence, before) or own_words(sentence, here, thresholds)
        if found is None or found.asks or found.mode is Mode.ASKED:
            question = found is not None and found.mode is Mode.ASKED
            answered = neighbours(before, after, thresholds, question=question)
            found = replace(answered, asks=found.asks) if answered and found else answered or found
        # Where the whole page speaks of somebody else's claim, what looks like its own assertion mostly is not.
        cue = page or reviewed_cue(article, sentence.text, thresholds=thresholds)
        if cue and (found is None or found.mode is Mode.ASSERTED):
            found = Reading(Mode.REPORTED, cue, found.asks if found else None)
        readings.append(found or Reading(Mode.ASSERTED))
    return readings


def neighbour(sentences: Sequence[Sentence], place: int, step: int) -> Sentence | None:
    """The next sentence in a direction that has words; emoji between two say nothing about either."""
    for each in range(place + step, min(max(place + MAX_WORDLESS * step, -1), len(sentences)), step):
        found = sentences[each]
        if WORD.search(found.text):
            return found
    return None


def labelled(line: str, sentence: Sentence, before: Sentence | None) -> Reading | None:
    """What a fact-check's heading says of the sentence: "Behauptung: …", or the same word on the line above.

    `line` is the beginning of the sentence's line.
    """
    heading = before.text if before and len(before.text.split()) <= 3 else ""
    if found := cues("claim_label", r"^(?:{})\s*[:–—]\s").match(line) or cues("claim_label", "^(?:{}):?$").match(
        heading
    ):
        return Reading(Mode.REPORTED, found[0].strip(" :–—"))
    if cues("fact_label", r"^(?:{})\s*[:–—]\s").match(line):
        denial = find_denial(sentence.text)
        return Reading(Mode.DENIED, denial[0]) if denial else Reading(Mode.ASSERTED)
    return None


def own_words(sentence: Sentence, quoted: Sequence[tuple[int, int]], thresholds: ModeThresholds) -> Reading | None:
    """What the sentence itself says: a denial outside its quotation marks, a quotation, an attribution."""
    inside = [(max(start, sentence.start), min(end, sentence.end)) for start, end in quoted]
    inside = [(start - sentence.start, end - sentence.start) for start, end in inside if start < end]
    outside = sentence.text
    for start, end in inside:
        outside = outside[:start] + " " * (end - start) + outside[end:]
    if asked := asking(sentence.text, outside):
        return asked
    if not inside and (own := insisted(sentence.text)):
        return Reading(Mode.ASSERTED, asks=own)
    if denial := cues("opening_denial", "^(?:{})").match(outside.strip()) or find_denial(outside):
        return Reading(Mode.DENIED, denial[0].strip())
    if inside and sum(end - start for start, end in inside) >= thresholds.quoted_share * len(sentence.text):
        return Reading(Mode.QUOTED, quotation_cue(sentence.text[slice(*inside[0])]))
    if reported := find_attribution(outside):
        return Reading(Mode.REPORTED, reported[0].strip(" ,:"))
    indirect = subjunctive(outside)
    return Reading(Mode.REPORTED, indirect) if indirect else None


def subjunctive(text: str) -> str | None:
    """The German verb that gives somebody else's words; none in English ("door handle"), and no noun ("Wolle").

    At the beginning it is a command ("Sei vorsichtig"), and "ich habe" is no subjunctive.
    """
    if re.search(r"\bich\b", text, re.I) or main_language(text) == "en":
        return None
    found = next((each for each in cues("subjunctive").finditer(text) if each[0][0].islower()), None)
    return found[0] if found and found.start() else None


def asking(text: str, outside: str) -> Reading | None:
    """A question, or a sentence that asks without a question mark; "Did you know that …?" asserts.

    `outside` is the text without its quotations.
    """
    opening = outside.lstrip()
    if cues("telling", "^(?:{})").match(opening):
        return None
    if asked := cues("asking", r"^(?:[^\W\d_]{{1,12}},? ){{0,2}}(?:{})(?!\w)").match(opening):
        rest = text[len(text) - len(opening) + asked.end() :] if text.endswith(opening) else opening[asked.end() :]
        return Reading(Mode.ASKED, asked[0].strip(), asked_about(rest))
    # What others asked, or what is open, is told and not handed over to be answered: it is no claim for that alone.
    if wondered := cues("wondering", r"^(?:[^\W\d_]{{1,12}},? ){{0,2}}(?:{})(?!\w)").match(opening):
        return Reading(Mode.ASKED, wondered[0].strip())
    return Reading(Mode.ASKED, "?") if is_question(outside) else None


def is_question(text: str) -> bool:
    """Whether a text ends with a question mark, whatever closes behind it."""
    return text.rstrip(BEHIND).endswith("?")


def asked_about(rest: str) -> str | None:
    """What is asked about, from what stands behind the words that ask: ", dass die Erde flach ist?"."""
    found = ASKED_ABOUT.match(rest)
    about = found["about"].rstrip(f"{BEHIND}?.").strip() if found else ""
    return about or None


def neighbours(
    before: Sentence | None, after: Sentence | None, thresholds: ModeThresholds, question: bool = False
) -> Reading | None:
    """A sentence that the next one calls false or asks about, or that the one before announces as false.

    `question`: the sentence itself asks, so that only an answer is of interest.
    """
    denial = cues("opening_denial", "^(?:{})").match(after.text) if after else None
    if denial and after and not is_question(after.text):
        return Reading(Mode.DENIED, denial[0].strip())
    if question:
        return None
    for beside in (after, before):
        if (
            beside
            and len(beside.text) <= thresholds.short_question
            and cues("short_question", r"^(?:{})\s*[?!.]*$").match(beside.text)
        ):
            return Reading(Mode.ASKED, beside.text.strip())
    if before and before.text.rstrip().endswith(":"):
        if denial := find_denial(before.text):
            return Reading(Mode.DENIED, denial[0])
        if reported := find_attribution(before.text):
            return Reading(Mode.REPORTED, reported[0])
    return None


def page_cue(article: Article, thresholds: ModeThresholds = MODES) -> str | None:
    """Why the page as a whole does not speak in its own voice: a fact-check or satire; None where it does.

    A review in its markup speaks for the claim that it reviews alone (`reviewed_cue`).
    """
    if article.is_fact_check and article.review is None:  # of which claim nobody can tell
        return REVIEWED
    text = article.text[:MAX_TEXT]
    if site := fact_checkers_site(article.url or article.canonical_url or ""):
        return site
    lines = [line for line in text.split("\n") if line.strip()]
    title = article.title or (lines[0] if len(lines) > 1 and len(lines[0]) <= TITLE_CHARACTERS else "")
    for label in (title, article.site_name or "", article.description or ""):
        if satire := cues("satire").search(label):
            return satire[0]
    return rating_cue(lines[:RATING_LINES], thresholds) or debunking_cue(title, text, thresholds)


def cue_of(article: Article, thresholds: ModeThresholds = MODES) -> Callable[[str], str | None]:
    """Gives the `page_cue`, or for a statement the `reviewed_cue`."""
    page = page_cue(article, thresholds)
    return lambda statement: page or reviewed_cue(article, statement, thresholds=thresholds)


def reviewed_cue(article: Article, *texts: str, thresholds: ModeThresholds = MODES) -> str | None:
    """That the page reviews the claim of one of these texts, where it does: then it is not the page's own assertion."""
    claims = article.review.claims if article.review else ()
    words = [stems(text, thresholds) for text in texts]
    about = any(
        len(reviewed & each) >= thresholds.about_review * min(len(reviewed), len(each))
        for reviewed in (stems(claim, thresholds) for claim in claims)
        for each in words
        if reviewed and each
    )
    return REVIEWED if about else None


def stems(text: str, thresholds: ModeThresholds) -> frozenset[str]:
    """The beginnings of a text's content words, so that endings and compounds do not keep them apart."""
    return frozenset(word[: thresholds.stem] for word in content_words(text))


def fact_checkers_site(address: str) -> str | None:
    """The fact-checkers' site on which a page lies; one that only names it, in its path or its own host, does not."""
    host, path = host_and_path(address)
    for site in fact_checkers():
        name, start = host_and_path(site)
        if (host == name or host.endswith(f".{name}")) and path.startswith(start):
            return site
    return None


def rating_cue(lines: Sequence[str], thresholds: ModeThresholds) -> str | None:
    """A rating that stands at the beginning of a line as a sentence of its own: "Größtenteils falsch. Das Foto …".

    Ratings in German and English alone: in other languages they are ordinary words of these.
    """
    for line in lines:
        opening = re.split(r"(?<=\w)[.!:](?:\s|$)", line[:RATING_CHARACTERS].strip(), maxsplit=1)[0]
        few = thresholds.min_rating_words <= len(opening.split()) <= thresholds.max_rating_words
        if few and normalize_rating(opening, "en") is not NormalizedRating.UNMAPPED:
            return opening
    return None


def is_opinion(article: Article) -> bool:
    """Whether the page calls itself an opinion, in the first words of its title or in its address."""
    if cues("opinion", r"^(?:{})\s*[:|–—]\s").match(article.title or ""):
        return True
    return cues("opinion", r"/(?:{})s?/").search(article.url or article.canonical_url or "") is not None


def debunking_cue(title: str, text: str, thresholds: ModeThresholds) -> str | None:
    """The word that gives a debunking page away; None where its vocabulary is not that of a fact-check."""
    found = {match[0].lower()[:12]: match[0] for match in cues("fact_check").finditer(text)}
    hits = sum(1 for _ in cues("fact_check").finditer(text))
    heading = cues("fact_check_heading", r"(?<!\w)(?:{})(?!\w)").search(title)
    headline = heading or cues("fact_check_title").search(title) or re.search(r"\?$", title)
    if heading:
        return heading[0]
    score = len(found) + (thresholds.headline_cues if headline else 0)
    if score < thresholds.fact_check_cues or hits * thresholds.words_a_cue < len(text.split()):
        return None
    return headline[0] if headline else next(iter(found.values()))


def settle_mode(claim: ScoredSentence, statement: str, page: str | None) -> Mode:
    """How a claim is put beside a statement: asserted where the cue belongs to what the statement says itself.

    Never where there is a `page` cue: of the page as a whole, or since it reviews what the statement says.

    "X said …" asserts a statement that X said so; "X is a hoax" asserts a statement that X is one.
    """
    if page and claim.mode is Mode.ASSERTED:
        return Mode.REPORTED
    if page or not claim.cue or claim.cue not in claim.sentence.text:
        return claim.mode
    # Of "it is not true that X does not …" the pair model's stance is that of the whole: it is not to be turned again.
    own_denial = claim.mode is Mode.DENIED and (find_denial(statement) or loses_count(claim.sentence.text, statement))
    own_speech = claim.mode is Mode.REPORTED and SAYING.search(claim.cue) and SAYING.search(statement)
    return Mode.ASSERTED if own_denial or own_speech else claim.mode
