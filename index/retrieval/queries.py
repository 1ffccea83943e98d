"""What is compared: texts cleaned of what carries no claim and cut into windows of one to three sentences, and
statements without what their publishers put around them.
"""

from __future__ import annotations

import html
import re

from index.characters import INVISIBLE
from index.model.passages import Passage
from index.pairs.memory import remembered
from index.thresholds import SEARCH, SearchThresholds

SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”»«')\]]*\s+(?=[\"„“«»'(\[]*[A-ZÄÖÜ0-9])|\n+|(?<=[!?…])(?=[A-ZÄÖÜ])")
ENDLESS_REFERENCE = re.compile(r"&#\d{4000,}+;?")  # Python reads no number of so many digits
URL = re.compile(r"\b(?:https?://|www\.)\S+|\b(?:t\.co|bit\.ly|pic\.twitter\.com|youtu\.be)/\S+", re.I)
MENTION = re.compile(r"(?<!\w)@(\w+)")
HASHTAG = re.compile(r"(?<!\w)#(\w+)")
CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|(?<=[A-Za-zäöüß])(?=\d)")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U00002600-\U000027bf\U00002b00-\U00002bff\U0001f1e6-\U0001f1ff\u200d\ufe0f\u20e3]+"
)
BROKEN_WORD = re.compile(r"(?<=[a-zäöüß])[-\u00ad][^\S\n]*+\n\s*+(?=[a-zäöüß])")
BEFORE_LINE = re.compile(r"\n(?:>[ \t]?)+")  # what a mail puts before each line that it answers
FORWARD = re.compile(r"^(?:RT\s+)+|(?:\.\.\.|…)\s*$")


STATEMENT_FORMAT = 1  # of what `bare_claim` leaves: raise it when that changes
MIN_NAME = 5  # letters of a publisher's name; shorter ones are ordinary words too often
MIN_SAID = 2  # words of a statement that can be true or false: a choice, "Wasser brennt" has two
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Thai to Chinese
MIN_UNSPACED = 4  # letters of these that make a sentence at least: a choice
RATED = re.compile(
    r"^\W*+(?:[\w.&'’]++ ){0,2}?(?:fact[- ]?check(?:ed|ing)?|fake (?:news|alert)|(?:(?:partly|mostly) )?false"
    r"(?: claims?)?|hoax(?: alert)?|misleading|claims?|faktencheck|falschmeldung|(?:falsche )?behauptung(?:en)?)"
    r"\s*[:–—-]\s+(?=\S+ \S)",
    re.IGNORECASE,
)
SIGNED_BEFORE = re.compile(r"^(?P<name>[\w.&'’ ]{3,30}?)\s*[:|–—-]\s+(?=\S+ \S)")
SIGNED_BEHIND = re.compile(r"(?<=\S)\s+[|–—-]\s+(?P<name>[\w.&'’ ]{3,30})$")


@remembered
def bare_claim(claim: str, publisher: str = "") -> str:
    """A statement without "Fact check:" and the like, and without its publisher's name before or behind it.

    `publisher` is the name or the site, or both. Never empty unless the claim is.
    """
    publishers = _letters(publisher)

    def unsigned(found: re.Match[str]) -> str:
        name = _letters(found["name"])
        return "" if len(name) >= MIN_NAME and name in publishers else found[0]

    return RATED.sub("", SIGNED_BEHIND.sub(unsigned, SIGNED_BEFORE.sub(unsigned, claim)).strip()) or claim


def says_something(claim: str, publisher: str = "") -> bool:
    """Whether a statement without its publisher's name has two words at least; with fewer it asserts nothing.

    Feeds are full of headings that are nothing but "PolitiFact" or "404 | Africa Check". What is written without blanks
    between its words counts by its letters.
    """
    bare = bare_claim(claim, publisher)
    name = _letters(bare)
    if len(name) >= MIN_NAME and name in _letters(publisher):
        return False
    return len(bare.split()) >= MIN_SAID or len(UNSPACED.findall(bare)) >= MIN_UNSPACED


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def clean_query(text: str) -> str:
    """A text without URLs, emoji, mention and hashtag signs, and repeated sentences; never empty unless the text is."""
    plain = unescaped(text)
    for pattern, put in (
        (BEFORE_LINE, "\n"),
        (BROKEN_WORD, ""),
        (INVISIBLE, ""),
        (URL, " "),
        (EMOJI, " "),
        (FORWARD, " "),
    ):
        plain = pattern.sub(put, plain)
    plain = HASHTAG.sub(lambda found: CAMEL.sub(" ", found[1]).replace("_", " "), plain)
    plain = MENTION.sub(r"\1", plain)
    seen: set[str] = set()
    kept = []
    for sentence in SENTENCE_END.split(plain):
        sign = re.sub(r"\W+", " ", sentence).strip().lower()
        if sign and sign not in seen:
            seen.add(sign)
            kept.append(re.sub(r"\s+", " ", sentence).strip())
    return " ".join(kept) or re.sub(r"\s+", " ", text).strip()


def unescaped(text: str) -> str:
    """A text with its HTML character references resolved."""
    return html.unescape(ENDLESS_REFERENCE.sub("\ufffd", text))


def passage_of(text: str, thresholds: SearchThresholds = SEARCH) -> Passage:
    """A cleaned text with each window of one to three neighbouring sentences that says something.

    A text of one sentence has no windows beside itself. At most `max_windows`, taken evenly over the text.
    """
    sentences = tuple(part.strip() for part in SENTENCE_END.split(text) if part and part.strip())
    if len(sentences) < 2:
        return Passage(text, (text,))
    words = [len(sentence.split()) for sentence in sentences]
    useful = [
        (first, first + width)
        for width in (1, 2, 3)
        for first in range(len(sentences) - width + 1)
        if width < len(sentences) and sum(words[first : first + width]) >= thresholds.min_window_words
    ]
    most = thresholds.max_windows
    if len(useful) > most:
        step = len(useful) / most
        useful = [useful[int(place * step)] for place in range(most)]
    return Passage(text, sentences, tuple(useful))


def is_post(text: str, thresholds: SearchThresholds = SEARCH) -> bool:
    """Whether a cleaned text has the length of a post: then it says more than one claim."""
    return len(text.split()) >= thresholds.post_words
