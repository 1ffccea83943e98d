"""Excel workbooks: what a person sees in the cells is what is read, and no file takes more than its share."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from excel import DAY, MAIN, cell, sheet, workbook

from index.errors import ImportRejected
from index.exchange import workbooks
from index.exchange.columns import ColumnMapping
from index.exchange.importing import read_reviews, sniff_content_type
from index.exchange.previewing import preview_reviews
from index.exchange.workbooks import OLD_OR_PROTECTED, XLSX, Looks, number_words, open_workbook, shows_day
from index.models import NormalizedRating

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
HEAD = ["Aussage", "Bewertung", "Adresse", "Datum"]


def read(content: bytes, mapping: ColumnMapping | None = None) -> list[Any]:
    return list(read_reviews(content, XLSX, None, mapping or ColumnMapping()))


def test_a_sheet_is_read_as_a_table_with_days_truths_and_numbers() -> None:
    rows = [
        [],
        HEAD,
        ["Enten sind verboten.", False, "https://desk.example/1", (45_000, DAY)],
        ["", "", "", ""],
        ["Fünf < sechs & mehr.", "Falsch", "https://desk.example/2", (44_999.75, 2)],
    ]
    first, second = read(workbook(sheet(*rows)))
    assert (first.line, first.statement.claim_reviewed, first.statement.date_published.isoformat()) == (
        3, "Enten sind verboten.", "2023-03-15",
    )  # fmt: skip
    assert (first.statement.rating.alternate_name, first.statement.rating.normalized) == (
        "False",
        NormalizedRating.FALSE,
    )
    assert (second.line, second.statement.claim_reviewed, second.statement.date_published.isoformat()) == (
        5, "Fünf < sechs & mehr.", "2023-03-14",
    )  # fmt: skip
    assert (first.warnings, second.warnings) == ((), ())


@pytest.mark.parametrize("namespace", [MAIN, STRICT])
def test_texts_that_lie_apart_are_found_without_how_they_are_pronounced(namespace: str) -> None:
    texts = (
        f'<sst xmlns="{namespace}"><si><t>claim</t></si><si><r><t>rat</t></r><r><t>ing</t></r></si><si><t>url</t></si>'
        "<si><t>東京</t><rPh><t>とうきょう</t></rPh></si></sst>"
    )
    cells = ["".join(f'<c t="s"><v>{n}</v></c>' for n in row) for row in ((0, 1, 2), (3, 1, 2))]
    rows = "".join(f"<row>{row}</row>" for row in cells)
    content = f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    book = open_workbook(io.BytesIO(workbook(content, sharedStrings=texts)))
    assert list(book.rows()) == [(1, ["claim", "rating", "url"]), (2, ["東京", "rating", "url"])]


def test_cells_stand_in_their_columns_and_errors_are_empty() -> None:
    row = (
        f'{cell("a", "A1")}{cell("c", "C1")}<c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="str"><v>sum</v></c><c r="AA1"/>'
    )
    content = f'<worksheet xmlns="{MAIN}"><sheetData><row r="7">{row}</row></sheetData></worksheet>'
    ((number, cells),) = open_workbook(io.BytesIO(workbook(content))).rows()
    assert (number, cells[:5], len(cells), "".join(cells[5:])) == (7, ["a", "", "c", "", "sum"], 27, "")


def test_columns_of_other_names_are_mapped_and_the_preview_shows_them() -> None:
    content = workbook(sheet(["Satz", "Ergebnis"], ["Enten sind verboten.", "Quatsch"]), names=("Liste", "Alt"))
    mapping = ColumnMapping({"claim_reviewed": "Satz", "rating": "Ergebnis"}, {"url": "https://desk.example/"})
    seen = preview_reviews(read_reviews(content, XLSX, None, mapping))
    assert (seen.usable, seen.first[0][0], seen.ratings[0].words) == (1, 2, "Quatsch")
    assert any("only the first sheet, “Liste”, is read" in note.reason for note in seen.warnings)
    with pytest.raises(ImportRejected, match="The first line of a table"):
        read(content)


@pytest.mark.parametrize(
    ("number", "is_of_1904", "day"),
    [(1, False, "1900-01-01"), (59, False, "1900-02-28"), (61, False, "1900-03-01"), (45_000, False, "2023-03-15"),
     (43_538, True, "2023-03-15"), (2_958_465, False, "9999-12-31"), (2_958_466, False, "2958466"), (-3, False, "-3")],
)  # fmt: skip
def test_days_count_as_in_excel(number: int, is_of_1904: bool, day: str) -> None:
    assert number_words(float(number), is_day=True, is_of_1904=is_of_1904) == day


def test_numbers_are_written_as_short_as_can_be() -> None:
    assert [number_words(each, is_day=False, is_of_1904=False) for each in (3.0, 4.5, 1e20)] == ["3", "4.5", "1e+20"]


@pytest.mark.parametrize(
    ("code", "is_day"),
    [("dd/mm/yyyy", True), ("TT.MM.JJJJ", True), ("[$-407]d. mmmm yyyy", True), ("General", False), ("0.00", False),
     ('0 "day"', False), ("[Red]0", False), (r"0\d", False), ("hh:mm", False)],
)  # fmt: skip
def test_formats_of_days_are_known(code: str, is_day: bool) -> None:
    assert shows_day(code) is is_day


def test_the_calendar_of_old_macs_is_heeded() -> None:
    content = workbook(sheet([1]), about='<workbookPr date1904="1"/>')
    assert open_workbook(io.BytesIO(content)).looks == Looks(frozenset({1, 2}), True)


def test_a_workbook_is_told_by_its_beginning() -> None:
    content = workbook(sheet(HEAD))
    assert sniff_content_type("desk.csv", content[:100]) == XLSX
    assert sniff_content_type("old.xls", b"\xd0\xcf\x11\xe0" + bytes(100)) == OLD_OR_PROTECTED
    with pytest.raises(ImportRejected, match=r"save it as \.xlsx without one, or as CSV"):
        read_reviews(b"\xd0\xcf\x11\xe0", OLD_OR_PROTECTED)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"no zip",
        workbook("<worksheet>")[:200],
        workbook("", names=()),
        workbook("x", styles="<styleSheet"),
    ],
)
def test_what_is_no_workbook_is_rejected(content: bytes) -> None:
    with pytest.raises(ImportRejected, match="not an Excel workbook"):
        read(content)


def test_one_that_is_damaged_further_on_gives_what_came_before() -> None:
    content = sheet(HEAD, ["Enten sind verboten.", "Falsch", "https://desk.example/1", ""])
    first, fault = read(workbook(content.replace("</sheetData></worksheet>", "<row><c>")))
    assert first.statement.claim_reviewed == "Enten sind verboten."
    assert fault.rejection.startswith("the workbook cannot be read further")


@pytest.mark.parametrize(
    "content",
    [
        f'<worksheet xmlns="{MAIN}"><sheetData><row>{"<c/>" * 1_100_000}</row></sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData>{"<x/>" * 1_100_000}</sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>{"x" * 4_100_000}</v></c></row></sheetData></worksheet>',
    ],
    ids=["many cells", "many of what nobody knows", "a long text"],
)
def test_one_element_may_not_fill_the_memory(content: str) -> None:
    with pytest.raises(workbooks.TooLarge, match="too large"):
        list(open_workbook(io.BytesIO(workbook(content))).rows())


def test_a_sheet_may_not_be_larger_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_SHEET_BYTES", 100_000)
    content = workbook(
        sheet(HEAD, *[["Enten sind verboten.", "Falsch", f"https://desk.example/{n}", ""] for n in range(5000)])
    )
    *some, last = read(content)
    assert 100 < len(some) < 5000
    assert "too large" in last.rejection


def test_entities_that_multiply_or_lead_outside_are_refused() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for told in (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>',
        '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
    ):
        rows = '<row><c t="str"><v>&a11;</v></c></row>'
        content = f'{told}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        with pytest.raises(workbooks.FAULTS):
            list(open_workbook(io.BytesIO(workbook(content))).rows())


def test_nothing_that_is_damaged_gives_another_fault() -> None:
    whole = workbook(sheet(HEAD, ["Enten sind verboten.", "Falsch", "https://desk.example/1", (45_000, DAY)]))
    drawn = random.Random(5)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(drawn.randint(1, 6)):
            damaged[drawn.randrange(len(damaged))] = drawn.randrange(256)
        try:
            list(read_reviews(bytes(damaged), XLSX))
        except ImportRejected:
            continue
