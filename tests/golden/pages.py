"""Writes nothing, only reads: golden pages of our own, each with the verdict that it must get."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "pages.jsonl"
STATEMENTS = Path(__file__).parent / "statements.jsonl"


@dataclass(frozen=True, slots=True)
class GoldenPage:
    """A page as text with its title, and the verdict and kind that it was written for."""

    slug: str
    language: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    verdict: str
    published: str | None = None
    site: str | None = None

    @property
    def html(self) -> str:
        """The page as its site would serve it."""
        body = "".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs)
        date = f'<meta property="article:published_time" content="{self.published}">' if self.published else ""
        site = f'<meta property="og:site_name" content="{self.site}">' if self.site else ""
        return (
            f'<html lang="{self.language}"><head><title>{self.title}</title>{date}{site}</head>'
            f"<body><nav><a href='/'>Start</a></nav><article><h1>{self.title}</h1>{body}</article></body></html>"
        )


def read_pages() -> list[GoldenPage]:
    """All golden pages."""
    rows = (json.loads(line) for line in PAGES.read_text(encoding="utf-8").splitlines() if line)
    return [GoldenPage(**{**row, "paragraphs": tuple(row["paragraphs"])}) for row in rows]
