"""Which pairs the confidence is fitted on: a family's own statement and the nearest foreign ones, but for their twins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.model.embedder import Vectors
from index.pairs.rules import RulePairModel
from training.pairs.corpus import Family, Text
from training.pairs.examples import TWIN
from training.pairs.proposals import NEAREST, ORDINARY, find_twins, posted_texts, propose

from ..index.conftest import WordEmbedder

SAID = "The mayor of Oakville sold the town bridge to a circus."


def family(name: str, statement: str, *texts: tuple[str, str, str]) -> Family:
    return Family(name, "towns", {"en": statement}, tuple(Text(kind, "en", label, text) for kind, label, text in texts))


BRIDGE = family(
    "bridge", SAID,
    ("paraphrase", "asserted", "A circus bought the bridge of Oakville from the mayor."),
    ("denial", "denied", "No, the mayor of Oakville never sold the bridge to a circus."),
    ("number", "different", "The mayor of Oakville sold two bridges to a circus."),
    ("unrelated", "different", "Oakville has a new fountain."),
)  # fmt: skip
TWINS = family("twins", f"{SAID} Really.")
OTHERS = [family(f"other{n}", f"The mayor of Elmville{n} sold {n} bridges to a museum.") for n in range(30)]


@pytest.fixture(scope="module")
def found():
    embedder = WordEmbedder(dimensions=256)
    ordinary = [Text("ordinary", "en", "different", "A mayor sold a bridge somewhere.")]
    return propose([BRIDGE, TWINS, *OTHERS], [BRIDGE], RulePairModel(embedder), embedder, ordinary)


def test_the_own_statement_is_the_same_claim_unless_the_text_says_something_else(found) -> None:
    own = {(each.text.kind, each.same) for each in found if each.own}
    assert {kind: same for kind, same in own if kind != "unrelated"} == {
        "paraphrase": True,
        "denial": True,
        "number": False,
    }
    assert {each.pair.statement for each in found if each.own} == {SAID}


def test_foreign_statements_are_the_nearest_and_never_the_same(found) -> None:
    foreign = [each for each in found if not each.own]
    assert foreign
    assert not any(each.same for each in foreign)
    for number in {each.number for each in foreign}:
        assert len([each for each in found if each.number == number]) <= NEAREST + 1


def test_a_statement_that_may_make_the_same_claim_is_left_out(found) -> None:
    assert not [each for each in found if each.family == "bridge" and each.pair.statement == f"{SAID} Really."]


def test_an_ordinary_sentence_is_a_family_of_its_own_that_no_statement_belongs_to(found) -> None:
    ordinary = [each for each in found if each.family.startswith(ORDINARY)]
    assert ordinary
    assert {(each.family, each.own, each.same) for each in ordinary} == {(f"{ORDINARY}0", False, False)}


def test_what_people_post_is_searched_once_more_amid_chatter() -> None:
    texts = [text for _, text in posted_texts([BRIDGE])]
    kinds = [text.kind for text in texts]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "paraphrase": 2,
        "denial": 2,
        "number": 1,
        "unrelated": 1,
    }
    plain, posted = (text for text in texts if text.kind == "denial")
    assert plain.text in posted.text
    assert len(posted.text) > len(plain.text)
    assert posted.label == "denied"
    assert texts == [text for _, text in posted_texts([BRIDGE])], "the same each time"


class TableEmbedder:
    """Vectors from a table."""

    model_id, dimensions = "table", 2

    def __init__(self, table: dict[str, tuple[float, float]]) -> None:
        self.table = table

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.table[text] for text in texts], np.float32)

    encode_queries = encode_statements


def test_twins_are_families_with_statements_as_near_as_that() -> None:
    near, far = TWIN + 0.01, TWIN - 0.01
    table = {"a": (1.0, 0.0), "b": (near, (1 - near**2) ** 0.5), "c": (far, -((1 - far**2) ** 0.5)), "a2": (0.0, -1.0)}
    owner = {"a": "A", "b": "B", "c": "C", "a2": "A"}
    assert find_twins(owner, TableEmbedder(table)) == {"A": {"B"}, "B": {"A"}, "C": set()}
