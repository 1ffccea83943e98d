"""Words of a text as they are compared: lower case, without function words, cut to their stems, compounds by their parts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
STEM = 6  # letters that decide: German and English endings, and most of German compounds' second halves, lie beyond
FUNCTION_WORDS = frozenset(
    """
    der die das den dem des ein eine einer eines einem einen und oder aber denn sondern auch noch nur schon so sehr mehr
    als wie wenn weil dass ob zu zum zur im in an am auf aus bei beim mit nach seit von vom vor für gegen ohne um über unter
    zwischen durch bis ist sind war waren wird werden wurde wurden sei seien hat haben hatte hatten kann können soll sollen
    will wollen muss müssen darf dürfen es er sie wir ihr ich du man sich sein seine seinen seiner seinem ihre ihren ihrer
    dies diese dieser dieses diesen jetzt nun dann da hier dort doch ja mal nicht kein keine keinen keiner nie
    the a an and or but of to in on at by for from with without as if that this these those is are was were be been being has
    have had do does did will would can could shall should may might must it its he she they them his her their we our you your
    i my me us who which what when where there here than then so not no never also only just very more most into over under
    about after before between during up out all any some such said says claim claims
    """.split()
)


def content_words(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    return _content_words(text)


@lru_cache(maxsize=8192)
def _content_words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return frozenset(word[:STEM] for word in WORD.findall(plain) if word not in FUNCTION_WORDS and len(word) > 1)


def shared_words(text: str, other: str) -> float:
    """Share of the shorter side's content words that the other side has too, by stems; 0.5 where a side has none."""
    first, second = content_words(text), content_words(other)
    if not first or not second:
        return 0.5
    return len(first & second) / min(len(first), len(second))
