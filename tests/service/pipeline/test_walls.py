"""Walls and notices are told from short news: on 64 short news and 48 notices, half of them never looked at while making it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from service.errors import (
    CheckFault,
    PageAsksConsent,
    PageAsksLogin,
    PageBehindPaywall,
    PageBehindWall,
    PageLeadsOn,
    PageLimitsVisits,
    PageNeedsScript,
    PageNotFound,
    PageNotShownHere,
    PageOnlyPictures,
    PageUnderRepair,
)
from service.models import Page
from service.pipeline.article import extract_article, refuse_unreadable
from service.pipeline.fetch import supplied_page

spec = importlib.util.spec_from_file_location("wall_pages", Path(__file__).parent / "walls" / "pages.py")
assert spec is not None
assert spec.loader is not None
samples = importlib.util.module_from_spec(spec)
sys.modules["wall_pages"] = samples
spec.loader.exec_module(samples)

URL = "https://news.example/2026/a"
FAULTS = {
    "soft 404": PageNotFound, "unavailable video": PageNotFound, "expired link": PageNotFound, "geo block": PageNotShownHere,
    "rate limit": PageLimitsVisits, "age gate": PageBehindWall, "challenge": PageBehindWall, "maintenance": PageUnderRepair,
    "registration wall": PageBehindPaywall, "paywall": PageBehindPaywall, "consent": PageAsksConsent, "login": PageAsksLogin,
    "script": PageNeedsScript, "image": PageOnlyPictures,
}  # fmt: skip


def fault_of(source: str) -> type[CheckFault] | None:
    try:
        extract_article(Page(URL, URL, source, "text/html", fetched=True))
    except CheckFault as fault:
        return type(fault)
    return None


# Of 32 short news a half so many are refused or lost; of 24 notices so many are read, and so many called something else.
@pytest.mark.parametrize(("half", "refused", "read", "misnamed"), [("tuned", 0, 0, 0), ("judged", 0, 0, 1)])
def test_short_news_are_read_and_notices_are_not(half: str, refused: int, read: int, misnamed: int) -> None:
    news, notices = samples.news(half), samples.notices(half)
    wrong = [each.name for each in news if fault_of(each.html) or each.sentence not in extract(each.html)]
    faults = {each.name: fault_of(each.html) for each in notices}
    odd = [name for name, fault in faults.items() if fault and fault is not FAULTS[name.split(":")[0]]]
    assert len(wrong) == refused, wrong
    assert sum(fault is None for fault in faults.values()) == read, faults
    assert len(odd) == misnamed, odd


def extract(source: str) -> str:
    return extract_article(Page(URL, URL, source, "text/html", fetched=True)).text


def test_both_halves_are_whole() -> None:
    for half in ("tuned", "judged"):
        lengths = [len(" ".join(block.split("\n")[1:]).split()) for block in samples.news_texts(half)]
        assert len(samples.notices(half)) == 24
        assert (len(lengths), min(lengths) >= 78, max(lengths) <= 100) == (32, True, True)


def titled(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


WALLS = [
    (titled("404 – Seite nicht gefunden", "<p>Leider.</p>"), PageNotFound),
    (titled("News", "<p>The page you are looking for does not exist.</p>"), PageNotFound),
    (titled("Just a moment...", "<p>Enable JavaScript and cookies to continue</p>"), PageBehindWall),
    (titled("Zeitung", "<p>Mit Werbung weiterlesen. Wir verwenden Cookies und bitten um Zustimmung.</p>"), PageAsksConsent),
    (titled("Anmelden – Netzwerk", "<form><input name=u><input type=password name=p></form>"), PageAsksLogin),
    (titled("App", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div><script src=a.js></script>"), PageNeedsScript),
    (titled("App", "<div id=root><p>Loading …</p></div><script src=a.js></script>"), PageNeedsScript),
    (titled("Sharepic", "<h1>Sharepic</h1><img src=/teilen.jpg width=1080 height=1080>"), PageOnlyPictures),
    (titled("Umgezogen", "<p>Sie werden in 3 Sekunden automatisch weitergeleitet.</p><script>location.href='/neu'</script>"), PageLeadsOn),
]  # fmt: skip


@pytest.mark.parametrize(("source", "fault"), WALLS)
def test_each_kind_has_its_own_fault(source: str, fault: type[CheckFault]) -> None:
    assert fault_of(source) is fault


@pytest.mark.parametrize("source", [source for source, _ in WALLS])
def test_supplied_html_is_never_refused_for_that(source: str) -> None:
    extract_article(supplied_page(source, URL))


@pytest.mark.parametrize(
    "source", [source for source, fault in WALLS if fault in (PageNeedsScript, PageOnlyPictures)][:2]
)
def test_supplied_html_without_a_text_says_why(source: str) -> None:
    with pytest.raises(CheckFault) as raised:
        refuse_unreadable(supplied_page(source, URL))
    assert type(raised.value) is fault_of(source)


def test_a_page_that_is_free_by_its_own_mark_up_is_read() -> None:
    (first, *_) = samples.news("tuned")
    assert '"isAccessibleForFree": true' in first.html
    assert fault_of(first.html) is None
    assert fault_of(first.html.replace("true", "false")) is PageBehindPaywall


OUTAGE = (
    "<p>Die Stadtwerke waren am Montag vier Stunden lang im Netz nicht zu sehen. Besucher sahen nur eine Nummer, wie das "
    "Unternehmen mitteilte. Ein Techniker habe beim Umzug einen Ordner gelöscht. Rund 3000 Kunden konnten ihre Rechnung "
    "nicht abrufen. Am Nachmittag lief nach Angaben eines Sprechers alles wieder. Daten gingen nicht verloren, hieß es.</p>"
)
LISTED = "".join(
    f"<li><a href=/{n}>Die Stadtwerke senken den Preis für Gas im Mai um {n} Prozent.</a></li>" for n in range(9)
)


@pytest.mark.parametrize(
    "heading",
    ["Fehler 404: Stadtwerke stundenlang offline", "404: Stadtwerke nicht erreichbar", "Error 404 kostet Stadtwerke 3000 Euro",
     "410 Menschen warten auf ihre Rechnung"],
)  # fmt: skip
def test_news_about_an_error_is_read(heading: str) -> None:
    assert fault_of(titled(heading, f"<article><h1>{heading}</h1>{OUTAGE}</article>")) is None


@pytest.mark.parametrize(
    "heading",
    ["404", "Error 404", "404 Fehler", "404 – Not Found", "Fehler 404: Hoppla, hier ist nichts", "HTTP 404 - Page missing",
     "404: Das haben wir nicht finden können", "Error 410: We could not find that"],
)  # fmt: skip
def test_an_error_with_teasers_is_no_news(heading: str) -> None:
    assert fault_of(titled(heading, f"<main><h1>{heading}</h1><ul>{LISTED}</ul>{OUTAGE}</main>")) is PageNotFound


@pytest.mark.parametrize(
    "notice",
    ["You need access. Request access, or switch to an account with access.",
     "Sie benötigen Zugriff. Bitte fordern Sie ihn beim Eigentümer an.", "Für dieses Dokument haben Sie keine Berechtigung.",
     "You need permission. Ask the owner for it."],
)  # fmt: skip
def test_a_shared_document_without_access_asks_for_a_login(notice: str) -> None:
    assert fault_of(titled("Dokument", f"<main><h1>Dokument</h1><p>{notice}</p></main>")) is PageAsksLogin


BANNER = "<div class='cookie-bar'><p>Wir verwenden Cookies. Mit einem Klick stimmen Sie zu.</p><button>Akzeptieren</button></div>"
TALK = "<p>Schön, dass du da bist! Wir nähen jeden Dienstag zusammen. Bring deinen Stoff mit, alles andere haben wir.</p><p>Du brauchst Hilfe beim Zuschneiden? Frag uns einfach. Wir freuen uns auf dich und deine Ideen im neuen Raum.</p>"
SHORT = "<p>Die Brücke über die Lahn ist seit Montag wieder offen. Sie war drei Jahre lang gesperrt, weil Pfeiler gerissen waren.</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Nähen am Dienstag</h1>{TALK}{BANNER}",
        f"<h1>Nähen am Dienstag</h1>{TALK}<div class=side><form>Mitglieder <input type=password></form></div><p><a href=/d>Datenschutz</a></p>",
        f"<h1>Ulm zahlt jedem 500 Euro</h1>{SHORT}",
        f"<div class='post-7 type-post hentry tag-paywall category-cookies tag-related'><h2>Brücke offen</h2>{SHORT}{SHORT}</div>{BANNER}",
        f"<h1>Wartungsarbeiten an der Brücke beendet</h1>{SHORT}{BANNER}",
    ],
)
def test_what_speaks_to_its_readers_or_is_very_short_is_no_wall_for_that(body: str) -> None:
    assert fault_of(titled("Blatt", body)) is None


@pytest.mark.parametrize(
    "gate",
    ["Register for free to continue reading this story.", "Sie möchten weiterlesen? Legen Sie ein kostenloses Konto an.",
     "Dieser Artikel ist exklusiv für Abonnenten.", "Jetzt Probemonat sichern und alle Artikel lesen."],
)  # fmt: skip
def test_an_article_that_ends_in_a_gate_is_a_teaser(gate: str) -> None:
    assert fault_of(titled("Blatt", f"<h1>Brücke wieder offen</h1>{SHORT}{SHORT}<p>{gate}</p>")) is PageBehindPaywall


def test_a_sentence_about_gates_is_none() -> None:
    about = (
        "<p>Die Zeitung hat seit Mai 300 Abonnenten gewonnen, die nach drei freien Artikeln zum Weiterlesen zahlen.</p>"
    )
    assert fault_of(titled("Blatt", f"<h1>Mehr Abos</h1>{SHORT}{about}{SHORT}")) is None


@pytest.mark.parametrize(
    ("title", "body", "fault"),
    [
        ("Wahlabend", "<div id=player><h1>Video unavailable</h1><div>The owner has not made this video available in your country</div></div>", PageNotShownHere),
        ("Konzert", "<div class=reason>Video nicht verfügbar</div><div>Dieser Partner hat das Video in deinem Land gesperrt.</div>", PageNotShownHere),
        ("Film", "<h1>Film nicht verfügbar</h1><p>Dieser Titel ist in deiner Region nicht verfügbar.</p>", PageNotShownHere),
        ("Panorama", "<h1>Panorama</h1><p>The player only works in the UK. Sorry, it’s due to rights issues.</p>", PageNotShownHere),
        ("Sport", "<h1>Finale</h1><p>This stream can only be watched from within Germany.</p>", PageNotShownHere),
        ("Löwen", "<h1>Die Nacht der Löwen</h1><p>Wiedergabe nicht möglich: Für dein Land haben wir keine Rechte.</p>", PageNotShownHere),
        ("Blatt", "<h1>Zugriff aus der EU nicht möglich</h1><p>Unsere Seite ist aus der Europäischen Union derzeit nicht erreichbar.</p>", PageNotShownHere),
        ("Clip", "<h1>Video unavailable</h1><p>This video has been removed by its owner.</p>", PageNotFound),
        ("Netz", "<h2>Du verlässt unsere Seite</h2><p>Der Link führt zu anderswo.example.</p>", PageLeadsOn),
        ("Blatt", "<h1>Kurze Prüfung</h1><p>Wir möchten sicher sein, dass Sie kein Bot sind.</p>", PageBehindWall),
        ("Spiel", "<p>Dieser Inhalt ist altersbeschränkt.</p><p>Gib dein Geburtsdatum ein.</p>", PageBehindWall),
        ("Lokales", "<h1>Continue reading in the app</h1><p>This story is only available in our app. Download it for free.</p>", PageBehindWall),
        ("Lokales", "<h1>In der App weiterlesen</h1><p>Diesen Beitrag gibt es nur in unserer App.</p>", PageBehindWall),
    ],
)  # fmt: skip
def test_video_services_and_others_say_why_they_show_nothing(title: str, body: str, fault: type[CheckFault]) -> None:
    assert fault_of(titled(title, f"<main>{body}</main>")) is fault


FURTHER = "<p>Fachleute hatten das seit Monaten erwartet, wie ein Sprecher am Abend sagte. Der Ausschuss berät im Mai darüber.</p>"


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Diese Seite der Elbe bleibt gesperrt", "Der Radweg auf der Ostseite ist bis August nicht nutzbar. Das Hochwasser hat auf 900 Metern den Asphalt weggespült. Die Stadt Magdeburg rechnet mit Kosten von 1,1 Millionen Euro."),
        ("Warum dieses Video gelöscht wurde", "Ein Clip über die Wahl in Suhl ist nicht mehr abrufbar. Der Betreiber nahm ihn am Donnerstag vom Netz, nachdem die Stadt Anzeige erstattet hatte. Zu sehen waren Helfer beim Auszählen der Stimmen."),
        ("Serie in diesem Land nicht verfügbar", "Kunden in Österreich können die Krimiserie seit Freitag nicht mehr sehen. Der Anbieter hat die Rechte an einen Konkurrenten verloren. Betroffen sind nach seinen Angaben alle vier Staffeln der Reihe."),
        ("Australien: Netzwerke erst ab 16", "Kinder unter 16 Jahren dürfen seit Mittwoch keine Konten mehr haben. Anbieter müssen das Alter ihrer Kunden prüfen. Verstöße können nach dem Gesetz bis zu 50 Millionen Dollar kosten."),
        ("Bots schreiben jede dritte Bewertung", "Ein Drittel der Bewertungen in einem Reiseportal stammt von Programmen. Das ergab eine Untersuchung der Hochschule Worms. Der Betreiber löschte daraufhin 20.000 Einträge über kleine Hotels."),
        ("Only in Germany: speed limit vote fails", "A motion for a speed limit on German motorways failed on Thursday. The parliament in Berlin voted it down by 389 to 201. Most other countries in Europe have such a limit."),
    ],
)  # fmt: skip
def test_short_news_with_the_words_of_notices_are_read(heading: str, text: str) -> None:
    assert fault_of(titled(heading, f"<article><h1>{heading}</h1><p>{text}</p>{FURTHER}</article>")) is None


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Schwimmbad schließt wegen Wartungsarbeiten", "Das Hallenbad in Kleve bleibt vom 3. bis 14. August geschlossen. Grund sind Wartungsarbeiten an der Filteranlage. Das teilten die Stadtwerke mit. Besucher können in dieser Zeit mit ihrer Jahreskarte das Bad in Goch nutzen."),
        ("Ferry out of service", "The ferry between Barra and Eriskay is temporarily out of service, the operator said on Monday. Engineers found a crack in the ramp during maintenance. Please try again tomorrow, passengers were told. A replacement boat from Oban is expected on Wednesday."),
        ("Server der Uni offline", "Die Server der Universität Rostock sind vorübergehend nicht erreichbar. Grund ist laut Rechenzentrum ein Wasserschaden im Keller. Die Prüfungen am Freitag werden auf die folgende Woche verschoben."),
    ],
)  # fmt: skip
def test_very_short_news_are_told_by_saying_who_said_so(heading: str, text: str) -> None:
    assert fault_of(titled(heading, f"<article><h1>{heading}</h1><p>{text}</p></article>")) is None


def test_a_notice_that_says_who_is_repairing_stays_one() -> None:
    notice = (
        "Our website is down for maintenance. Please try again later. Our technicians said hello to you. Follow us."
    )
    assert fault_of(titled("Back soon", f"<main><h1>Back soon</h1><p>{notice}</p></main>")) is PageUnderRepair
