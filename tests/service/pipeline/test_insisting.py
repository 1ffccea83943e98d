"""Sentences that insist on what follows: their negation denies nothing of it."""

from __future__ import annotations

import pytest

from service.models import Article, Mode
from service.pipeline.claims import select_claims
from service.pipeline.evidence import searched_texts
from service.pipeline.insisting import insisted
from service.pipeline.sentences import split_sentences

GERMAN = "die Masernimpfung löst bei Kindern Autismus aus"
GERMAN_LAST = "die Masernimpfung bei Kindern Autismus auslöst"
ENGLISH = "vaccines cause autism in children"


@pytest.mark.parametrize(
    ("opening", "claim"),
    [
        ("Kein Zweifel: ", GERMAN), ("Das ist kein Geheimnis: ", GERMAN), ("Keine Lüge: ", GERMAN),
        ("Das ist keine Verschwörungstheorie: ", GERMAN), ("Am Wortlaut ändert das nichts: ", GERMAN),
        ("Es gibt keinen Zweifel, dass ", GERMAN_LAST), ("Es ist kein Mythos, dass ", GERMAN_LAST),
        ("Niemand kann bestreiten, dass ", GERMAN_LAST), ("Niemand bestreitet, dass ", GERMAN_LAST),
        ("Kein vernünftiger Mensch bezweifelt, dass ", GERMAN_LAST), ("No serious doctor doubts that ", ENGLISH),
        ("Nobody denies that ", ENGLISH), ("This is not fake news: ", ENGLISH), ("It cannot be denied that ", ENGLISH), ("Nein, wirklich: ", GERMAN), ("Nicht vergessen: ", GERMAN),
        ("Es ist nicht falsch, dass ", GERMAN_LAST), ("Es ist gar nicht gelogen, dass ", GERMAN_LAST),
        ("It is not false that ", ENGLISH), ("It isn't wrong to say that ", ENGLISH), ("It’s not untrue that ", ENGLISH),
        ("Nein, nein, nein: ", GERMAN), ("Nein: ", GERMAN), ("Nein, ", GERMAN), ("Nee, ", GERMAN),
        ("No, no, no: ", ENGLISH), ("No: ", ENGLISH),
        ("There is no doubt that ", ENGLISH), ("There’s no doubt that ", ENGLISH), ("It is no secret that ", ENGLISH),
        ("It is not a myth that ", ENGLISH), ("Nobody can deny that ", ENGLISH), ("No, really: ", ENGLISH),
        ("Make no mistake: ", ENGLISH), ("Nothing has changed: ", ENGLISH), ("Never forget that ", ENGLISH),
    ],
)  # fmt: skip
def test_what_is_insisted_on_is_asserted_and_searched_alone(opening: str, claim: str) -> None:
    article = Article(f"{opening}{claim}.", language="en" if claim is ENGLISH else "de")
    (scored,) = select_claims(article, split_sentences(article))
    assert scored.mode is Mode.ASSERTED
    assert searched_texts(scored) == [f"{claim}."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Es ist ein Mythos, dass die Masernimpfung Autismus auslöst.", "It is a myth that vaccines cause autism.",
        "Es gibt keinen Beleg, dass die Masernimpfung Autismus auslöst.", "There is no evidence that vaccines cause autism.",
        "Nein, nein: Die Masernimpfung löst keinen Autismus aus.", "Nein, das ist Unsinn.", "No, no, that is a myth.",
        "Nein, laut Robert Koch-Institut ist sie sicher.", "Nein, oder löst sie Autismus aus?", "Nein!", "Neinsager stimmen dagegen.",
        "Nein, die Masernimpfung löst keinen Autismus aus.", "No, vaccines do not cause autism.",
        "Kein Zweifel: Es ist ein Mythos, dass die Masernimpfung Autismus auslöst.", "Keine Frage der Zeit ist das.",
        "No doubt: according to a doctor vaccines cause autism.", "Kein Geheimnis", "", "No doubt: ",
    ],
)  # fmt: skip
def test_a_denial_and_the_words_of_others_insist_on_nothing(sentence: str) -> None:
    assert insisted(sentence) is None


def test_an_answer_behind_it_still_denies() -> None:
    article = Article(f"Das ist kein Geheimnis: {GERMAN}. Das ist falsch.", language="de")
    assert select_claims(article, split_sentences(article))[0].mode is Mode.DENIED
