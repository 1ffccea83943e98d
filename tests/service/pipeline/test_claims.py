"""Which sentences are claims: known answers, German and English, by the features alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from service.models import Article, Hint, Mode, ScoredSentence, Sentence
from service.pipeline.checkworthiness import (
    encoder_of,
    read_weights,
    weigh_sentences,
)
from service.pipeline.claims import (
    is_post,
    resolve_pronoun,
    select_claims,
    within_budget,
)
from service.pipeline.sentences import split_sentences
from service.thresholds import DEFAULTS

MIN_SEARCHED, MAX_SEARCHED = DEFAULTS.claims.min_searched, DEFAULTS.claims.max_searched
MIN_CHECKWORTHINESS = DEFAULTS.claims.min_checkworthiness

CLAIMS = [
    "Die Zahl der Einbrüche ist seit 2015 um 40 Prozent gesunken.",
    "Das Gericht verurteilte den Minister zu drei Jahren Haft.",
    "Zwei Tassen Zimttee am Tag heilen Diabetes in vier Wochen.",
    "Unemployment fell by two percent after the government cut taxes.",
    "The company recalled 12,000 cars because of faulty brakes.",
    "The new vaccine has killed more than 300 people in Norway.",
]
OTHERS = [
    "Wie gefährlich ist das neue Virus?",
    "Ich finde das einfach nur traurig.",
    "Melden Sie sich für unseren Newsletter an.",
    "Guten Morgen zusammen!",
    "Wir verwenden Cookies, um Ihr Erlebnis zu verbessern.",
    "Von Petra Lindner",
    "What do you think about the new mayor?",
    "I love this song so much.",
    "We use cookies to improve your experience.",
    "Thank you for having me tonight.",
    "Click here to subscribe.",
    "And then?",
]


def select(text: str, **fields: object) -> tuple[ScoredSentence, ...]:
    article = Article(text, **fields)  # type: ignore[arg-type]
    return select_claims(article, split_sentences(article), today=date(2026, 1, 1))


@pytest.mark.parametrize("text", CLAIMS)
def test_a_statement_of_fact_is_a_claim(text: str) -> None:
    assert weigh_sentences([text])[0].score >= MIN_CHECKWORTHINESS


@pytest.mark.parametrize("text", OTHERS)
def test_questions_opinions_and_boilerplate_are_none(text: str) -> None:
    assert weigh_sentences([text])[0].score < MIN_CHECKWORTHINESS


def test_every_sentence_is_scored_in_order() -> None:
    claims = select(f"{CLAIMS[0]} {OTHERS[0]}\n{CLAIMS[1]}")
    assert [claim.sentence.text for claim in claims] == [CLAIMS[0], OTHERS[0], CLAIMS[1]]
    assert [claim.is_claim for claim in claims] == [True, False, True]


def test_a_repeated_sentence_is_a_claim_once() -> None:
    assert [claim.is_claim for claim in select(f"{CLAIMS[0]}\n{CLAIMS[0].upper()}")] == [True, False]


def test_the_bar_can_be_set() -> None:
    article = Article(OTHERS[0])
    low = replace(DEFAULTS, claims=replace(DEFAULTS.claims, min_checkworthiness=0.0))
    (claim,) = select_claims(article, split_sentences(article), low)
    assert claim.is_claim


def test_no_sentences_no_claims() -> None:
    assert select("") == ()
    assert weigh_sentences([]) == []


def test_vectors_are_asked_for_promising_sentences_only_and_move_the_score() -> None:
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        towards = read_weights().embedding / np.linalg.norm(read_weights().embedding)
        return np.tile(towards.astype(np.float32), (len(texts), 1))

    with_vectors = [worth.score for worth in weigh_sentences([CLAIMS[0], OTHERS[2]], encode)]
    assert asked == [CLAIMS[0]]
    assert with_vectors[0] > 0.99
    assert with_vectors[1] == weigh_sentences([OTHERS[2]])[0].score


def test_another_embedder_gives_no_vectors_to_the_weights() -> None:
    class Other:
        model_id, dimensions = "other", 3

        def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
            raise AssertionError

        encode_statements = encode_queries

    assert encoder_of(Other()) is None


def test_a_score_can_be_explained() -> None:
    (worth,) = weigh_sentences(["Wie gefährlich ist das neue Virus?"])
    assert worth.features[0].name == "question"
    assert worth.features[0].weight < -1


def test_the_features_and_the_embedding_make_the_score() -> None:
    vector = (read_weights().embedding / np.linalg.norm(read_weights().embedding)).astype(np.float32)
    (worth,) = weigh_sentences([CLAIMS[2]], lambda texts: np.tile(vector, (len(texts), 1)))
    assert worth.features[0].name == "wording"
    assert len(worth.features) <= 5
    assert select(CLAIMS[2])[0].features == weigh_sentences([CLAIMS[2]])[0].features


@pytest.mark.parametrize(
    ("text", "before", "query"),
    [
        ("Sie hat drei Häuser gekauft.", "Anna Beispiel war Ministerin.", "Anna Beispiel hat drei Häuser gekauft."),
        ("He was born in Kenya.", "Nobody asked John Sample about it.", "John Sample was born in Kenya."),
        ("Sie hat drei Häuser gekauft.", "Anna Beispiel traf Bert Muster.", None),
        ("Sie können das hier lesen.", "Anna Beispiel war Ministerin.", None),
        ("Das Haus steht leer.", "Anna Beispiel war Ministerin.", None),
        ("He was born in Kenya.", "", None),
    ],
)
def test_a_pronoun_is_resolved_where_one_person_was_named(text: str, before: str, query: str | None) -> None:
    assert resolve_pronoun(text, before) == query


def test_the_claims_of_a_post_are_searched_with_the_whole_of_it() -> None:
    post = f"Unfassbar! {CLAIMS[2]} Bitte teilen!"
    assert [claim.query for claim in select(post)] == [post] * 3
    asked = f"Stimmt es, dass {CLAIMS[2]} Meine Nachbarin sagt das."
    assert [claim.query for claim in select(asked)] == [CLAIMS[2][:-1], asked]
    assert all(claim.query is None for claim in select(post, title="Ein Artikel"))


def test_in_a_long_post_each_sentence_is_searched_with_its_neighbours() -> None:
    sentences = [f"In {place} wurde am Montag viel über das neue Geld gesprochen." for place in "ABCDEFGHIJKLMNOP"]
    queries = [claim.query for claim in select(" ".join(sentences))]
    assert queries[0] == " ".join(sentences[:2])
    assert queries[4] == " ".join(sentences[3:6])
    assert queries[-1] == " ".join(sentences[-2:])
    assert all(claim.query is None for claim in select(" ".join(sentences), title="Ein Artikel"))
    assert all(claim.query is None for claim in select(" ".join(sentences * 5)))


def test_an_old_article_is_hinted_at() -> None:
    assert select(CLAIMS[0], date_published=date(2019, 5, 3))[0].hints == (Hint.OLD_ARTICLE,)
    assert select(CLAIMS[0], date_published=date(2025, 5, 3))[0].hints == ()


@pytest.mark.parametrize(
    ("fields", "hints"),
    [
        ({"title": "Kommentar: Zimt für alle"}, (Hint.OPINION,)),
        ({"title": "Opinion | Cinnamon for all"}, (Hint.OPINION,)),
        ({"url": "https://blatt.example/meinung/zimt"}, (Hint.OPINION,)),
        ({"title": "Meinungsforscher irren sich"}, ()),
        ({"title": "Kommentare unter dem Beitrag", "url": "https://blatt.example/politik/zimt"}, ()),
    ],
)
def test_a_page_that_calls_itself_an_opinion_is_hinted_at(fields: dict[str, str], hints: tuple[str, ...]) -> None:
    assert select(CLAIMS[2], **fields)[0].hints == hints


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Die Erde ist flach.", ["Die Erde ist flach."]), ("5G causes covid", ["5G causes covid"]), ("Guten Morgen zusammen!", []),
        ("Hallo ihr! Die Erde ist flach.", ["Die Erde ist flach."]), ("👍👍", []),
        (f"{CLAIMS[2]} Die Erde ist flach.", [CLAIMS[2]]),
    ],
)  # fmt: skip
def test_the_best_sentence_of_a_short_text_is_a_claim_whatever_it_is_worth(text: str, claims: list[str]) -> None:
    assert [claim.sentence.text for claim in select(text) if claim.is_claim] == claims


def test_a_question_is_a_claim_by_what_it_asks_about() -> None:
    (claim,) = select("Weiß jemand, ob die Erde flach ist?", title="Eine Seite")
    assert (claim.mode, claim.is_claim, claim.query) == (Mode.ASKED, True, "die Erde flach ist")
    (claim,) = select("Weiß jemand, ob es regnet?", title="Eine Seite")
    assert not claim.is_claim


def test_a_question_that_is_answered_with_no_is_a_denial_of_what_it_asks_about() -> None:
    claim, _ = select("Stimmt es, dass die Erde flach ist? Nein, das ist falsch.", title="Eine Seite")
    assert (claim.mode, claim.is_claim, claim.query) == (Mode.DENIED, True, "die Erde flach ist")


def test_what_nobody_sees_changes_nothing() -> None:
    hidden = "\ufeff" + CLAIMS[0].replace("Einbrüche", "Ein\u00adbrü\u200bche")
    (plain,), (claim,) = select(CLAIMS[0]), select(hidden)
    assert (claim.checkworthiness, claim.features, claim.mode) == (plain.checkworthiness, plain.features, plain.mode)
    assert claim.sentence.text == hidden[1:]


PAGE = Article(text="Ein Satz.", title="Eine Seite")


def claim(n: int, score: float) -> ScoredSentence:
    return ScoredSentence(Sentence(f"Satz {n}.", n * 10, n * 10 + 7), score, score >= MIN_CHECKWORTHINESS)


def test_the_most_check_worthy_are_searched_and_claims_left_out_are_known() -> None:
    claims = [claim(n, 0.71 + n / 1000) for n in range(MAX_SEARCHED + 2)]
    searched, left = within_budget(PAGE, claims)
    assert searched == claims[2:]
    assert left == claims[:2]


def test_doubtful_sentences_are_searched_where_there_is_room() -> None:
    claims = [claim(0, MIN_SEARCHED), claim(1, MIN_SEARCHED - 0.01), claim(2, 0.9)]
    assert within_budget(PAGE, claims) == ([claims[0], claims[2]], [])


def test_how_much_is_searched_and_what_is_a_post_are_thresholds() -> None:
    claims = [claim(0, 0.9), claim(1, 0.8), claim(2, 0.5)]
    assert within_budget(PAGE, claims, replace(DEFAULTS.claims, max_searched=1)) == ([claims[0]], [claims[1]])
    assert within_budget(PAGE, claims, replace(DEFAULTS.claims, min_searched=0.6)) == (claims[:2], [])
    post = Article(text="Ein kurzer Text von sechs Wörtern.")
    assert is_post(post)
    assert not is_post(post, replace(DEFAULTS.claims, max_post_words=5))
    assert not is_post(post, longest=5)


def test_of_a_post_the_best_sentence_is_searched_in_any_case() -> None:
    claims = [claim(0, 0.1), claim(1, MIN_SEARCHED - 0.01)]
    assert within_budget(Article(text="Kurz und knapp."), claims) == ([claims[1]], [])
    assert within_budget(PAGE, claims) == ([], [])
    assert within_budget(Article(text=""), []) == ([], [])
