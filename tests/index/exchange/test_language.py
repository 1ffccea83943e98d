"""The language of a few words, of a sentence, and of those that few people write."""

from __future__ import annotations

import pytest

from index.exchange.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Hot lemon water cures diabetes."), ("en", "Vaccines cause autism"), ("en", "Microwaves destroy nutrients"),
        ("en", "Trump won Pennsylvania"), ("en", "Biden bans gas stoves"),
        ("de", "Aluminium im Deo löst Brustkrebs aus."), ("de", "Windräder töten Vögel"), ("de", "Ingwer heilt Krebs"),
        ("de", "Nestlé privatisiert Trinkwasser"), ("fr", "La terre est plate."), ("es", "La tierra es plana"),
        ("it", "I vaccini causano l'autismo"), ("nl", "De aarde is plat"), ("pl", "Ziemia jest płaska."), ("tr", "Dünya düzdür"),
        ("ru", "Земля плоская"), ("el", "Η γη είναι επίπεδη"), ("ar", "الأرض مسطحة"), ("sv", "Vaccinet orsakar autism"),
        ("hu", "Oltások autizmust okoznak"), ("pt", "As vacinas causam autismo nas crianças"),
    ],
)  # fmt: skip
def test_few_words_are_in_a_language_that_people_write(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ka", "დედამიწა ბრტყელია"), ("ta", "பூமி தட்டையானது"), ("am", "ምድር ጠፍጣፋ ናት"), ("is", "Jörðin er flöt og bóluefni valda einhverfu."),
        ("cy", "Mae brechlynnau yn achosi awtistiaeth mewn plant"), ("sw", "Chanjo husababisha ugonjwa wa akili kwa watoto"),
        ("eu", "Txertoek autismoa eragiten dute umeetan."), ("lb", "D'Impfung mécht d'Kanner krank an d'Regierung seet näischt"),
    ],
)  # fmt: skip
def test_a_rare_language_is_known_where_it_shows(language: str, text: str) -> None:
    assert detect_language(text) == language
