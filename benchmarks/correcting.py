"""How long past checks take to be judged anew: 100,000 past claims beside the newest thousand statements.

FOLDER is a copy of a data folder whose statements were imported (it is written to). The newest statements count as new;
the claims are 5,000 earlier statements' texts with the vectors that the index has of them, five to a check, each in
many checks. That is harder than pages are: a text that somebody fact-checked resembles other fact-checks.
Run: OPENBLAS_NUM_THREADS=1 python -m benchmarks.correcting FOLDER [CLAIMS] [NEW]   (as the service has it)
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import sqlalchemy as sa

from index.models import Statement
from index.retrieval.search import StatementIndex, searched_claim
from index.store.database import writing
from index.store.tables import statements, store
from index.store.walking import changed_keys
from service.bootstrap import Application, build
from service.config import Settings
from service.findings import VECTOR, Mode, SentenceFindings
from service.models import (
    Article,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    ScoredSentence,
    Sentence,
    Verdict,
    VerdictCode,
)
from service.store.check_rows import new_row, result_json, versions_digest
from service.store.findings import store_findings
from service.store.job_rows import Job
from service.store.tables import checks, corrections
from service.thresholds import DEFAULTS
from service.versions import Versions
from service.work.correcting import correct
from service.work.held import Work

CLAIMS, NEW = 100_000, 1_000
A_CHECK = 5
DISTINCT = 5_000  # claims; each stands in as many checks as it takes
AT_ONCE = 500
NOTHING = Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.5)


def main() -> None:
    """Make the past, then measure."""
    folder, (wanted, new) = Path(sys.argv[1]), numbers_asked(sys.argv[2:])
    application = build(Settings(data_dir=folder, workers=0, readers=1))
    there = len(changed_keys(application.statements, 0, 2**62))
    if there <= new + DEFAULTS.match.candidates:
        raise SystemExit(f"{there:,} statements are too few for {new:,} new ones: name fewer as NEW.")
    make_new(application, new)
    application.index.update()
    index = application.index.current()
    sequences = changed_keys(application.statements, 0, 2**62)
    keys = list(sequences)
    before = sequences[keys[-new]] - 1
    old = [key for key in keys if sequences[key] <= before]
    drawn = np.random.default_rng(7).choice(old, min(wanted, DISTINCT, len(old)), replace=False)
    claims = [int(key) for key in np.resize(drawn, wanted)]
    make_past(application, index, claims, old, before)
    print(
        f"{wanted:,} claims in {wanted // A_CHECK:,} checks; {len(keys) - len(old):,} new of {len(keys):,} statements"
    )
    with writing(application.statements.engine) as connection:
        connection.execute(sa.update(corrections).values(reached=before, goal=before))
    began, used = time.perf_counter(), time.process_time()
    revised = correct(application, Work(cast(Job, None), 0.0, 3600))  # nobody else holds it
    seconds, used = time.perf_counter() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{seconds:.1f} s ({used:.1f} of processor time, {os.cpu_count()} cores), {revised:,} checks say something else"
    )
    print(f"peak {memory:,.0f} MB")
    application.close()


def numbers_asked(given: Sequence[str]) -> tuple[int, int]:
    """How many claims, and how many new statements."""
    wanted, new = [*map(int, given), *(CLAIMS, NEW)[len(given) :]]
    return wanted, new


def make_new(application: Application, new: int) -> None:
    """Let the newest statements be a change of their own."""
    columns = statements.c
    with writing(application.statements.engine) as connection:
        newest = sa.select(columns.key).where(columns.deleted_at.is_(None)).order_by(columns.key.desc()).limit(new)
        sequence = connection.execute(sa.select(store.c.sequence)).scalar_one() + 1
        connection.execute(sa.update(statements).where(columns.key.in_(newest)).values(sequence=sequence))
        connection.execute(sa.update(store).values(sequence=sequence))


def make_past(
    application: Application, index: StatementIndex, claims: Sequence[int], old: Sequence[int], known: int
) -> None:
    """Finished checks of these claims that knew the old statements, and found none."""
    vectors = index.vectors(list(old)).astype(np.float32)
    distinct = sorted(set(claims))
    own = dict(zip(distinct, index.vectors(distinct), strict=True))
    near = {key: float(farthest_of(own[key], vectors)) for key in distinct}
    versions = versions_then(application, index, known)
    with writing(application.statements.engine) as connection:
        connection.execute(sa.delete(checks))
    for start in range(0, len(claims), AT_ONCE):
        some = list(claims[start : start + AT_ONCE])
        found = application.statements.by_keys(sorted(set(some)))
        rows = [(found[key], own[key], near[key]) for key in some]
        with writing(application.statements.engine) as connection:
            for first in range(0, len(rows), A_CHECK):
                row, findings = past_check(rows[first : first + A_CHECK], versions)
                connection.execute(sa.insert(checks).values(**row))
                store_findings(connection, row["id"], findings)


def farthest_of(vector: np.ndarray, others: np.ndarray) -> float:
    """How similar the last one is that a search for a text with this vector proposes, beside the text itself."""
    similarities = others @ vector
    return float(np.partition(similarities, -DEFAULTS.match.candidates - 1)[-DEFAULTS.match.candidates - 1])


def versions_then(application: Application, index: StatementIndex, known: int) -> Versions:
    """What a check was made with when only the older statements were there."""
    store_id = index.checkpoint.rpartition("-")[0]
    return replace(application.checker.versions(), index_checkpoint=f"{store_id}-{known:06d}")


def past_check(
    rows: Sequence[tuple[Statement, np.ndarray, float]], versions: Versions
) -> tuple[dict[str, Any], list[SentenceFindings]]:
    """A finished check whose sentences are these statements' texts."""
    texts = [searched_claim(statement) for statement, _, _ in rows]
    spans = list(spans_of(texts))
    claims = [ScoredSentence(Sentence(text, *span), 0.9, True) for text, span in zip(texts, spans, strict=True)]
    article = Article(" ".join(texts), "https://news.example/" + secrets.token_hex(8), language=rows[0][0].language)
    result = CheckResult(
        article, tuple(CheckedClaim(claim, NOTHING) for claim in claims), len(texts), NOTHING, versions, fetched=True
    )
    findings = [
        SentenceFindings(
            *span, 0.9, True, Mode.ASSERTED, len(text.split()), False, True, (), claim,
            vector.astype(VECTOR).tobytes(), float(far),
        )
        for claim, (text, span, (_, vector, far)) in enumerate(zip(texts, spans, rows, strict=True))
    ]  # fmt: skip
    now = datetime.now(UTC)
    ended = {"state": CheckState.FINISHED.value, "finished_at": now, "begun_at": now, "verdict": NOTHING.code.value}
    made = {"result": result_json(result), "versions": versions_digest(versions)}
    return {**new_row(CheckRequest(url=article.url), "", now), **ended, **made}, findings


def spans_of(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where texts begin and end that stand in a row with a blank between them."""
    end = -1
    for text in texts:
        start, end = end + 1, end + 1 + len(text)
        yield start, end


if __name__ == "__main__":
    main()
