"""Excel workbooks as Excel writes them, as small as they can be."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DAY = 1  # the place of the format of days below
STYLES = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>'
)


def cell(value: Any, place: str = "") -> str:
    """A cell as Excel writes it: a text, a number, a truth, or (number, format)."""
    at = f' r="{place}"' if place else ""
    if isinstance(value, bool):
        return f'<c{at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, tuple):
        return f'<c{at} s="{value[1]}"><v>{value[0]}</v></c>'
    if isinstance(value, int | float):
        return f"<c{at}><v>{value}</v></c>"
    return f'<c{at} t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def sheet(*rows: list[Any], namespace: str = MAIN) -> str:
    made = "".join(f'<row r="{n}">{"".join(map(cell, row))}</row>' for n, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{namespace}"><sheetData>{made}</sheetData></worksheet>'


def workbook(content: str, *, names: tuple[str, ...] = ("Tabelle1",), about: str = "", **parts: str) -> bytes:
    """An .xlsx whose first sheet has this content; `parts` are others under xl/, by name."""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{LINK}">{about}<sheets>{sheets}</sheets></workbook>'
        )
        links = "".join(f'<Relationship Id="rId{n}" Target="worksheets/s{n}.xml"/>' for n in range(1, len(names) + 1))
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="x">{links}</Relationships>')
        archive.writestr("xl/worksheets/s1.xml", content)
        for name, part in {"styles": f'<styleSheet xmlns="{MAIN}">{STYLES}</styleSheet>', **parts}.items():
            archive.writestr(f"xl/{name}.xml", part)
    return file.getvalue()
