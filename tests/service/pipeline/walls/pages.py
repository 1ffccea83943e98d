"""Short news and notices as sites send them: texts of this folder in the mark-up of several kinds of site.

The texts of *_judged.txt were written first and the code was never changed for them; it was made with *_tuned.txt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

HERE = Path(__file__).parent
TEASERS = {
    "de": [
        ("Neue Straßenbahn fährt ab Montag bis zum Hafen", "Nach vier Jahren Bauzeit verkehrt die Linie 6 zum ersten Mal bis zur Endstation am alten Hafen der Stadt."),
        ("Bäcker protestieren gegen höhere Strompreise", "Rund 200 Betriebe haben am Dienstag ihre Öfen für eine Stunde abgeschaltet, um auf steigende Kosten aufmerksam zu machen."),
        ("Turnverein feiert sein hundertstes Jubiläum", "Mit einem Umzug durch die Altstadt und 600 Gästen hat der älteste Verein der Stadt sein Bestehen gefeiert."),
        ("Anmelden für das Ferienprogramm ab sofort möglich", "Die Stadt bietet im Sommer 85 Kurse an, vom Töpfern bis zum Klettern, und rechnet mit mehr Kindern als zuvor."),
    ],
    "en": [
        ("New tram line to the harbour opens on Monday", "After four years of building work, trams will run to the old harbour for the first time since the war."),
        ("Bakers protest against the price of power", "About 200 businesses switched off their ovens for an hour on Tuesday to draw attention to rising costs."),
        ("Sports club celebrates its hundredth birthday", "Six hundred guests walked through the old town on Sunday to mark a century of the city's oldest club."),
        ("Sign up for summer courses begins early", "The city offers 85 courses for children this year, from pottery to climbing, and expects more visitors than ever."),
    ],
}  # fmt: skip
WORDS = {
    "de": {
        "nav": ["Start", "Lokales", "Politik", "Sport", "Kultur", "Abo", "Anmelden"], "more": "Meistgelesen",
        "cookies": "Wir und unsere Partner verwenden Cookies, um Inhalte zu personalisieren und Zugriffe zu messen. Mit einem Klick auf «Alle akzeptieren und weiter» stimmen Sie zu. Mehr in der Datenschutzerklärung.",
        "accept": "Alle akzeptieren und weiter", "settings": "Einstellungen",
        "login": "Bitte melden Sie sich an, um Ihre Merkliste zu sehen.", "newsletter": "Newsletter abonnieren: Jeden Morgen die wichtigsten Nachrichten aus der Region in Ihrem Postfach.",
        "foot": "© 2026 Verlag Beispiel. Impressum Datenschutz AGB Cookie-Einstellungen", "by": "Von unserer Redaktion", "date": "12. März 2026, 9:41 Uhr",
        "noscript": "Bitte aktivieren Sie JavaScript, um alle Funktionen zu nutzen.", "react": "Sie müssen JavaScript aktivieren, um diese App auszuführen.",
    },
    "en": {
        "nav": ["Home", "Local", "Politics", "Sport", "Culture", "Subscribe", "Sign in"], "more": "Most read",
        "cookies": "We and our partners use cookies to personalise content and to measure visits. Click “Accept all and continue” to agree. Read more in our privacy policy.",
        "accept": "Accept all and continue", "settings": "Manage settings",
        "login": "Please log in to see your saved articles.", "newsletter": "Subscribe to our newsletter: the most important news of the region in your inbox every morning.",
        "foot": "© 2026 Example Publishing. Imprint Privacy Terms Cookie settings", "by": "By our staff", "date": "12 March 2026, 9.41 am",
        "noscript": "Please enable JavaScript to use all features.", "react": "You need to enable JavaScript to run this app.",
    },
}  # fmt: skip


FILLINGS = [
    {"de": {"place": "Lindau", "cost": "350.000", "day": "Mittwoch", "count": "120"}, "en": {"place": "Whitby", "cost": "350,000", "day": "Wednesday", "count": "120"}},
    {"de": {"place": "Bad Sulza", "cost": "1.200.000", "day": "Sonntag", "count": "45"}, "en": {"place": "Kelso", "cost": "1.2 million", "day": "Sunday", "count": "2,400"}},
]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A page to judge: its kind, its HTML, and a sentence that it must be read with, where it is an article."""

    name: str
    html: str
    sentence: str = ""


def news(half: str) -> list[Sample]:
    """The short news of a half, each in the mark-up of another site."""
    found = []
    sites = cycle([plain_site, block_site, old_site, framework_site])
    for block in news_texts(half):
        head, *paragraphs = block.split("\n")
        language, title = head.split(": ", 1)
        found.append(Sample(title, next(sites)(language, title, paragraphs), paragraphs[0].split(". ")[0]))
    return found


def news_texts(half: str) -> list[str]:
    """The texts of a half; the tuned one's second half is made from templates."""
    texts = blocks(f"news_{half}.txt")
    if half == "tuned":
        texts += [block.format(**names[block[:2]]) for block in blocks("news_templates.txt") for names in FILLINGS]
    return texts


def notices(half: str) -> list[Sample]:
    """The notices and walls of a half."""
    return [notice(*block.split("\n"), number=n) for n, block in enumerate(blocks(f"notices_{half}.txt"))]


def blocks(name: str) -> list[str]:
    """The texts of a file."""
    return [block.strip() for block in (HERE / name).read_text(encoding="utf-8").split("# ") if block.strip()]


# ---------------------------------------------------------------- sites


def navigation(language: str) -> str:
    """A menu."""
    items = "".join(f'<li><a href="/{n}">{word}</a></li>' for n, word in enumerate(WORDS[language]["nav"]))
    return f'<nav class="main-nav"><ul>{items}</ul></nav>'


def teasers(language: str, style: int) -> str:
    """Announcements of other pages, in one of three ways."""
    rows = TEASERS[language]
    if style % 3 == 0:
        items = "".join(
            f'<article class="teaser"><a href="/t/{n}"><h3>{head}</h3></a><p>{text}</p></article>'
            for n, (head, text) in enumerate(rows)
        )
        return f'<section class="teaser-list"><h2>{WORDS[language]["more"]}</h2>{items}</section>'
    if style % 3 == 1:
        items = "".join(
            f'<div class="x{n}"><h3><a href="/t/{n}">{head}</a></h3><p>{text}</p></div>'
            for n, (head, text) in enumerate(rows)
        )
        return f'<div class="grid">{items}</div>'
    items = "".join(f'<li><a href="/t/{n}">{head}</a><p>{text}</p></li>' for n, (head, text) in enumerate(rows))
    return f"<div><h2>{WORDS[language]['more']}</h2><ul>{items}</ul></div>"


def banner(language: str, style: int) -> str:
    """A question about cookies, in one of three ways."""
    words = WORDS[language]
    inner = f"<p>{words['cookies']}</p><button>{words['accept']}</button><button>{words['settings']}</button>"
    return [
        f'<div id="cookie-banner" class="banner" role="dialog">{inner}</div>',
        f'<div id="onetrust-banner-sdk" aria-modal="true"><div class="ot-text">{inner}</div></div>',
        f'<div class="consent-layer__wrap" style="display:none">{inner}</div>',
    ][style % 3]


def login(language: str, style: int) -> str:
    """A dialog for logging in that waits for a click, in one of three ways."""
    words = WORDS[language]
    form = f'<h2>{words["nav"][6]}</h2><p>{words["login"]}</p><form><input name="user"><input type="password" name="pw"></form>'
    return [
        f'<dialog id="login">{form}</dialog>',
        f'<div class="modal fade" id="loginModal" tabindex="-1"><div class="modal-body">{form}</div></div>',
        f'<div class="layer" hidden>{form}</div>',
    ][style % 3]


def plain_site(language: str, title: str, text: list[str]) -> str:
    """A newspaper as its makers would like it."""
    words, style = WORDS[language], len(title)
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2026-03-12",
        "isAccessibleForFree": True,
    }
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} – Morgenblatt</title>'
        f'<meta property="og:type" content="article"><script type="application/ld+json">{json.dumps(data)}</script></head><body>'
        f"{banner(language, style)}<header><a href='/'>Morgenblatt</a>{navigation(language)}</header><main><article><h1>{title}</h1>"
        f'<p class="byline">{words["by"]} · <time>{words["date"]}</time></p>{body}</article>{teasers(language, style)}</main>'
        f'<aside class="newsletter-box"><p>{words["newsletter"]}</p><input type="email"></aside>{login(language, style)}'
        f"<footer>{words['foot']}</footer><noscript>{words['noscript']}</noscript></body></html>"
    )


def block_site(language: str, title: str, text: list[str]) -> str:
    """Boxes within boxes."""
    words, style = WORDS[language], len(title) + 1
    body = "".join(f'<div class="text-block"><p class="text">{paragraph}</p></div>' for paragraph in text)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | Stadtkurier</title></head><body class="page">'
        f'<div class="wrap"><div class="top"><div class="logo">Stadtkurier</div>{navigation(language)}</div>'
        f'<div class="content"><div class="headline"><h1>{title}</h1><span class="date">{words["date"]}</span></div>{body}'
        f'<div class="newsletter"><p>{words["newsletter"]}</p></div></div>{teasers(language, style)}<div class="foot">{words["foot"]}</div></div>'
        f"{login(language, style)}{banner(language, style)}<script>init()</script></body></html>"
    )


def old_site(language: str, title: str, text: list[str]) -> str:
    """A table and line breaks."""
    words, style = WORDS[language], len(title) + 2
    links = " | ".join(f'<a href="/{n}">{word}</a>' for n, word in enumerate(words["nav"]))
    return (
        f"<html><head><title>{title}</title></head><body>{banner(language, style)}<table><tr><td colspan=2>{links}</td></tr>"
        f"<tr><td><h1>{title}</h1><b>{words['date']}</b><br><br>{'<br><br>'.join(text)}</td><td>{teasers(language, style)}</td></tr>"
        f"<tr><td colspan=2>{words['foot']}</td></tr></table></body></html>"
    )


def framework_site(language: str, title: str, text: list[str]) -> str:
    """What a framework renders on the server, with names that say nothing."""
    words, style = WORDS[language], len(title)
    body = "".join(f'<p class="css-1q2w{n}">{paragraph}</p>' for n, paragraph in enumerate(text))
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title} · Nachrichten</title></head><body><noscript>{words["react"]}</noscript>'
        f'<div id="__next"><div class="css-0"><header class="css-7">{navigation(language)}</header><main class="css-a"><section class="css-b">'
        f'<h1 class="css-h">{title}</h1><div class="css-t">{words["by"]}, {words["date"]}</div>{body}</section>{teasers(language, style)}</main>'
        f'<footer class="css-f">{words["foot"]}</footer></div></div>{banner(language, style)}{login(language, style)}'
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"title": title})}</script></body></html>'
    )


# ---------------------------------------------------------------- notices


def notice(head: str, *lines: str, number: int) -> Sample:
    """A notice of a kind in the mark-up that its extras ask for."""
    language, kind, title, heading, extras = (part.strip() for part in head.split("|"))
    words = WORDS[language]
    parts = "".join(marked_line(line, number) for line in lines)
    if "image" in extras:
        parts += '<p><img src="/upload/poster.jpg" alt=""></p>'
    if "script" in extras:
        react = f"<noscript>{words['react']}</noscript>" if "noscript" in extras else ""
        root = f'{react}<div id="root">{parts}</div><script src="/app.js"></script>'
        return Sample(
            f"{kind}: {title}",
            f'<!doctype html><html lang="{language}"><head><title>{title}</title></head><body>{root}</body></html>',
        )
    box = "article" if "article" in extras else "div"
    top = f"<h1>{heading}</h1>" if heading else ""
    main = f'<main><{box} class="box{number}">{top}{parts}</{box}>{teasers(language, number) if "teasers" in extras else ""}</main>'
    chrome = "nochrome" not in extras
    around = (f"<header>{navigation(language)}</header>", f"<footer>{words['foot']}</footer>") if chrome else ("", "")
    data = json.dumps(
        {"@type": "NewsArticle", "headline": heading, "isAccessibleForFree": "False" if number % 2 else False}
    )
    locked = f'<script type="application/ld+json">{data}</script>' if "ldpaywall" in extras else ""
    cookies = banner(language, number) if chrome and number % 2 else ""
    return Sample(
        f"{kind}: {title}",
        f'<!doctype html><html lang="{language}"><head><title>{title}</title>{locked}</head><body>{cookies}{around[0]}{main}{around[1]}</body></html>',
    )


def marked_line(line: str, number: int) -> str:
    """A line of a notice: a button, a gate, a field for a password, or a paragraph."""
    if line.startswith("> "):
        return f"<button>{line[2:]}</button>"
    if line.startswith("! "):
        return f'<div class="{["paywall", "c-box"][number % 2]}"><p>{line[2:]}</p></div>'
    return '<form><input name="u"><input type="password" name="p"></form>' if line == "F" else f"<p>{line}</p>"
