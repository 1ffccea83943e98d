"""What checks were concluded from, one row a sentence and one a finding; they come and go with their check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from index.models import Difference, DifferenceKind, NormalizedRating, Stance
from service.findings import Finding, Mode, SentenceFindings
from service.store.tables import findings, sentences


def store_findings(connection: sa.Connection, check_id: str, found: Sequence[SentenceFindings]) -> None:
    """Store what a check was concluded from."""
    rows = [_sentence_row(check_id, place, sentence) for place, sentence in enumerate(found)]
    below = [
        {**_finding_row(finding), "check_id": check_id, "sentence": place, "number": number, "claim": sentence.claim}
        for place, sentence in enumerate(found)
        for number, finding in enumerate(sentence.findings)
    ]
    for table, new in ((sentences, rows), (findings, below)):
        if new:
            connection.execute(sa.insert(table), new)


def read_findings(connection: sa.Connection, check_id: str) -> tuple[SentenceFindings, ...]:
    """What a check was concluded from, as it was stored; empty where there is nothing."""
    of_sentence = defaultdict(list)
    ours = sa.select(findings).where(findings.c.check_id == check_id)
    for row in connection.execute(ours.order_by(findings.c.sentence, findings.c.number)).mappings():
        of_sentence[row["sentence"]].append(_finding(row))
    kept = sa.select(sentences).where(sentences.c.check_id == check_id).order_by(sentences.c.place)
    return tuple(_sentence(row, of_sentence[row["place"]]) for row in connection.execute(kept).mappings())


def copy_findings(connection: sa.Connection, check_id: str, copy_id: str) -> None:
    """Store what a check was concluded from for a copy of it too."""
    for table in (sentences, findings):
        rest = [column for column in table.columns if column.name != "check_id"]
        ours = sa.select(sa.literal(copy_id), *rest).where(table.c.check_id == check_id)
        connection.execute(sa.insert(table).from_select(["check_id", *(column.name for column in rest)], ours))


def forget_findings(connection: sa.Connection, check_ids: Sequence[str]) -> None:
    """Delete what checks were concluded from that are being deleted."""
    for table in (sentences, findings):
        connection.execute(sa.delete(table).where(table.c.check_id.in_(check_ids)))


# ---------------------------------------------------------------- rows


def _sentence_row(check_id: str, place: int, sentence: SentenceFindings) -> dict[str, Any]:
    return {
        "check_id": check_id,
        "place": place,
        "claim": sentence.claim,
        "begins": sentence.start,
        "ends": sentence.end,
        "checkworthiness": sentence.checkworthiness,
        "is_claim": sentence.is_claim,
        "mode": sentence.mode.value,
        "words": sentence.words,
        "alone": sentence.alone,
        "searched": sentence.searched,
        "farthest": sentence.farthest,
        "vector": sentence.vector,
    }


def _sentence(row: Any, found: Sequence[Finding]) -> SentenceFindings:
    return SentenceFindings(
        start=row["begins"],
        end=row["ends"],
        checkworthiness=row["checkworthiness"],
        is_claim=row["is_claim"],
        mode=Mode(row["mode"]),
        words=row["words"],
        alone=row["alone"],
        searched=row["searched"],
        findings=tuple(found),
        claim=row["claim"],
        farthest=row["farthest"] or 0.0,
        vector=bytes(row["vector"]),
    )


def _finding_row(finding: Finding) -> dict[str, Any]:
    differences = [[each.kind.value, each.claim, each.statement] for each in finding.differences]
    named = {"rating": finding.rating.value, "stance": finding.stance.value, "mode": finding.mode.value}
    return {**asdict(finding), **named, "differences": differences}


def _finding(row: Any) -> Finding:
    values = {name: row[name] for name in Finding.__slots__}
    differences = tuple(Difference(DifferenceKind(kind), here, there) for kind, here, there in row["differences"])
    return Finding(
        **{
            **values,
            "rating": NormalizedRating(row["rating"]),
            "stance": Stance(row["stance"]),
            "mode": Mode(row["mode"]),
            "differences": differences,
        }
    )
