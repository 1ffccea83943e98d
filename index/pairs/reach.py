"""How far two sentences go: all against some, cause against correlation (German and English).

Only where each side says one of the two; a sentence without such a word says neither.
"""

from __future__ import annotations

import re

from index.models import Difference, DifferenceKind
from index.pairs.memory import remembered
from index.pairs.words import STEM

# Before "all" these leave some out.
PARTLY = r"(?:nicht|fast|beinahe|nahezu|not|almost|nearly|hardly|virtually)"
ALL = re.compile(
    rf"(?<!\w)(?:(?P<partly>{PARTLY})\s+)?"
    r"(?P<all>alle[nrs]?|jede[nmrs]?|sämtliche[nrs]?|ausnahmslos|immer|stets|all|every|each|always)\b",
    re.I,
)
SOME = re.compile(
    r"(?<!\w)(?:(?:ein|großer|kleiner|der größte) teil|(?:die )?meisten|einige[nr]?|manche[nrs]?|mehrere[nr]?"
    r"|viele[nr]?|etliche[nr]?|einzelne[nr]?|(?:nur )?wenige[nr]?|manchmal|gelegentlich|teilweise|mitunter|oft"
    r"|some(?! \d)|several|many|(?<!the )(?<!at )most|(?:a |only a )?few|certain|sometimes|occasionally|often)\b",
    re.I,
)
IDIOMS = re.compile(
    r"\b(?:vor allem|trotz allem|alles in allem|(?:noch|wie) immer|immer (?:noch|wieder|mehr|weniger|\w+er)"
    r"|alle \w+ jahre|at all|first of all|after all|all (?:over|right|but)|above all|each other"
    r"|every (?:other|second|third))\b",
    re.I,
)
ADVERBS = re.compile(r"immer|stets|always|manchmal|gelegentlich|mitunter|oft|sometimes|occasionally|often", re.I)
LINKING = re.compile(
    r"\s+(?:(?:der|die|das|den|dem|des|diese[rnm]?|of|the|these|those|its|their|our|von|unserer?)\s+)*", re.I
)

CAUSE = re.compile(
    r"\b(?:verursach\w*|hervorgerufen|ausgelöst\w*|auslös(?:t|en|te|ten)|bewirk\w*"
    r"|lös(?:t|en|te|ten)\b[^.!?]{1,80}\baus\b|führ(?:t|en|te|ten)\b[^.!?]{0,60}?\bzu[mr]?\b"
    r"|(?:ist|sind|war|waren) schuld"
    r"|(?:gestorben|starb(?:en)?|stirbt|sterben|tote|todesfälle|todesfall) (?:durch|wegen|aufgrund|an)"
    r"|caus(?:e[sd]?|ing)|trigger(?:s|ed)?|leads? to|led to|results? in|resulted in|responsible for"
    r"|(?:die[sd]?|deaths?|killed|dying) (?:because of|due to|from|of|by))\b",
    re.I,
)  # fmt: skip
CORRELATION = re.compile(
    r"(?<!kein )(?<!keinen )(?<!keinerlei )(?<!no )(?<!not )(?<!nicht )"
    r"\b(?:häng(?:t|en)\b[^.!?]{1,80}\bzusammen\b|zusammenhäng(?:t|en)|zusammenhang (?:zwischen|mit|von)|korrel\w+"
    r"|(?:geht|gehen|ging|gingen)\b[^.!?]{1,80}\beinher\b|einherg\w+|assoziiert|in verbindung (?:mit|gebracht)"
    r"|(?:gestorben|starb(?:en)?|stirbt|sterben|tote|todesfälle|todesfall) (?:kurz |wenige tage )?nach"
    r"|linked (?:to|with)|associated with|correlat\w+|(?:link|association|connection) between"
    r"|(?:die[sd]?|deaths?|dying) (?:shortly |soon |days )?(?:after|following))\b",
    re.I,
)  # fmt: skip


def extent_differs(claim: str, statement: str) -> Difference | None:
    """Where one side speaks of all and the other of some of the same."""
    here = _extents(claim)
    there = _extents(statement) if here else {}
    for (whole, of), words in here.items():
        if (not whole, of) in there and (not whole, of) not in here and (whole, of) not in there:
            return Difference(DifferenceKind.EXTENT, words, there[not whole, of])
    return None


def causation_differs(claim: str, statement: str) -> Difference | None:
    """Where one side names a cause and the other only that two things go together."""
    here = _ties(claim)
    there = _ties(statement) if len(here) == 1 else {}
    if len(there) != 1 or here.keys() == there.keys():
        return None
    (mine,), (yours,) = here.values(), there.values()
    return Difference(DifferenceKind.CAUSATION, mine, yours)


# A claim is compared with many statements: what it says is read once.
@remembered
def _ties(text: str) -> dict[str, str]:
    """Which of a cause and a correlation a text names, with its words."""
    found = {"cause": CAUSE.search(text), "correlation": CORRELATION.search(text)}
    return {kind: match[0] for kind, match in found.items() if match}


@remembered
def _extents(text: str) -> dict[tuple[bool, str], str]:
    """(whether of all, the stem of what it is said of; "" for adverbs) -> the words that say so."""
    plain = IDIOMS.sub(lambda idiom: "_" * len(idiom[0]), text)
    found: dict[tuple[bool, str], str] = {}
    for match in ALL.finditer(plain):
        found.setdefault((match["partly"] is None, _subject(plain, match)), match[0])
    for match in SOME.finditer(plain):
        found.setdefault((False, _subject(plain, match)), match[0])
    return found


def _subject(text: str, quantifier: re.Match[str]) -> str:
    if ADVERBS.search(quantifier[0]):
        return ""
    linking = LINKING.match(text, quantifier.end())
    word = re.compile(r"\w+").match(text, linking.end()) if linking else None
    return word[0].lower()[:STEM] if word else quantifier[0].lower()
