"""Pages shown instead of the page: notices, walls, and pages whose text is not in them. Only for fetched pages.

An article is told by its sentences: those that speak of the world, not to the reader. Where there are some, nothing
else makes it a wall, but for an article's beginning that ends in a gate or that the site calls locked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.errors import (
    CheckFault,
    PageAsksConsent,
    PageAsksLogin,
    PageBehindPaywall,
    PageBehindWall,
    PageLeadsOn,
    PageLimitsVisits,
    PageNeedsScript,
    PageNotFound,
    PageNotShownHere,
    PageOnlyPictures,
    PageUnderRepair,
    PageUnreadable,
)
from service.pipeline.notice_words import is_whole, matches, pattern, speaks_to_reader
from service.pipeline.shown import HEADINGS, Block, Part, Shown

ENOUGH_WORDS = 220  # an article; what is shown of a locked one, and most notices, say less
MOST_WORDS = 900  # of a question for consent
ARTICLE_WORDS = 45  # in sentences about the world that make a page an article, however short
REPORT_WORDS = 20  # so many are enough where one of them says who said so, as news do and notices do not
SENTENCE_WORDS = 6
TELLING = 20  # characters by which a sentence is recognised in another text
LITTLE_WORDS = 12  # of a page that says nothing beside its pictures or scripts
NOTICE_WORDS = 120  # of all that was extracted of a page without a text of its own
QUIET_WORDS = 30  # of a page that leaves it to its banners and dialogs to say what it is
REMARK = 0.2  # of a page's words: what says less is no notice, unless a heading says it
AROUND = (Part.TEASER, Part.BANNER, Part.WALL, Part.FRAME, Part.DIALOG)
LOOKED_AT = 12_000  # characters
MAX_SENTENCE = 400  # characters of one that tells anything
SHORT_HEADING = 10  # words
HEADING = 3  # what a heading counts for, in sentences
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”»«']?\s+")
TITLE_PARTS = re.compile(r" [-–—|:·»]{1,3} | ?\| ?")  # of a title without superfluous blanks
LOCKED = re.compile(
    r"[\"']isAccessibleForFree[\"']\s{0,20}:\s{0,20}[\"']?(?:https?://schema\.org/)?(false|true)\b", re.I
)
LOCKED_META = re.compile(
    r"itemprop\s?=\s?[\"']?isAccessibleForFree[\"']?\s[^<>]{0,100}content\s?=\s?[\"']?(false|true)\b", re.I
)

OPEN_IT = "Open the page and check it from the extension."
# Each kind of notice with the fault that says so. Of two that are told equally well, the first is meant.
KINDS: dict[str, CheckFault] = {
    "challenge": PageBehindWall(f"The site asks whether a person is reading. {OPEN_IT}"),
    "script": PageNeedsScript(f"The page's text appears only where its scripts run. {OPEN_IT}"),
    "rate": PageLimitsVisits("The site limits how often it may be visited. Try again later, or open the page."),
    "geo": PageNotShownHere("The site does not show this page in the country of this service. Paste its text."),
    "age": PageBehindWall(f"The site asks for the reader's age first. {OPEN_IT}"),
    "repair": PageUnderRepair("The site says that it is temporarily out of service. Try again later."),
    "consent": PageAsksConsent(f"The site asks for consent first. {OPEN_IT}"),
    "login": PageAsksLogin(f"The site asks for a login first. {OPEN_IT}"),
    "app": PageBehindWall("The site shows this page in its app only. Paste its text."),
    "leads_on": PageLeadsOn("The page only leads on to another one. Open it and check where it leads."),
    "gone": PageNotFound("The site says that this page does not exist (any more). Check the link."),
}
LOCKED_FAULT = "Only the beginning of this page is free. If you can read all of it, check it from the extension."


def refuse_walls(shown: Shown, source: str, readable: str) -> None:
    """Raise PageNotFound, PageBehindWall, PageUnderRepair or PageUnreadable where this is not the page asked for.

    `readable` is the article's text as extracted from `source`, `shown` what a person sees of it.
    """
    words = len(readable.split())
    if words >= MOST_WORDS:
        return
    said = article_words(shown, readable)
    if words < ENOUGH_WORDS and (is_locked(source) or has_gate(shown)):
        raise PageBehindPaywall(LOCKED_FAULT)
    if words < ENOUGH_WORDS and (plain := plain_heading(shown, said)):
        raise KINDS[plain]
    if said >= (REPORT_WORDS if reports(shown) else ARTICLE_WORDS):
        return
    if words >= ENOUGH_WORDS:
        if asks_consent(shown):
            raise KINDS["consent"]
        return
    own = count(own_sentences(shown, readable, AROUND))
    if kind := kind_of_notice(shown, said, own):
        raise KINDS[kind]
    if own < LITTLE_WORDS and words < NOTICE_WORDS:
        refuse_empty(shown)
    main = sentences_in(shown.texts(Part.MAIN))
    if not said and main and own < QUIET_WORDS and all(speaks_to_reader(one) for one in main):
        raise PageUnreadable("There is a notice on this page, and no article. Paste the text to have it checked.")


def refuse_empty(shown: Shown) -> None:
    """Raise PageUnreadable's children where the page's text is in pictures, or appears by a script."""
    words = count(shown.texts(Part.MAIN))
    if words < LITTLE_WORDS and shown.pictures:
        raise PageOnlyPictures(
            "What this page says is in a picture, and no text was read in it. Paste the text from it."
        )
    if words < LITTLE_WORDS and shown.scripts:
        raise KINDS["script"]


def article_words(shown: Shown, readable: str) -> int:
    """The words in sentences of the page itself that speak of the world, and not to the reader.

    Counted on the page and in the extracted text, where it is not that of teasers and banners: either may miss some.
    """
    main = [one for one in shown.blocks if one.part is Part.MAIN and one.tag not in HEADINGS]
    seen = sum(words_about_world(one.text) for one in main if 2 * one.linked < len(one.text))
    told_apart = any(one.tag == "h1" and one.part is Part.MAIN for one in shown.blocks)
    own = own_sentences(shown, readable, AROUND if told_apart else (Part.TEASER, Part.BANNER, Part.WALL))
    return max(seen, sum(words_about_world(one) for one in own))


def own_sentences(shown: Shown, readable: str, without: Sequence[Part]) -> list[str]:
    """The sentences of the extracted text that are in none of some parts of the page."""
    others = [one for one in sentences_in(shown.texts(*without)) if len(one) >= TELLING]
    lines = [one for line in readable.split("\n") for one in sentences_in([line.strip("- |")])]
    return [one for one in lines if not any(other in one or one in other for other in others)]


def reports(shown: Shown) -> bool:
    """Whether a sentence of the page itself, one that does not address the reader, says who said what it says."""
    main = sentences_in(shown.texts(Part.MAIN))
    return any(matches("reports", one) and not speaks_to_reader(one) for one in main)


def count(texts: Sequence[str]) -> int:
    """The words of texts."""
    return sum(len(one.split()) for one in texts)


def words_about_world(text: str) -> int:
    """The words in whole sentences of a text that do not address the reader."""
    count = 0
    for sentence in sentences_in([text]):
        length = len(sentence.split())
        if length >= SENTENCE_WORDS and sentence[-1] in ".!?…\"“”»«'" and not speaks_to_reader(sentence):
            count += length
    return count


def kind_of_notice(shown: Shown, said: int, own: int) -> str | None:
    """Which kind of notice the page is; None where it is none that is known, or says more than a notice.

    `said` are its words about the world, `own` those of its text that stand in no banner, dialog or teaser. Banners and
    dialogs are asked only where hardly anything else is there.
    """
    main = sentences_in(shown.texts(Part.MAIN))
    kind, heads = best_kind(shown, main)
    if kind and outweighs(kind, heads, main, shown, said, own):
        return kind
    if count(main) >= QUIET_WORDS or own >= QUIET_WORDS or said >= LITTLE_WORDS:
        return None
    return best_kind(shown, [*main, *sentences_in(shown.texts(Part.WALL, Part.BANNER, Part.DIALOG, Part.BESIDE))])[0]


def best_kind(shown: Shown, sentences: Sequence[str]) -> tuple[str | None, list[str]]:
    """The kind that most of title, headings and sentences tell, and which headings do."""
    short = [one for one in sentences if len(one) < MAX_SENTENCE]
    told = {kind: [head for head in heads_of(shown) if tells_heading(kind, head)] for kind in KINDS}
    scores = {kind: sum(tells(kind, one) for one in short) + HEADING * len(told[kind]) for kind in KINDS}
    if shown.asks_password and count(sentences) < QUIET_WORDS:
        scores["login"] += HEADING
    best = max(KINDS, key=lambda kind: scores[kind])
    # "Video unavailable" is the heading of many reasons; the country is one of them.
    if best == "gone" and any(withheld_here(one) for one in [*heads_of(shown), *short]):
        return "geo", told["gone"] + told["geo"]
    return (best, told[best]) if scores[best] else (None, [])


def withheld_here(text: str) -> bool:
    """Whether a text says that something is not there for readers in their country."""
    return matches("geo", text) and matches("gone", text)


def outweighs(kind: str, heads: Sequence[str], main: Sequence[str], shown: Shown, said: int, own: int) -> bool:
    """Whether a notice is more than a remark, and more than what the page says about the world beside it."""
    telling = [one for one in main if tells(kind, one)]
    if not heads and count(telling) < REMARK * min(count(main), own):
        return False
    rest = said - sum(words_about_world(one) for one in telling)
    notice = count([*{*telling, *(one for one in main if speaks_to_reader(one)), *heads}])
    return notice * (1 + any(head in shown.headings for head in heads)) >= rest


def heads_of(shown: Shown) -> list[str]:
    """The parts of the title and the page's first headings."""
    return [part for part in [*TITLE_PARTS.split(shown.title), *shown.headings] if part][:8]


def tells(kind: str, sentence: str) -> bool:
    """Whether a sentence of a notice gives its kind away."""
    if kind == "gone":
        return matches("gone", sentence) and (matches("thing", sentence) or matches("this", sentence))
    if kind in ("consent", "login", "age"):
        meant = speaks_to_reader(sentence) or len(sentence.split()) < SENTENCE_WORDS
        return matches(kind, sentence) and (meant or (kind == "age" and matches("this", sentence)))
    return matches(kind, sentence)


def tells_heading(kind: str, heading: str) -> bool:
    """Whether a heading, or a part of the title, is that of a notice."""
    if kind in ("gone", "login"):
        return is_whole(f"{kind}_head", heading) or (kind == "gone" and tells(kind, heading))
    return (kind != "consent" and tells(kind, heading)) or (
        kind == "consent" and len(heading.split()) < 9 and matches(kind, heading)
    )


def plain_heading(shown: Shown, said: int) -> str | None:
    """The kind of notice that the page's heading says it is, where no article would be called so.

    `said` are the page's words about the world: an article may have such a heading, if it never turns to its reader.
    """
    main = [one for one in shown.blocks if one.part is Part.MAIN]
    below = sentences_in([one.text for one in main if one.tag not in HEADINGS])
    turns = said < QUIET_WORDS or any(speaks_to_reader(one) for one in below)
    for block in main:
        if block.tag == "h1" and len(block.text.split()) < SHORT_HEADING:
            text, meant = block.text, turns or speaks_to_reader(block.text)
            if is_whole("gone_head", text):
                return "geo" if any(withheld_here(one) for one in below) else "gone"
            if meant and withheld_here(text):
                return "geo"
            if meant and matches("this", text) and tells("gone", text):
                return "gone"
    return None


def has_gate(shown: Shown) -> bool:
    """Whether the page breaks off with an offer to read on for money or with an account."""
    for block in shown.blocks:
        if (
            block.part not in (Part.MAIN, Part.WALL)
            or len(block.text) >= MAX_SENTENCE
            or not matches("pay", block.text)
        ):
            continue
        offered = speaks_to_reader(block.text) or pattern("offer").match(block.text)
        if block.part is Part.WALL or (offered and matches("read_on", block.text)):
            return True
    return False


def is_locked(source: str) -> bool:
    """Whether the page's own mark-up says that it is not free, and nothing in it says that it is."""
    found = {each.lower() for each in [*LOCKED.findall(source), *LOCKED_META.findall(source)]}
    return found == {"false"}


def asks_consent(shown: Shown) -> bool:
    """Whether a longer text does little but ask for consent, and has the button for it."""
    sentences = sentences_in(shown.texts(Part.MAIN, Part.BANNER, Part.DIALOG, Part.WALL))
    about = sum(len(one.split()) for one in sentences if matches("consent", one))
    pressed = any(is_whole("consent_button", block.text) for block in shown.blocks if is_button(block))
    return pressed and 2 * about > sum(len(one.split()) for one in sentences)


def is_button(block: Block) -> bool:
    """Whether a block may be the words on a button."""
    return len(block.text) < 60 and block.part not in (Part.FRAME, Part.TEASER)


def sentences_in(texts: Sequence[str]) -> list[str]:
    """Sentences, roughly, of the first characters of texts."""
    found: list[str] = []
    room = LOOKED_AT
    for text in texts:
        if room <= 0:
            break
        found += [one for one in SENTENCE_END.split(text[:room]) if one]
        room -= len(text)
    return found
