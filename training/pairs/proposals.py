"""The pairs that a search proposes for the families' texts, as in the service: the confidence is fitted on them.

The index holds every family's statements and the starter's. Posts are searched amid chatter too, as they are met.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.exchange.importing import import_reviews
from index.model.embedder import Embedder
from index.models import NormalizedRating, Pair, Rating, Statement
from index.pairs.protocol import PairModel
from index.retrieval.opening import open_live_index
from index.retrieval.search import StatementIndex
from index.starter import starter_reviews
from index.store.statements import StatementStore
from training.pairs.corpus import Family, Text
from training.pairs.examples import POSTED, TWIN, amid_chatter

NEAREST = 10  # foreign statements a text
REACH = 40  # how far down the family's own statements are looked for
SEED = 3
ORDINARY = "ordinary "
_ADDRESS = "https://families.invalid/"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pair, of which text it is, whether the statement is of the text's family, and whether it is its claim."""

    pair: Pair
    number: int
    text: Text
    family: str
    own: bool
    same: bool


def propose(
    families: Sequence[Family],
    searched: Sequence[Family],
    model: PairModel,
    embedder: Embedder,
    sentences: Sequence[Text] = (),
) -> list[Proposal]:
    """What is found for each text of `searched`, and for ordinary sentences, in an index of `families` and the starter.

    Statements that may well make the same claim as the family's own are left out; of ordinary sentences each is a
    family of its own, whose claim no statement makes.
    """
    owner = {statement: family.id for family in families for statement in family.statement.values()}
    twins = find_twins(owner, embedder)
    texts = [(family.id, text) for family, text in posted_texts(searched)]
    texts += [(f"{ORDINARY}{number}", sentence) for number, sentence in enumerate(sentences)]
    proposals = []
    with tempfile.TemporaryDirectory() as folder:
        index = build_index(list(owner), model, embedder, Path(folder))
        found = index.propose([text.text for _, text in texts], REACH)
        for number, ((own_id, text), row) in enumerate(zip(texts, found, strict=True)):
            for rank, (statement, pair, *_) in enumerate(row):
                whose = owner.get(statement.claim_reviewed, "")
                own = whose == own_id
                if own or (rank < NEAREST and whose not in twins.get(own_id, ())):
                    proposals.append(Proposal(pair, number, text, own_id, own, own and text.label != "different"))
    return proposals


def posted_texts(families: Sequence[Family]) -> Iterator[tuple[Family, Text]]:
    """Every text, and those that people post once more amid chatter."""
    draw = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    for family in families:
        for text in family.texts:
            yield family, text
            if text.kind in POSTED:
                yield family, amid_chatter(text, draw)


def find_twins(owner: Mapping[str, str], embedder: Embedder) -> dict[str, set[str]]:
    """For each family the others whose statements lie as near as TWIN to its own."""
    names = np.array(list(owner.values()))
    vectors = embedder.encode_statements(list(owner))
    near = vectors @ vectors.T >= TWIN
    return {name: set(names[near[names == name].any(axis=0)]) - {name} for name in set(names)}


def build_index(statements: Sequence[str], model: PairModel, embedder: Embedder, folder: Path) -> StatementIndex:
    """An index of these statements and the starter's, in a folder."""
    store = StatementStore.open(f"sqlite:///{folder / 'statements.db'}")
    import_reviews(store, starter_reviews(), "application/x-ndjson")
    rating = Rating("False", normalized=NormalizedRating.FALSE)
    store.put_many([Statement(text, f"{_ADDRESS}{n}", rating) for n, text in enumerate(statements)])
    live = open_live_index(store, embedder, model, folder / "index")
    live.update()
    return live.current()
