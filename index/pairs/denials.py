"""Sentences that deny a clause of their own: "Es stimmt nicht, dass …", "The claim that … is false" (de, en).

The pair model reads one denial well and loses count of two, so what is denied is read by itself, and turned round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.pairs.differences import negations
from index.pairs.memory import remembered

MAX_DENIED = 600  # characters: longer sentences say more than one thing
MOST = 3  # denials of denials

_UNTRUE = (
    r"(?:falsch|unwahr|gelogen|erlogen|erfunden|frei erfunden|unrichtig|unzutreffend|haltlos|widerlegt"
    r"|(?:ein (?:\w{2,20} )?)?(?:unsinn|unfug|quatsch|blödsinn|humbug|mythos|märchen|gerücht|irrtum|irrglaube"
    r"|fake|hoax)"
    r"|ein(?:e)? (?:\w{2,20} )?(?:lüge|legende|ente|falschmeldung|erfindung|fehlinformation|falschbehauptung))"
)
_SURELY = (
    r"(?:(?:auch|aber|also|doch|so|schlicht(?:weg)?|einfach|völlig|komplett|glatt|nachweislich|eindeutig|klar|ganz"
    r"|natürlich|definitiv|eben|halt|nämlich|wirklich|nun|jedoch|längst)\s){0,3}"
)
_NOT_SO = (
    rf"(?:(?:ist|sind|war|wäre) {_SURELY}(?:{_UNTRUE}|(?:nicht|nie|keineswegs|keinesfalls|mitnichten) {_SURELY}"
    r"(?:wahr|richtig|korrekt|zutreffend|so|der fall|bewiesen))"
    rf"|stimmt(?:e)? {_SURELY}(?:nicht|nie|keineswegs|keinesfalls)(?: so)?"
    rf"|trifft {_SURELY}(?:nicht|nie|keineswegs|keinesfalls) (?:so )?zu"
    rf"|entspricht {_SURELY}nicht (?:der wahrheit|den tatsachen))"
)
_UNTRUE_EN = (
    r"(?:false|untrue|wrong|incorrect|inaccurate|baseless|unfounded|nonsense|rubbish|fake news|debunked|disproved"
    r"|fabricated|made[ -]up|an? (?:\w{2,20} )?"
    r"(?:lie|myth|hoax|falsehood|fabrication|rumou?r|fallacy|misconception|fake|fiction))"
)
_SURELY_EN = (
    r"(?:(?:also|simply|just|completely|entirely|totally|utterly|plainly|demonstrably|clearly|of course|really"
    r"|absolutely|actually|quite|however|therefore)\s){0,3}"
)
_SO_EN = r"(?:true|correct|right|accurate|the case|so)"
_NOT_SO_EN = (
    rf"(?:(?:is|was|has been|[’']s) {_SURELY_EN}(?:{_UNTRUE_EN}|(?:not|never) {_SURELY_EN}{_SO_EN})"
    rf"|(?:isn|wasn)[’']t {_SURELY_EN}{_SO_EN})"
)
_SAYING = (
    r"(?:behauptung|aussage|meldung|these|nachricht|information|darstellung|annahme|vorstellung|geschichte|erzählung)"
)
_SAYING_EN = r"(?:claims?|idea|notion|statement|allegation|assertion|belief|rumou?r|suggestion)"
_NOBODY = r"(?:niemand|keiner|kein (?:\w{2,20} )?(?:mensch|experte|arzt|forscher|wissenschaftler|politiker))"
_NOBODY_EN = (
    r"(?:nobody|no[ -]one|none of (?:us|them)"
    r"|no (?:\w{2,20} )?(?:person|expert|doctor|scientist|researcher|politician))"
)

# Before what is denied.
OPENING = re.compile(
    r"(?:(?:und|aber|doch|nein|nee|also|denn|leute|fakt ist|and|but|no|so|well|folks|guys|fact)[,:]?\s){0,3}(?:"
    rf"(?:es|das|dies) {_NOT_SO}|{_NOT_SO} es"
    rf"|{_SURELY}(?:{_UNTRUE}|(?:nicht|keineswegs) (?:wahr|richtig|korrekt|zutreffend)) (?:ist|wäre|bleibt)"
    r"(?: (?:auch|aber|jedoch|hingegen|dagegen))?(?: es)?"
    r"|(?:es|davon|daran|hier) kann (?:überhaupt |gar )?keine rede (?:davon )?sein|von wegen"
    rf"|{_NOBODY} (?:\w{{2,20}} ){{0,2}}(?:behauptet|sagt|glaubt|denkt|meint)(?: (?:\w{{2,20}}|im ernst)){{0,2}}"
    r"|ich (?:glaube|denke|meine|finde) (?:\w{2,20} )?nicht|wir (?:glauben|denken|meinen) (?:\w{2,20} )?nicht"
    r"|(?:[\w.-]{1,30} ){1,5}(?:bestreite[nt]?|dementier(?:t|en|te|ten)|leugne[nt]?|bezweif(?:le|elt|eln))"
    r"|(?:(?:es|oft|häufig|immer wieder|manchmal|im netz) wird )?(?:fälschlich(?:erweise)?|zu unrecht) (?:wird )?"
    r"(?:oft )?(?:behauptet|gesagt|heißt es)(?: wird)?"
    r"),?\s(?:dass|daß)\s(?P<denied>\S.{2,600}?)[.!]*"
    r"|(?:(?:and|but|no|so|well|folks|guys|fact)[,:]?\s){0,3}(?:"
    rf"(?:it|this)\s?{_NOT_SO_EN}(?: to (?:say|claim|believe|suggest))?"
    rf"|{_UNTRUE_EN} (?:is|was)(?: the {_SAYING_EN})?"
    rf"|there(?: is|[’']s) no truth (?:to|in|behind) the (?:\w{{2,20}} )?{_SAYING_EN}"
    rf"|{_NOBODY_EN} (?:\w{{2,20}} ){{0,2}}(?:claims|says|believes|thinks|argues"
    r"|is (?:\w{2,20} )?(?:claiming|saying))"
    r"|(?:i|we) (?:don[’']t|do not) (?:\w{2,20} )?(?:think|believe)"
    r"|(?:[\w.’'-]{1,30} ){1,5}(?:den(?:y|ies|ied)|disput(?:e|es|ed)|doubts?)"
    r"|(?:[\w.’'-]{1,30} ){1,5}(?:falsely|wrongly) (?:claim|say|said|believe|report|state)(?:s|ed)?"
    r")\s(?:that\s)(?P<denied_en>\S.{2,600}?)[.!]*",
    re.I | re.S,
)
# Around it, or behind it.
CLOSING = re.compile(
    rf"(?:die (?:\w{{2,20}} )?{_SAYING},? )?(?:dass|daß) (?P<denied>\S.{{2,600}}?),? {_NOT_SO}[.!]*"
    rf"|(?:the|this|any) (?:\w{{2,20}} )?{_SAYING_EN} that (?P<denied_en>\S.{{2,600}}?),? {_NOT_SO_EN}[.!]*"
    rf"|that (?P<denied_that>\S.{{2,600}}?),? {_NOT_SO_EN}[.!]*"
    rf"|(?P<denied_before>\S.{{2,600}}?)\s?(?:[:,;–—-]|\.{{2,3}}|…)\s?(?:(?:aber|doch|und|but|and) )?"
    rf"(?:(?:das|dies) {_NOT_SO}|(?:that|this)\s?{_NOT_SO_EN})[.!]*",
    re.I | re.S,
)
# What is said against it in the same sentence is not denied by it.
AGAINST = re.compile(
    r"[,;–—]\s{0,3}(?:but|yet|though|although|whereas|while|aber|doch|jedoch|sondern|obwohl|während|hingegen|dafür)\b",
    re.I,
)
SENTENCES = re.compile(r"[.!?…]\s+(?=[A-ZÄÖÜ])")


@dataclass(frozen=True, slots=True)
class Denied:
    """What a sentence is about, and how often it denies that: not at all, once, twice …"""

    text: str
    times: int = 0


@remembered
def what_is_denied(text: str) -> Denied:
    """What a sentence denies, without the words that deny it; the whole text where it denies in no such words."""
    plain, times = text.strip(), 0
    while times < MOST and len(plain) <= MAX_DENIED:
        found = OPENING.fullmatch(plain) or CLOSING.fullmatch(plain)
        if found is None:
            break
        inner = next(part for part in found.groupdict().values() if part).strip()
        if SENTENCES.search(inner) or AGAINST.search(inner):
            break
        plain, times = inner[0].upper() + inner[1:] + ".", times + 1
    return Denied(plain, times) if times else Denied(text)


def loses_count(claim: str, statement: str) -> bool:
    """Whether a pair holds a sentence that denies a clause, and another denial: those are read without the former."""
    both = what_is_denied(claim), what_is_denied(statement)
    times = sum(each.times for each in both)
    return times > 0 and times + sum(bool(negations(each.text)) for each in both) > 1
