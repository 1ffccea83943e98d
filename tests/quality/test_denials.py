"""What two denials, and amounts in words, come to with the bundled pair model: never the wrong way round."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from index.models import Pair, Stance
from index.pairs.reader import ReaderPairModel
from service.conclusions import stance_of_page
from service.models import ScoredSentence, Sentence
from service.pipeline.article import article_from_text
from service.pipeline.modes import read_modes, settle_mode

# What is said, its opposite, and both as clauses.
SAID = [
    ("Er kam zur Sitzung.", "Er kam nicht zur Sitzung.", "er zur Sitzung kam", "er nicht zur Sitzung kam"),
    (
        "Impfungen verursachen Autismus.",
        "Impfungen verursachen keinen Autismus.",
        "Impfungen Autismus verursachen",
        "Impfungen keinen Autismus verursachen",
    ),
    (
        "Die Stadt verbietet Holzöfen ab 2026.",
        "Die Stadt verbietet Holzöfen ab 2026 nicht.",
        "die Stadt Holzöfen ab 2026 verbietet",
        "die Stadt Holzöfen ab 2026 nicht verbietet",
    ),
]
SAID_IN_ENGLISH = [
    (
        "The minister has resigned.",
        "The minister has not resigned.",
        "the minister has resigned",
        "the minister has not resigned",
    ),
    (
        "Vaccines cause autism.",
        "Vaccines do not cause autism.",
        "vaccines cause autism",
        "vaccines do not cause autism",
    ),
]
FRAMES = [
    "Es ist nicht wahr, dass {}.",
    "Es stimmt nicht, dass {}.",
    "Dass {}, ist falsch.",
    "Niemand behauptet ernsthaft, dass {}.",
]
FRAMES_IN_ENGLISH = [
    "It is false that {}.",
    "It's a lie that {}.",
    "The claim that {} is false.",
    "Nobody seriously claims that {}.",
]


@dataclass(frozen=True)
class Case:
    """A text, the statement beside it, and whether both say the same."""

    text: str
    statement: str
    same: bool


def cases() -> list[Case]:
    found = []
    for said, frames in ((SAID, FRAMES), (SAID_IN_ENGLISH, FRAMES_IN_ENGLISH)):
        for yes, no, is_so, is_not in said:
            for frame in frames:
                for clause, says in ((is_so, False), (is_not, True)):
                    text = frame.format(clause)
                    text = text[0].upper() + text[1:]
                    found += [Case(text, yes, says), Case(text, no, not says)]
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.text} | {case.statement}")
def test_denials_are_never_read_the_wrong_way_round(model: ReaderPairModel, case: Case) -> None:
    article = article_from_text(case.text, None)
    (reading,) = read_modes(article, [Sentence(case.text, 0, len(case.text))])
    claim = ScoredSentence(Sentence(case.text, 0, len(case.text)), 0.9, True, mode=reading.mode, cue=reading.cue)
    (judged,) = model.judge([Pair(case.text, case.statement, 0.95, 0.8)])
    mode = settle_mode(claim, case.statement, None)
    assert stance_of_page(judged.stance, mode) is not (Stance.REFUTES if case.same else Stance.SUPPORTS)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Drei Viertel der Deutschen lehnen das Gesetz ab.", "75 Prozent der Deutschen lehnen das Gesetz ab."),
        ("67 Prozent der Deutschen lehnen das Gesetz ab.", "Zwei Drittel der Deutschen lehnen das Gesetz ab."),
        ("Jeder fünfte Flug fällt aus.", "20 Prozent aller Flüge fallen aus."),
        ("Der Bau kostet anderthalb Millionen Euro.", "Der Bau kostet 1,5 Millionen Euro."),
        ("Der Bau kostet zwei Milliarden Euro.", "Der Bau kostet 2.000 Millionen Euro."),
        ("Three quarters of Germans reject the law.", "75 percent of Germans reject the law."),
        ("50% of all pupils cannot read.", "Half of all pupils cannot read."),
        ("Every third flight is cancelled.", "33 percent of flights are cancelled."),
        ("The bridge cost half a million dollars.", "The bridge cost $500,000."),
    ],
)
def test_equal_amounts_in_other_words_are_the_same_claim(model: ReaderPairModel, claim: str, statement: str) -> None:
    (judged,) = model.judge([Pair(claim, statement, 0.95, 0.8)])
    assert judged.stance is Stance.SUPPORTS
    assert judged.confidence >= model.min_confidence
    assert not judged.differences


CROSS = "Ragt das Kreuz auf dem Stimmzettel über den Kreis hinaus, ist die Stimme ungültig."
IPHONE = "Wer ein iPhone besitzt, ist automatisch als Organspender registriert."


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Auch wenn das Kreuz etwas über den Kreis hinausgeht, bleibt der Stimmzettel gültig.", CROSS),
        ("Dein Stimmzettel zählt trotzdem, wenn du mit dem Kreuz ein Stück über den Rand gerätst.", CROSS),
        ("Trotz eines Kreuzes, das über den Kreis ragt, wird der Stimmzettel ganz normal ausgezählt.", CROSS),
        (
            "A ballot still counts if your cross strays slightly outside the circle.",
            "If the cross on the ballot paper goes over the edge of the circle, the vote is invalid.",
        ),
        (
            "Windräder holen die Energie für ihren Bau in weniger als einem Jahr wieder rein.",
            "Ein Windrad erzeugt in seiner ganzen Lebenszeit weniger Energie, als für seinen Bau nötig war.",
        ),
        (
            "Nach der Masernimpfung ist Autismus genauso häufig wie ohne Impfung.",
            "Impfungen, vor allem die gegen Masern, lösen bei Kindern Autismus aus.",
        ),
        (
            "Owning an iPhone doesn't make you an organ donor.",
            "Anyone who owns an iPhone is automatically registered as an organ donor.",
        ),
        ("Wer ein iPhone hat, muss sich wie jeder andere selbst um einen Organspendeausweis kümmern.", IPHONE),
    ],
)
def test_what_denies_in_words_of_its_own_is_never_taken_to_repeat_the_statement(
    model: ReaderPairModel, text: str, statement: str
) -> None:
    (judged,) = model.judge([Pair(text, statement, 0.95, 0.8)])
    assert judged.stance is not Stance.SUPPORTS
