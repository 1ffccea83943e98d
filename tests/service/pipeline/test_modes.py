"""How sentences are put: known answers in German and English."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.models import Article, Mode, Review, ScoredSentence, Sentence
from service.pipeline.modes import cue_of, fact_checkers_site, page_cue, read_modes, settle_mode
from service.pipeline.sentences import split_sentences
from service.thresholds import MODES

A, D, R, Q, F = Mode.ASSERTED, Mode.DENIED, Mode.REPORTED, Mode.QUOTED, Mode.ASKED


def modes(text: str, **fields: object) -> list[Mode]:
    article = Article(text, **fields)  # type: ignore[arg-type]
    return [reading.mode for reading in read_modes(article, split_sentences(article))]


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Die Masernimpfung löst bei Kindern Autismus aus.", A),
        ("In Schweden gilt seit Mai ein Verbot von Bargeld.", A),
        ("Ich habe gestern gesehen, dass der Rhein brennt.", A),
        ("Es gibt keine Pandemie, die Betten sind leer.", A),
        ("Studie zeigt: Windräder töten jedes Jahr Millionen Vögel.", A),
        ("Es stimmt nicht, dass die Masernimpfung Autismus auslöst.", D),
        ("Dass Windräder Dürre verursachen, ist schlicht falsch.", D),
        ("Nein, das Bargeld wird nicht abgeschafft.", D),
        ("Für einen Zusammenhang mit der Impfung gibt es keine Belege.", D),
        ("Das Ministerium dementiert, dass Zucker teurer wird.", D),
        ("Die Geschichte vom Hai in der Elbe ist frei erfunden.", D),
        ("Das Foto stammt nicht aus Berlin, sondern aus Lima.", D),
        ("Die Masernimpfung löst Autismus aus, das kann niemand bestreiten.", A),
        ("Die Masernimpfung löst Autismus aus, das bestreitet niemand.", A),
        ("Die Masernimpfung löst Autismus aus, das wurde nie widerlegt.", A),
        ("Ein Arzt erklärte, dass die Masernimpfung Autismus auslöse und dass niemand dies bestreiten könne.", R),
        ("Vaccines cause autism, and nobody has ever denied it.", A),
        ("Vaccines cause autism, which has never been debunked.", A),
        ("Vaccines cause autism, which has long been debunked.", D),
        ("Dass die Masernimpfung Autismus auslöst, wurde längst widerlegt.", D),
        ("Der Minister bestreitet, dass niemand gefragt wurde.", D),
        ("Ein Heilpraktiker behauptet, Zitronensaft heile Krebs.", R),
        ("Laut der Zeitung verbietet die EU den Verkauf von Holzöfen.", R),
        ("Wie die Zeitung schreibt, verbietet die EU den Verkauf von Holzöfen.", R),
        ("Wie berichtet, verbietet die EU den Verkauf von Holzöfen.", A),
        ("Angeblich zahlt der Staat jedem Zuwanderer ein Auto.", R),
        ("Das Trinkwasser der Stadt sei mit Blei belastet, warnte er.", R),
        ("Die Masernimpfung löse bei Kindern Autismus aus.", R),
        ("Löse die Schraube und hebe den Deckel ab.", A),
        ("Der Minister soll heimlich eine Insel gekauft haben.", R),
        ("„Wer sich impfen lässt, stirbt in fünf Jahren“, rief der Redner.", Q),
        ("»Das Klima ändert sich ohne den Menschen«, steht im Flugblatt.", Q),
        ("The measles vaccine causes autism in children.", A),
        ("The earth is flat and everyone knows it.", A),
        ("He has a say in this, and vaccines cause autism in children.", A),
        ("The council has the final say and closes both schools.", A),
        ("Vaccines cause autism in children, claims adjusters learned on Monday.", A),
        ("There is no evidence that wind turbines cause cancer.", D),
        ("The story about the shark is completely fabricated.", D),
        ("Die Masernimpfung würde Autismus auslösen, so die Gruppe.", R),
        ("Der Zucker werde knapp, so Händler aus Bremen.", R),
        ("Der Heilpraktiker ist überzeugt, dass Zitronensaft Krebs heilt.", R),
        ("Wir sind überzeugt, dass Zitronensaft Krebs heilt.", A),
        ("Der Minister glaubt, dass Zitronensaft Krebs heilt.", R),
        ("The healer is convinced that lemon juice cures cancer.", R),
        ("Das Bargeld wird abgeschafft, sagt es allen weiter!", A),
        ("Das Bargeld wird abgeschafft, sagt das Ministerium.", R),
        ("It is not true that the EU has banned wood stoves.", D),
        ("Claims that the vaccine alters DNA have been debunked.", D),
        ("According to the blog, lemon juice cures cancer.", R),
        ("The minister allegedly bought an island in secret.", R),
        ("A viral post claims the moon landing was filmed in a studio.", R),
        ("“The vaccine kills within five years,” the speaker shouted.", Q),
    ],
)
def test_a_sentence_by_itself(text: str, mode: Mode) -> None:
    assert modes(text) == [mode]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zitronensaft heilt Krebs in drei Wochen. Das ist falsch.", [D, D]),
        ("Ein Hai schwimmt in der Elbe. Doch das stimmt nicht.", [D, D]),
        ("Lemon juice cures cancer in three weeks. This claim is false.", [D, D]),
        (
            "Behauptung: Der Staat zahlt jedem ein Auto.\nBewertung: Falsch. Ein solches Gesetz gibt es nicht.",
            [R, R, R],
        ),
        ("Claim: Wood stoves are banned in the EU.\nVerdict: No such ban exists in any member state.", [R, A]),
        ("Behauptung\nDer Staat zahlt jedem Zuwanderer ein Auto.", [R, R]),
        ("Falsch ist auch diese Meldung: Die Stadt schafft alle Parkplätze ab.\nDer Bus fährt weiter.", [D, A]),
    ],
)
def test_neighbours_and_headings_decide(text: str, expected: list[Mode]) -> None:
    assert modes(text) == expected


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Stimmt es, dass die Masernimpfung Autismus auslöst?", "die Masernimpfung Autismus auslöst"),
        ("Hallo, stimmt es wirklich, dass Zimt heilt?", "Zimt heilt"),
        ("Weiß jemand, ob die Grünen das Grillen verbieten wollen?", "die Grünen das Grillen verbieten wollen"),
        ("Weiß hier jemand ob 5G Corona verursacht", "5G Corona verursacht"),
        ("Ist es wahr, dass Zimt Krebs heilt?", "Zimt Krebs heilt"), ("Ich frage mich, ob die Erde flach ist.", "die Erde flach ist"),
        ("Kann mir jemand sagen, ob Zimt Krebs heilt?", "Zimt Krebs heilt"), ("Stimmt das: Zimt heilt Krebs?", "Zimt heilt Krebs"),
        ("Verursacht die Masernimpfung Autismus?", None), ("Die Erde ist flach?", None), ("Warum ist der Himmel blau?", None),
        ("Is it true that the measles vaccine causes autism?", "the measles vaccine causes autism"),
        ("Does anyone know whether cinnamon cures cancer", "cinnamon cures cancer"),
        ("Can someone confirm that cash will be abolished?", "cash will be abolished"),
        ("I wonder if the moon landing was faked.", "the moon landing was faked"), ("True or false: the earth is flat?", "the earth is flat"),
        ("Does cinnamon cure cancer?", None), ("Bin unsicher, ob Zimt Krebs heilt.", "Zimt Krebs heilt"),
        ("Ich wüsste gern, ob die Erde flach ist", "die Erde flach ist"), ("Keine Ahnung ob Zimt heilt", "Zimt heilt"),
        ("Hat irgendwer eine Quelle, dass Zimt Krebs heilt", "Zimt Krebs heilt"), ("Wer weiß was dazu, ob Zimt heilt", "Zimt heilt"),
        ("Gibt es Belege dafür, dass Zimt Krebs heilt", "Zimt Krebs heilt"), ("Not sure if the earth is flat", "the earth is flat"),
        ("Anyone able to confirm that cinnamon cures cancer", "cinnamon cures cancer"), ("I'm unsure whether it heals", "it heals"),
    ],
)  # fmt: skip
def test_a_question_asks_and_what_it_asks_about_is_known(text: str, about: str | None) -> None:
    article = Article(text)
    (reading,) = read_modes(article, split_sentences(article))
    assert (reading.mode, reading.asks) == (F, about)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Grünen wollen das Grillen verbieten. Stimmt das?", [F, F]),
        ("Zimt heilt Krebs. 🤔 Ist das wahr?", [F, F, F]),
        ("The EU bans wood stoves. Is this true?", [F, F]),
        ("Wahr oder falsch? Zimt heilt Krebs.", [F, F]),
        ("Macht die Impfung unfruchtbar? Nein, das stimmt nicht.", [D, D]),
        ("Laut dem Blog heilt Zimt Krebs. Stimmt das?", [R, F]),
        ("Wussten Sie, dass Zimt Krebs heilt?", [A]), ("Did you know that cinnamon cures cancer?", [A]),
        ("„Heilt Zimt denn Krebs?“, fragte der Reporter.", [Q]),
        ("Was kostet das? Die Stadt zahlt jedem 500 Euro.", [F, A]),
        ("Zimt heilt Krebs. Das ist längst widerlegt.", [D, D]), ("Zimt heilt Krebs. So ein Unsinn!", [D, D]),
        ("Zimt heilt Krebs. Stimmt nicht.", [D, D]), ("Zimt heilt Krebs. Das ist ein Märchen.", [D, D]),
        ("Zimt heilt Krebs. Das ist ein Segen.", [A, A]), ("Zimt heilt Krebs. Nein, nein, nein: Er schadet.", [D, A]),
    ],
)  # fmt: skip
def test_questions_and_their_neighbours(text: str, expected: list[Mode]) -> None:
    assert modes(text) == expected


ORDINARY = [
    (language, line)
    for language in ("de", "en")
    for line in (Path(__file__).parent / "ordinary" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("language", "text"), ORDINARY, ids=[text for _, text in ORDINARY])
def test_an_ordinary_sentence_is_a_page_s_own(language: str, text: str) -> None:
    article = Article(text, language=language)
    assert [(reading.mode, reading.cue) for reading in read_modes(article, split_sentences(article))] == [(A, None)]


def test_there_are_200_ordinary_sentences_a_language() -> None:
    assert all(sum(spoken == language for spoken, _ in ORDINARY) >= 200 for language in ("de", "en"))


@pytest.mark.parametrize(
    "text", (Path(__file__).parent / "ordinary" / "reported.txt").read_text(encoding="utf-8").splitlines()
)
def test_somebody_else_s_words_are_told_from_the_page_s(text: str) -> None:
    assert modes(text) in ([R], [Q])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> Zimt heilt Krebs.\n\nDarüber reden wir am Sonntag.", [Q, A]),
        ("> Zimt heilt Krebs.\n> Sagt es allen weiter.", [A, A]),
        ("Bei 3 > 2 gilt: Zimt heilt Krebs.", [A]),
    ],
)  # fmt: skip
def test_what_a_mail_answers_is_quoted(text: str, expected: list[Mode]) -> None:
    assert modes(text) == expected


def test_a_quotation_runs_over_sentences_and_ends_with_its_mark() -> None:
    parts = ["Er rief: „Alles ist vergiftet.", "Das Wasser macht uns krank.“", "Der Saal war halb leer."]
    text = " ".join(parts)
    sentences = [Sentence(part, text.index(part), text.index(part) + len(part)) for part in parts]
    assert [reading.mode for reading in read_modes(Article(text), sentences)] == [Q, Q, A]


def test_a_word_in_scare_quotes_is_no_quotation() -> None:
    assert modes("Die sogenannte „Impfung“ tötet jedes Jahr Tausende Kinder.") == [A]


def test_the_cue_is_the_words_that_decided() -> None:
    article = Article("Laut dem Blog heilt Zitronensaft Krebs.", language="de")
    assert read_modes(article, split_sentences(article))[0].cue == "Laut"


@pytest.mark.parametrize(
    "article",
    [
        Article("Der Staat zahlt jedem ein Auto.", is_fact_check=True),
        Article("Der Staat zahlt jedem ein Auto.", url="https://correctiv.org/faktencheck/2024/auto/"),
        Article("Der Staat zahlt jedem ein Auto.", title="Faktencheck: Bekommt jeder ein Auto?"),
        Article("Aliens vote in Bavaria.", title="Aliens win the vote", site_name="Daily Satire"),
    ],
)
def test_a_fact_check_or_satire_does_not_speak_in_its_own_voice(article: Article) -> None:
    assert page_cue(article) is not None
    assert read_modes(article, split_sentences(article))[0].mode is R


VACCINES = Review("Die Masernimpfung löst bei Kindern Autismus aus.", "Falsch", None, ("Chlorbleiche heilt Malaria.",))


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Die Masernimpfung löst bei Kindern Autismus aus.", Mode.REPORTED),
        ("Bei Kindern löst die Impfung gegen Masern später Autismus aus.", Mode.REPORTED),
        ("Malaria wird durch Chlorbleiche geheilt.", Mode.REPORTED),
        ("Wer seine PIN rückwärts eingibt, ruft damit die Polizei.", Mode.ASSERTED),
        ("In Ulm bekommt jeder Einwohner 500 Euro im Monat.", Mode.ASSERTED),
        ("Es stimmt nicht, dass in Ulm jeder 500 Euro bekommt.", Mode.DENIED),
    ],
)
def test_markup_speaks_for_the_claims_that_it_reviews_and_for_no_other(text: str, mode: Mode) -> None:
    article = Article(text, is_fact_check=True, review=VACCINES)
    (reading,) = read_modes(article, split_sentences(article))
    assert reading.mode is mode
    assert (reading.cue == "ClaimReview") is (mode is Mode.REPORTED)


def test_a_statement_about_what_the_page_reviews_is_not_the_page_s_own() -> None:
    cue = cue_of(Article("Text.", is_fact_check=True, review=VACCINES))
    assert cue("Impfungen, vor allem die gegen Masern, lösen bei Kindern Autismus aus.") == "ClaimReview"
    assert cue("Ein Foto zeigt einen Hai auf einer Straße.") is None
    assert cue_of(Article("Text.", is_fact_check=True))("Ein Foto zeigt einen Hai.") == "ClaimReview"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.snopes.com/fact-check/x", "snopes.com"),
        ("https://m.snopes.com/x", "snopes.com"),
        ("https://apa.at/faktencheck/x", "apa.at/faktencheck"),
        ("https://apa.at/sport/faktencheck", None),
        ("https://evil.example/snopes.com/x", None),
        ("https://evil.example/a?ref=correctiv.org/faktencheck", None),
        ("https://notsnopes.com/a", None),
        ("https://correctiv.org.evil.example/faktencheck/", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_only_a_page_that_lies_on_a_fact_checkers_site_is_theirs(address: str, site: str | None) -> None:
    assert fact_checkers_site(address) == site


def test_a_page_full_of_debunking_words_is_a_fact_check() -> None:
    text = (
        "Ein Auto als Geschenk\n\nIn sozialen Netzwerken kursiert ein Beitrag. Darin wird behauptet, jeder "
        "bekomme ein Auto. Die Meldung ist falsch. Auf Anfrage teilte das Amt mit, so etwas gebe es nicht."
    )
    assert page_cue(Article(text)) == "In sozialen Netzwerken"
    assert page_cue(Article(text), replace(MODES, fact_check_cues=9)) is None
    assert page_cue(Article(text), replace(MODES, words_a_cue=1)) is None


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Der Staat und die Autos\nGrößtenteils falsch. Nur Bedürftige bekommen eines.", "Größtenteils falsch"),
        ("The state and the cars\nMostly false: only some people get one.", "Mostly false"),
        ("Ja, der Staat zahlt Autos, aber nur Bedürftigen\nDas Amt prüft jeden Antrag.", "Ja"),
        ("Ja, der Staat zahlt Autos\nDas Amt prüft jeden Antrag.", None),
        ("Der Staat zahlt Autos\nFalsch. Das Amt prüft jeden Antrag.", None),
        ("Der Staat zahlt Autos\n1\n2\n3\nTeilweise falsch. Das Amt prüft jeden Antrag.", None),
    ],
)
def test_a_rating_above_the_text_or_a_yes_but_makes_a_fact_check(text: str, cue: str | None) -> None:
    assert page_cue(Article(text)) == cue


def test_an_ordinary_article_speaks_for_itself() -> None:
    text = (
        "Neue Brücke über den Fluss\n\nDie Stadt baut eine Brücke. Sie kostet zwölf Millionen Euro und ist 2027 fertig."
    )
    assert page_cue(Article(text, title="Neue Brücke über den Fluss", url="https://blatt.example/bruecke")) is None


def settled(text: str, mode: Mode, cue: str, statement: str) -> Mode:
    return settle_mode(ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, mode, cue), statement, None)


def test_a_cue_that_the_statement_has_too_belongs_to_the_claim() -> None:
    assert settled("The moon landing is a hoax.", D, "is a hoax", "The moon landing was a hoax, it is a hoax.") is A
    assert settled("Merkel sagte, sie wolle gehen.", R, "sagte", "Merkel hat gesagt, dass sie geht.") is A


@pytest.mark.parametrize(
    "text",
    [
        "Er fragte, ob die Stadt Holzöfen verbietet.",
        "Der Reporter wollte wissen, ob die Stadt Holzöfen verbietet.",
        "Viele fragen sich, ob die Stadt Holzöfen verbietet.",
        "Noch ist offen, ob die Stadt Holzöfen verbietet.",
        "She asked him whether the city bans stoves.",
        "A listener wanted to know if the city bans stoves.",
        "It remains unclear whether the city bans stoves.",
    ],
)
def test_what_others_ask_and_what_is_open_is_asked_and_never_asserted(text: str) -> None:
    assert modes(text) == [F]


@pytest.mark.parametrize(
    "text",
    [
        "Der Laut des Vogels ist im ganzen Tal zu hören.",
        "Jeder Laut der Katze weckte ihn.",
        "Sie fragte nach dem Weg, obwohl sie ihn kannte.",
        "Die Stadt wollte wissen lassen, dass sie zahlt.",
        "He asked for a refund and got it.",
    ],
)
def test_a_sound_and_a_request_are_the_pages_own_words(text: str) -> None:
    assert modes(text) == [A]


@pytest.mark.parametrize(
    ("statement", "mode"),
    [("Die Impfung schützt nicht.", A), ("Es ist gelogen, dass die Impfung schützt.", A), ("Die Impfung schützt.", D)],
)
def test_a_denial_is_not_counted_twice_where_the_statement_denies_too(statement: str, mode: Mode) -> None:
    assert settled("Es ist nicht wahr, dass die Impfung schützt.", D, "nicht wahr", statement) is mode


def test_a_cue_that_the_statement_lacks_stays() -> None:
    assert settled("The moon landing is a hoax.", D, "is a hoax", "Men landed on the moon.") is D
    assert settled("Der Blog sagte, Saft heile Krebs.", R, "sagte", "Saft heilt Krebs.") is R
    assert settled("Saft heilt Krebs.", D, "Das ist falsch", "Das ist falsch: Saft heilt Krebs.") is D
