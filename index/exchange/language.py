"""The language of a text by its letters. The only home of py3langid.

It knows 196 languages and takes a few words for one of the rare ones: "Hot lemon water cures diabetes" for Walloon.
"""

from __future__ import annotations

import re

SHORT = 120  # characters: in a longer text the library is sure of rare languages too
# What people who have something checked mostly write; with fewer words than a sentence hardly any other is likelier.
USUAL = frozenset(
    re.findall(
        "[a-z]+",
        "ar bg bs ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv mk nl no pl pt ro ru sk sl sq sr sv "
        "th tr uk ur vi zh",
    )
)
OURS = frozenset({"de", "en"})
AHEAD = 6.0  # log odds by which German and English are likelier here than another language
FAR_AHEAD = 30.0  # log odds by which an unusual language must lead to be taken for what a short text is in


def detect_language(text: str) -> str:
    """The most likely ISO 639 code of a text."""
    from py3langid import langid

    if len(text) > SHORT:
        return str(langid.classify(text)[0])
    scores = {str(name): float(score) for name, score in langid.rank(text)}
    best = max(scores, key=lambda name: scores[name])
    usual = {name: scores[name] + AHEAD * (name in OURS) for name in scores if name in USUAL}
    likeliest = max(usual, key=lambda name: usual[name])
    return likeliest if scores[best] - usual[likeliest] < FAR_AHEAD else best
