"""Files whose columns have names of their own."""

from __future__ import annotations

import json

import pytest

from index.errors import ImportRejected
from index.exchange.columns import ColumnMapping
from index.exchange.importing import read_reviews
from index.models import NormalizedRating

OWN = ColumnMapping(
    {"claim_reviewed": "Satz", "rating": "Unser Ergebnis", "date_published": "Stand"},
    {"publisher": "Example Bank", "url": "https://bank.example/warnings", "language": "de"},
)
ROW = {"Satz": "Die Bank fragt nach der PIN.", "Unser Ergebnis": "Falsch", "Stand": "3. Mai 2024"}


def as_table(delimiter: str) -> bytes:
    return f"{delimiter.join(ROW)}\n{delimiter.join(ROW.values())}\n".encode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (as_table(","), "text/csv"),
        (as_table(";"), "text/csv"),
        (as_table("\t"), "text/csv"),
        (as_table(",").replace(b"Unser Ergebnis", b" unser ergebnis "), "text/csv"),
        (json.dumps(ROW, ensure_ascii=False).encode(), "application/x-ndjson"),
    ],
)
def test_named_columns_are_read_and_what_is_set_fills_the_rest(content: bytes, kind: str) -> None:
    (read,) = read_reviews(content, kind, mapping=OWN)
    assert read.statement is not None, read.rejection
    assert read.statement.claim_reviewed == "Die Bank fragt nach der PIN."
    assert read.statement.rating.normalized is NormalizedRating.FALSE
    assert (read.statement.publisher.name, read.statement.language) == ("Example Bank", "de")
    assert (read.statement.url, str(read.statement.date_published)) == ("https://bank.example/warnings", "2024-05-03")
    assert read.warnings == ()


def test_a_named_column_counts_before_one_that_is_known() -> None:
    table = b"claim,Satz,url,rating\nNot this.,This one.,https://a.example/1,False\n"
    note, read = read_reviews(table, "text/csv", mapping=ColumnMapping({"claim_reviewed": "Satz"}))
    assert read.statement is not None
    assert read.statement.claim_reviewed == "This one."
    assert note.warnings == ("the column “claim” is unknown and is left out",)


def test_what_a_row_says_itself_counts_before_what_is_set() -> None:
    table = b"claim,url,rating,publisher\nA.,https://a.example/1,False,Own Desk\nB.,https://a.example/2,False,\n"
    read = list(read_reviews(table, "text/csv", mapping=ColumnMapping({}, {"publisher": "Set"})))
    assert [each.statement and each.statement.publisher.name for each in read] == ["Own Desk", "Set"]


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    mapping = ColumnMapping({"rating": "Urteile"})
    with pytest.raises(ImportRejected, match=r"no column “Urteile”. The columns are: claim, url, Urteil"):
        list(read_reviews(b"claim,url,Urteil\nA.,https://a.example,Falsch\n", "text/csv", mapping=mapping))


def test_a_line_of_ndjson_without_a_column_says_so_and_the_others_are_read() -> None:
    lines = [ROW, {**ROW, "Satz": {"text": "nested"}}, {"Satz": "Anders.", "Unser Ergebnis": 3}]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    first, nested, third = read_reviews(content, "application/x-ndjson", mapping=OWN)
    assert first.rejection is None
    assert (nested.line, nested.rejection) == (2, "claimReviewed is missing")
    assert nested.warnings[0] == "“Satz” is neither a text nor a number and is left out"
    assert third.statement is not None
    assert third.statement.rating.alternate_name == "3"
    assert third.warnings[0] == "there is no column “Stand”"


@pytest.mark.parametrize(
    ("columns", "values", "said"),
    [
        ({"verdict": "x"}, {}, "There is no field “verdict”"),
        ({"rating": "x", "url": " X "}, {}, "The column “x” is named for two fields"),
        ({}, {"rating": "False"}, "rating differs from row to row"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(columns: dict[str, str], values: dict[str, str], said: str) -> None:
    with pytest.raises(ImportRejected, match=said):
        ColumnMapping(columns, values)


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_only_rows_have_columns(kind: str) -> None:
    with pytest.raises(ImportRejected, match="CSV, Excel and NDJSON only"):
        list(read_reviews(b"{}", kind, mapping=OWN))
