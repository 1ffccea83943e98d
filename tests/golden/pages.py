"""Reads the golden pages, all written for this project: short ones as rows, and whole articles as their sites serve them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "pages.jsonl"
ARTICLES = Path(__file__).parent / "articles"
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


@dataclass(frozen=True, slots=True)
class GoldenArticle:
    """A whole page of 120 to 400 words with its boilerplate, and the verdicts of which it must get one."""

    slug: str
    language: str
    kind: str
    verdicts: tuple[str, ...]

    @property
    def html(self) -> str:
        """The page as its site serves it."""
        return (ARTICLES / f"{self.slug}.html").read_text(encoding="utf-8")


def read_articles() -> list[GoldenArticle]:
    """All golden articles."""
    rows = json.loads(ARTICLES.with_suffix(".json").read_text(encoding="utf-8"))
    return [GoldenArticle(**{**row, "verdicts": tuple(row["verdicts"])}) for row in rows]
