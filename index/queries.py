"""What is searched for a text: cleaned of what carries no claim, and cut into windows of one to three sentences."""

from __future__ import annotations

import html
import re

MAX_WINDOWS = 24
MIN_WORDS = 4
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"“”»«')\]]*\s+(?=[\"„“«»'(\[]*[A-ZÄÖÜ0-9])|\n+|(?<=[!?…])(?=[A-ZÄÖÜ])")
URL = re.compile(r"\b(?:https?://|www\.)\S+|\b(?:t\.co|bit\.ly|pic\.twitter\.com|youtu\.be)/\S+", re.I)
MENTION = re.compile(r"(?<!\w)@(\w+)")
HASHTAG = re.compile(r"(?<!\w)#(\w+)")
CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|(?<=[A-Za-zäöüß])(?=\d)")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U00002600-\U000027bf\U00002b00-\U00002bff\U0001f1e6-\U0001f1ff\u200d\ufe0f\u20e3]+"
)
BROKEN_WORD = re.compile(r"(?<=[a-zäöüß])-\s*\n\s*(?=[a-zäöüß])")
FORWARD = re.compile(r"^(?:RT\s+)+|(?:\.\.\.|…)\s*$")


def clean_query(text: str) -> str:
    """A text without URLs, emoji, mention and hashtag signs, and repeated sentences; never empty unless the text is."""
    plain = html.unescape(text)
    for pattern, put in ((BROKEN_WORD, ""), (URL, " "), (EMOJI, " "), (FORWARD, " ")):
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


def query_windows(text: str) -> list[str]:
    """A cleaned text as a whole, then each window of one to three neighbouring sentences that says something.

    A text of one sentence has no windows beside itself. At most MAX_WINDOWS, taken evenly over the text.
    """
    sentences = [part.strip() for part in SENTENCE_END.split(text) if part and part.strip()]
    if len(sentences) < 2:
        return [text]
    windows = [
        " ".join(sentences[start : start + width])
        for width in (1, 2, 3)
        for start in range(len(sentences) - width + 1)
        if width < len(sentences)
    ]
    useful = [window for window in windows if len(window.split()) >= MIN_WORDS]
    if len(useful) > MAX_WINDOWS:
        step = len(useful) / MAX_WINDOWS
        useful = [useful[int(place * step)] for place in range(MAX_WINDOWS)]
    return [text, *useful]
