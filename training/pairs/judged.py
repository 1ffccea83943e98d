"""Real posts whose nearest statements were judged by people, read from a folder that is no part of this project.

For each NAME.qrels.jsonl ({"q": post, "s": statement, "label"}; S the same claim, D the same claim denied) there are
NAME.queries.jsonl ({"query_id", "query", "target_ids"}) and NAME.statements.jsonl.gz ({"id", "claim", "lang",
"source"}); a post without "lang" is in the language that NAME begins with. Each post is taken twice: as it is, and
without its right statements, for in life most posts have none.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.model.embedder import Embedder
from index.models import Pair, Publisher, Rating, Standing, Statement
from index.pairs.protocol import PairModel
from index.retrieval.late_interaction import stand_out
from index.retrieval.opening import open_live_index
from index.retrieval.search import Proposed, StatementIndex
from index.store.statements import StatementStore
from index.thresholds import SEARCH
from training.pairs.corpus import Text
from training.pairs.proposals import Proposal
from training.sources import JUDGED_FILES

TITLES = {"de_posts": "CheckThat! 2025, task 2", "en_tweets": "Kazemi et al. 2022"}  # what people call the sets
JUDGED = "judged "  # begins the family of a post
FIRST = 5  # statements a post that people judged
READ = 8  # statements a post that stay in sight where the right ones are missing
REACH = 20  # candidates a post, from which the background without the right ones is taken
RIGHT = {"S", "D"}
_ADDRESS = "https://judged.invalid/"


@dataclass(frozen=True, slots=True)
class JudgedPost:
    """A post, the labels of its nearest statements by their ids, and which of these are right."""

    id: str
    text: str
    language: str
    labels: Mapping[str, str]
    right: frozenset[str]


def judged_proposals(folder: Path, model: PairModel, embedder: Embedder, first_number: int) -> list[Proposal]:
    """What a search proposes for the posts of a folder, numbered from `first_number` on, each post twice."""
    found: list[Proposal] = []
    for judgements in sorted(folder.glob("*.qrels.jsonl")):
        name = judgements.name.removesuffix(".qrels.jsonl")
        statements = folder / f"{name}.statements.jsonl.gz"
        if not statements.exists():
            print(f"{name}: left out, there is no {statements.name}")
            continue
        posts = read_posts(judgements, folder / f"{name}.queries.jsonl")
        number = first_number + len({each.number for each in found})
        with tempfile.TemporaryDirectory() as aside:
            index = index_of(list(_rows(statements)), model, embedder, Path(aside))
            found += proposals_for(posts, f"{JUDGED}{name}", index, number)
        print(f"{name}: {len(posts)} judged posts")
    return found


def files_in(folder: Path) -> list[Path]:
    """The files of a folder that judged posts are read from."""
    return sorted(path for path in folder.iterdir() if path.name.endswith(JUDGED_FILES))


def read_posts(judgements: Path, queries: Path) -> list[JudgedPost]:
    """The judged posts of two files, in the order of the second."""
    labels: dict[str, dict[str, str]] = {}
    for row in _rows(judgements):
        labels.setdefault(str(row["q"]), {})[str(row["s"])] = str(row["label"])
    posts = []
    for row in _rows(queries):
        own = labels.get(str(row["query_id"]))
        if own:
            right = {statement for statement, label in own.items() if label in RIGHT}
            right |= set(map(str, row.get("target_ids", ())))
            language = str(row.get("lang") or queries.name[:2])
            posts.append(JudgedPost(str(row["query_id"]), str(row["query"]), language, own, frozenset(right)))
    return posts


def index_of(
    statements: Sequence[Mapping[str, Any]], model: PairModel, embedder: Embedder, folder: Path
) -> StatementIndex:
    """An index of statements ({"id", "claim", "lang", "source"}), in a folder."""
    store = StatementStore.open(f"sqlite:///{folder / 'statements.db'}")
    store.put_many([_statement(row) for row in statements])
    live = open_live_index(store, embedder, model, folder / "index")
    live.update()
    return live.current()


def proposals_for(
    posts: Sequence[JudgedPost], family: str, index: StatementIndex, number: int, first: int = FIRST
) -> Iterator[Proposal]:
    """What an index proposes for posts, numbered from `number` on, each twice; each is a family of its own."""
    for post, row in zip(posts, index.propose([post.text for post in posts], REACH), strict=True):
        yield from present(post, row[:first], f"{family} {post.id}", number)
        yield from absent(post, row, f"{family} {post.id}", number + 1)
        number += 2


def present(post: JudgedPost, row: Sequence[Proposed], family: str, number: int) -> Iterator[Proposal]:
    """The judged ones of a post's first statements."""
    for each in row:
        label = post.labels.get(_id(each))
        if label is not None:
            yield Proposal(each.pair, number, _text(post), family, True, label in RIGHT)


def absent(post: JudgedPost, row: Sequence[Proposed], family: str, number: int) -> Iterator[Proposal]:
    """A post's first statements where the right ones are not in the index; nothing where none of them was near."""
    if not any(post.labels.get(_id(each)) in RIGHT for each in row[:READ]):
        return
    wrong = [each.pair for each in row if _id(each) not in post.right]
    for pair in standing_again(wrong)[:READ]:
        yield Proposal(pair, number, _text(post), family, False, False)


def standing_again(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs of one text, each beside the others that are left."""
    others = slice(*SEARCH.background)
    if len(pairs) <= others.start:
        return [replace(pair, background=None, standing=None) for pair in pairs]
    of_sims, of_tokens = zip(SEARCH.least_near, SEARCH.least_spreads, strict=True)
    values = [pair.similarity or 0.0 for pair in pairs]
    sims, (first, *_) = (stand_out(values, values, others, least, of_sims[1]) for least in (of_sims[0], 0.0))
    found = [replace(pair, background=first.others) for pair in pairs]
    standings = [pair.standing for pair in pairs if pair.standing is not None]
    if len(standings) < len(pairs):
        return found
    of_each = [standing.max_sim.value for standing in standings]
    tokens = stand_out(of_each, of_each, others, *of_tokens)
    return [
        replace(pair, standing=Standing(near, token, standing.words, standing.content))
        for pair, near, token, standing in zip(found, sims, tokens, standings, strict=True)
    ]


def _text(post: JudgedPost) -> Text:
    return Text("post", post.language, "asserted", post.text)


def _id(proposed: Proposed) -> str:
    return proposed.statement.url.removeprefix(_ADDRESS)


def _statement(row: Mapping[str, Any]) -> Statement:
    publisher = Publisher(row.get("source") or None)
    return Statement(str(row["claim"]), f"{_ADDRESS}{row['id']}", Rating("False"), publisher, row.get("lang"))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
