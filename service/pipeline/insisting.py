"""Sentences that insist: "There is no doubt that …", "Kein Geheimnis: …". Their "no" denies nothing of what follows."""

from __future__ import annotations

from service.pipeline.cue_words import cues


def insisted(text: str) -> str | None:
    """What a sentence insists on, as it is read and searched; None where it says somebody else's words or denies.

    The pair model takes the "no" of such an opening for a denial of the claim behind it.
    """
    found = cues("insistence", r"^(?:{})\s?(?:,?\s?\b(?:dass|daß|that)\b|[:,–—])\s?(?P<rest>.{{3,900}})").match(
        text.strip()
    )
    rest = found["rest"].strip() if found else ""
    speaks = rest and not cues("denial").search(rest) and not cues("attribution").search(rest)
    return rest if speaks else None
