"""Texts that say the opposite of a statement without a negation: "still counts" beside "is invalid" (German, English).

The pair model sees the same things named and takes them for the same claim. Where it is unsure, nothing is opposite.
"""

from __future__ import annotations

import re

from index.pairs.differences import clauses_about, negations
from index.pairs.memory import remembered
from index.pairs.words import MAX_READ, shared_words


def _word(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.I)


Sides = tuple[re.Pattern[str], re.Pattern[str]]
# Two sides of one thing: a text has one and not the other, a statement the other way round.
SIDES = [
    (_word("gültig(?:e[nmrs]?)?", "zähl(?:t|en)", "gewertet"), _word("ungültig(?:e[nmrs]?)?")),
    (_word("valid", "counts?", "counted", "accepted"), _word("invalid(?:ate[sd]?)?", "void", "spoil(?:s|ed|t)")),
    (_word("erlaubt(?:e[nmrs]?)?", "zulässig", "straffrei", "legal"),
     _word("verbot(?:en?|ene[nmrs]?|s)?", "verbiete[tn]?", "untersagt", "illegal", "strafbar", "unzulässig")),
    (_word("allowed", "permitted", "legal"), _word("ban(?:s|ned|ning)?", "forbidden", "prohibit(?:s|ed)", "outlawed",
                                                  "illegal")),
    (_word("unbedenklich", "ungefährlich", "harmlos", "unschädlich", "sicher"),
     _word("bedenklich", "(?:lebens)?gefährlich", "(?:gesundheits)?schädlich", "giftig", "tödlich", "unsicher")),
    (_word("safe", "harmless"), _word("unsafe", "dangerous", "harmful", "poisonous", "toxic", "deadly")),
    (_word("wirksam", "wirk(?:t|en)"), _word("unwirksam", "wirkungslos", "nutzlos")),
    (_word("effective", "works?"), _word("ineffective", "useless")),
    (_word("rund", "kugel(?:förmig)?"), _word("flach", "scheibe")),
    (_word("round", "sphere", "spherical"), _word("flat")),
    (_word("fruchtbar"), _word("unfruchtbar")),
    (_word("fertile"), _word("infertile", "sterile")),
    (_word(r"wieder (?:he)?(?:rein|ein)(?:holt|geholt|zuholen)?", r"amortisier\w*"),
     _word(r"weniger (?!als)\w{2,30},? (?:\w{2,30} ){0,4}als")),
    (_word(r"pays? (?:itself )?back", "recoups?", "breaks? even"),
     _word(r"(?:less|fewer) (?!than)\w{2,30} (?:\w{2,30} ){0,4}than")),
]  # fmt: skip
# Up and down. Prices rise while inflation falls, so these are opposites only where both speak of the same things.
DIRECTIONS = [
    (_word("erhöh(?:en|t|te|ten)", "steiger(?:n|t|te|ten)", "gesteigert", "steig(?:en|t)", "stieg(?:en)?", "gestiegen",
           "zugenommen", "vergrößer(?:n|t|te|ten)", "verlänger(?:n|t|te|ten)"),
     _word("senk(?:en|t|te|ten)", "gesenkt", "sink(?:en|t)", "sank(?:en)?", "gesunken", "verringer(?:n|t|te|ten)",
           "reduzier(?:en|t|te|ten)", "abgenommen", "verkürz(?:en|t|te|ten)", "minder(?:n|t|te|ten)")),
    (_word("increas(?:e|es|ed|ing)", "rais(?:e|es|ed|ing)", "ris(?:e|es|en|ing)", "rose", "boost(?:s|ed|ing)?",
           "gr(?:ew|own)"),
     _word("decreas(?:e|es|ed|ing)", "lower(?:s|ed|ing)", "reduc(?:e|es|ed|ing)", "f(?:alls|ell|allen)",
           "drop(?:s|ped)", "declin(?:e|es|ed|ing)", "sh(?:rink|rinks|rank|runk)", "cut(?:s|ting)?")),
]  # fmt: skip
SAME_THINGS = 0.6  # of the shorter side's words. A choice: all but the direction, and one word more.
# What is as often, or as well, as where nothing was done: so that does nothing.
_OTHERS = (
    r"(?:(?:bei|unter|in) )?(?:(?:alle[nr]?|jede[nr]?|die|der|den) )?(?:andere[nr]?|übrigen?|rest|un(?:ge|be)\w{2,20})"
)
_OTHERS_EN = (
    r"(?:(?:in|among|for|with) )?(?:(?:any|every)(?:one|body)|(?:all )?(?:the )?others?|(?:the )?rest"
    r"|(?:those|people|women|men|children) without|(?:the )?un\w{3,20})"
)
ALIKE = re.compile(
    r"\b(?:genau ?so|ebenso|gleich) (?:\w{2,30} ){1,6}"
    rf"wie (?:ohne|vorher|zuvor|davor|sonst|früher|bisher|{_OTHERS})\b"
    rf"|\b(?:just|equally|exactly) (?:as )?(?:\w{{2,30}} ){{1,6}}as (?:before|ever|without|{_OTHERS_EN})\b",
    re.I,
)
COMPARED = re.compile(r"\b(?:wie|als|as|than|same|gleich\w*|unterschied\w*|differ\w*)\b", re.I)


@remembered
def says_the_opposite(text: str, statement: str) -> bool:
    """Whether a text and a statement stand on two sides of one thing, and neither negates anything."""
    here, there = text[:MAX_READ], statement[:MAX_READ]
    here, there = clauses_about(here, there), clauses_about(there, here)
    alike = ALIKE.search(here)
    if negations(ALIKE.sub(" ", here)) or negations(there):  # "wie ohne" negates nothing
        return False
    if alike and not COMPARED.search(there):
        return True
    if any(on_two_sides(here, there, sides) for sides in SIDES):
        return True
    return any(on_two_sides(here, there, sides) for sides in DIRECTIONS) and shared_words(here, there) >= SAME_THINGS


def on_two_sides(here: str, there: str, sides: Sides) -> bool:
    """Whether one text has words of one side alone, and the other text those of the other side alone."""
    mine, theirs = ([bool(side.search(text)) for side in sides] for text in (here, there))
    return sum(mine) == sum(theirs) == 1 and mine != theirs
