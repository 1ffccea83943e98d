"""CSV as people save it."""

from __future__ import annotations

import pytest

from index.errors import ImportRejected
from index.exchange.importing import read_reviews
from index.models import NormalizedRating

EXCEL = (
    "claim_reviewed;url;rating;publisher;date_published;rating_value\r\n"
    "Die Brücke ist gesperrt.;https://a.example/1;Größtenteils falsch;Prüfstelle;3. Mai 2024;1,5\r\n"
)


@pytest.mark.parametrize(
    ("content", "warnings"),
    [
        (EXCEL.encode(), 0), (EXCEL.encode("utf-8-sig"), 0), (EXCEL.encode("cp1252"), 1), (EXCEL.encode("mac_roman"), 1),
        (EXCEL.encode("cp850"), 1), (EXCEL.replace(";", "\t").encode("utf-16"), 0), (EXCEL.replace(";", "\t").encode("utf-16-le"), 0),
        (f"\r\n{EXCEL}".encode(), 0), (f"\ufeff;;;;\r\n \r\n{EXCEL}".encode(), 0), (f"\nsep=;\r\n{EXCEL}".encode(), 0),
        (f"sep=;\r\n{EXCEL}".encode(), 0), (f"sep=;\r\n{EXCEL}".encode("cp1252"), 1),
        (EXCEL.replace("claim_reviewed;url;rating;publisher;date_published", "Behauptung;Link;Bewertung;Herausgeber;Datum").encode(), 0),
        (f"\ufeff{EXCEL}".encode("utf-16"), 0), (EXCEL.replace("rating_value", "Bewertungszahl").encode("utf-8-sig"), 0),
        (EXCEL.replace("Die Brücke ist gesperrt.", '"Die Brücke ist gesperrt."').replace("\r\n", "\n").encode(), 0),
    ],
)  # fmt: skip
def test_what_excel_saves_is_read_right(content: bytes, warnings: int) -> None:
    *notes, read = read_reviews(content, "text/csv")
    assert read.statement is not None
    assert read.statement.claim_reviewed == "Die Brücke ist gesperrt."
    assert (read.statement.publisher.name, str(read.statement.date_published)) == ("Prüfstelle", "2024-05-03")
    assert (read.statement.rating.normalized, read.statement.rating.rating_value) == (
        NormalizedRating.MOSTLY_FALSE,
        1.5,
    )
    assert read.warnings == ()
    assert len(notes) == warnings


def test_the_charset_of_the_header_is_used() -> None:
    (read,) = read_reviews(EXCEL.encode("cp1252"), "text/csv; charset=windows-1252")
    assert read.statement is not None
    assert read.statement.publisher.name == "Prüfstelle"


ROW = "Die Brücke ist gesperrt.,https://a.example/1,Falsch"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (f"claim,url,rating,Notiz\n{ROW},x\n", 1, "the column “Notiz” is unknown"),
        (f"claim,url,rating,statement\n{ROW},x\n", 1, "there is another column for claimReviewed: “statement”"),
        (f"claim,url,rating\n{ROW},mehr\n", 2, "the row has more cells than there are columns"),
        (f"sep=,\nclaim,url,rating\n{ROW},mehr\n", 3, "the row has more cells than there are columns"),
        (f"\n\nclaim,url,rating,date\n{ROW},demnächst\n", 4, "datePublished is not a date"),
        (f"claim,url,rating,date\n\n{ROW},demnächst\n", 3, "datePublished is not a date"),
        (f"claim,url,rating\n{ROW.replace('Falsch', 'Daneben')}\n", 2, "the rating “Daneben” is not mapped"),
        (f"claim,url,rating\n{ROW.replace('ü', chr(0xFFFD))}\n", 2, "claimReviewed contains a character that was damaged"),
    ],
)  # fmt: skip
def test_what_is_left_out_or_damaged_is_said_with_its_line(content: str, line: int, said: str) -> None:
    read = list(read_reviews(content.encode(), "text/csv"))
    ((told, warning),) = [(one.line, warning) for one in read for warning in one.warnings]
    assert told == line
    assert warning.startswith(said)
    assert [one.statement.claim_reviewed[:5] for one in read if one.statement] == ["Die B"]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ('Ist A,https://a.example/1,Falsch,"weil\nIst B,https://a.example/2,Falsch,darum\n', 3),  # up to the end
        (
            'Ist A,https://a.example/1,Falsch,"weil\nIst B,https://a.example/2,Falsch,"darum"\nIst C,https://a.example/3,Wahr,\n',
            3,
        ),
        ('"Ist A,https://a.example/1,Falsch,weil\n\nIst B,https://a.example/2,Falsch,darum\n', 4),  # and it is rejected
    ],
)
def test_rows_that_a_missing_quotation_mark_swallows_are_said(rows: str, last: int) -> None:
    read, *others = read_reviews(f"claim,url,rating,explanation\n{rows}".encode(), "text/csv")
    assert read.line == last
    assert read.warnings == (
        f"a quotation mark is missing from line 2 on: the rows up to line {last} were read as one",
    )
    assert [(one.line, one.warnings) for one in others if one.statement] == [(4, ())] * len(others)


@pytest.mark.parametrize("claim", ['"Die Brücke\nist ""gesperrt""."', 'Die Brücke ist 5" lang.'])
def test_quotation_marks_that_are_right_are_not_complained_of(claim: str) -> None:
    read = list(read_reviews(f"claim,url,rating\n{claim},https://a.example/1,Falsch\n{ROW}\n".encode(), "text/csv"))
    assert [(bool(one.statement), one.warnings) for one in read] == [(True, ()), (True, ())]


def test_a_row_without_what_is_needed_is_rejected_with_its_line() -> None:
    read = list(read_reviews(f"claim,url,rating\n{ROW}\n,https://a.example/2,Falsch\n".encode(), "text/csv"))
    assert [(one.line, one.rejection) for one in read] == [(2, None), (3, "claimReviewed is missing")]


@pytest.mark.parametrize("head", ["a,b", "url,rating", "", "sep=;", "claim"])
def test_a_table_without_the_needed_columns_is_refused(head: str) -> None:
    with pytest.raises(ImportRejected, match="names its columns"):
        list(read_reviews(f"{head}\n1,2\n".encode(), "text/csv"))
