"""Sentences that insist: "There is no doubt that …", "Kein Geheimnis: …", "Nein, nein: …".

Their "no" denies nothing of what follows.
"""

from __future__ import annotations

import re

from index.pairs.differences import negations
from service.pipeline.cue_words import cues, find_attribution, find_denial

NO = re.compile(r"(?:(?:nein|no|nope|nee|nö)\s{0,3}[,.!:–—-]{1,3}\s{0,3}){1,9}(?P<rest>[^?]{3,900})", re.I)


def insisted(text: str) -> str | None:
    """What a sentence insists on, as it is read and searched; None where it says somebody else's words or denies.

    The pair model takes the "no" of such an opening for a denial of the claim behind it.
    """
    text = text.strip()
    found = cues("insistence", r"^(?:{})\s?(?:,?\s?\b(?:dass|daß|that)\b|[:,–—])\s?(?P<rest>.{{3,900}})").match(text)
    rest = found["rest"].strip() if found else answered(text)
    speaks = rest and not find_denial(rest) and not find_attribution(rest)
    return rest if speaks else None


def answered(text: str) -> str:
    """What stands behind a "no" that somebody else is told: it is said, unless it holds a negation of its own.

    "No, the earth is flat" says so; "No, vaccines do not harm" and "No, that is nonsense" deny.
    """
    found = NO.fullmatch(text)
    rest = found["rest"].strip() if found else ""
    denies = negations(rest) or cues("opening_denial", "^(?:{})").match(rest)
    return rest if rest and not denies else ""
