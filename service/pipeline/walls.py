"""Pages that stand before the page: login and consent walls, bot challenges, and soft 404s. Only for fetched pages.

Precision first: a page with an article's worth of text is never a wall, whatever else it says.
"""

from __future__ import annotations

import re

from index.retrieval.queries import unescaped
from service.errors import PageBehindWall, PageNotFound

ENOUGH_WORDS = 180  # an article; walls say less, apart from long consent texts

NOT_FOUND_TITLE = re.compile(
    r"\b(?:404|seite (?:wurde )?(?:leider )?nicht gefunden|page (?:was )?not found|nicht gefunden|not found|"
    r"page (?:does not|doesn.t) exist|seite existiert nicht|artikel nicht (?:gefunden|verfügbar)|"
    r"(?:content|page|article) (?:is )?(?:not|no longer) available|nicht mehr verfügbar)\b",
    re.I,
)
NOT_FOUND_TEXT = re.compile(
    r"(?:die (?:gewünschte|angeforderte|aufgerufene|gesuchte) seite|diese seite) (?:\w+ ){0,4}"
    r"(?:nicht gefunden|existiert nicht|nicht verfügbar|gibt es nicht)|"
    r"the page you(?:'re| are| were)? (?:looking for|requested|tried)\b.{0,60}?(?:not|doesn.t|no longer|moved|removed)|"
    r"(?:this|the requested) (?:page|content|article|url) (?:isn.t|is not|is no longer|was not|could not be) "
    r"(?:available|found)|this post is unavailable|dieser (?:beitrag|inhalt) ist (?:derzeit )?nicht verfügbar",
    re.I,
)
CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking (?:if the site connection is secure|your browser)|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|bestätigen sie, dass sie ein mensch sind|"
    r"are you a robot|sind sie ein roboter|attention required! \| cloudflare|"
    r"enable javascript and cookies to continue|unusual traffic from your|access denied|"
    r"zugriff verweigert|captcha-delivery",
    re.I,
)
CONSENT_TITLE = re.compile(
    r"^\W*(?:bevor sie (?:zu \w+ )?weitergehen|before you continue|consent|einwilligung|"
    r"cookie[- ]?(?:einstellungen|wall|consent)|datenschutz(?:einstellungen)?|"
    r"privacy (?:gate|wall|settings)|zustimmung erforderlich)\b",
    re.I,
)
CONSENT_TEXT = re.compile(
    r"mit werbung (?:weiterlesen|lesen|nutzen)|werbefrei (?:lesen|weiterlesen)|"
    r"(?:alle )?(?:cookies )?akzeptieren und weiter|accept (?:all )?(?:cookies )?(?:and|to) continue|"
    r"pur[- ]abo|we (?:and our partners )?use cookies|"
    r"wir (?:und unsere partner )?(?:verwenden|nutzen|benötigen) (?:cookies|ihre (?:zustimmung|einwilligung))",
    re.I,
)
LOGIN_TITLE = re.compile(
    r"^\W*(?:anmelden|einloggen|login|log[ -]?in|sign[ -]?in|sign up|registrieren|bitte (?:loggen|melden) sie sich)\b|"
    r"\b(?:log in to|sign in to|melde dich bei .{1,30} an|log in or sign up)\b",
    re.I,
)
LOGIN_TEXT = re.compile(
    r"(?:you must|please|bitte) (?:log ?in|sign in|loggen|melden) (?:sie sich )?(?:to|ein|an|in)\b|"
    r"(?:log in|sign in|anmelden|einloggen),? (?:to|um) (?:continue|read|view|see|fortzufahren|weiterzulesen)",
    re.I,
)
SHOWN = 300_000  # characters of a page, of which title and visible text are taken
HIDDEN = {tag: re.compile(f"</{tag}", re.I) for tag in ("script", "style", "noscript", "template", "svg")}
HIDDEN_BLOCK = re.compile(rf"<({'|'.join(HIDDEN)})\b", re.I)
PASSWORD = re.compile(r"<input[^<>]{1,1000}?type\s*=\s*[\"']?password", re.I)


def refuse_walls(source: str, readable: str) -> None:
    """Raise PageNotFound or PageBehindWall where the HTML is not the page that was asked for.

    `readable` is the article's text as extracted from `source`.
    """
    if len(readable.split()) >= ENOUGH_WORDS:
        return
    title = title_of(source)
    shown = visible_text(source)
    few = len(shown.split()) < 2 * ENOUGH_WORDS
    if NOT_FOUND_TITLE.search(title) or (few and NOT_FOUND_TEXT.search(shown)):
        raise PageNotFound("The site says that this page does not exist (any more). Check the link.")
    if CHALLENGE.search(title) or (few and CHALLENGE.search(shown)):
        raise PageBehindWall(
            "The site asks whether a person is reading. Open the page and check it from the extension."
        )
    if CONSENT_TITLE.search(title) or (few and CONSENT_TEXT.search(shown)):
        raise PageBehindWall("The site asks for consent first. Open the page and check it from the extension.")
    asks_password = bool(PASSWORD.search(source))
    if LOGIN_TITLE.search(title) or (
        few and (LOGIN_TEXT.search(shown) or (asks_password and len(readable.split()) < 40))
    ):
        raise PageBehindWall("The site asks for a login first. Open the page and check it from the extension.")


def title_of(source: str) -> str:
    """The page's title."""
    found = re.search(r"<title[^<>]{0,200}>(.{0,300}?)</title", source[:SHOWN], re.I | re.S)
    return re.sub(r"\s+", " ", unescaped(found[1])).strip() if found else ""


def visible_text(source: str) -> str:
    """Roughly what a person would see, of the first SHOWN characters; in one pass, however the page is built."""
    source = source[:SHOWN]
    place, shown = 0, []
    for block in HIDDEN_BLOCK.finditer(source):
        if block.start() >= place:
            shown.append(source[place : block.start()])
            closing = HIDDEN[block[1].lower()].search(source, block.end())
            place = closing.start() if closing else len(source)
    shown.append(source[place:])
    return re.sub(r"\s+", " ", unescaped(re.sub(r"<[^<>]{0,3000}>", " ", " ".join(shown)))).strip()
