"""Posts found against debunking pages flagged, over the confidence that a match needs: figures, and a curve as SVG.

Each text is searched once; every threshold is then judged from the same matches, as a check would judge them.
Run: python -m benchmarks.tradeoff --data-dir DIR [--limit N] [--picture FILE] [DATA]   (skipped, visibly, where the
measuring data is absent). DIR holds an index of: de_posts and debunks/*.statements, imported with the rating "False",
and factchecks_all, imported with "reviewed".
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import IndexFault
from index.model.remembering import RememberingEmbedder
from index.retrieval.search import StatementIndex
from service.bootstrap import build
from service.config import Settings
from service.findings import SentenceFindings
from service.models import VerdictCode
from service.pipeline.article import article_from_text
from service.pipeline.checkworthiness import encoder_of
from service.pipeline.claims import is_post, select_claims, within_budget
from service.pipeline.evidence import find_matches
from service.pipeline.modes import cue_of
from service.pipeline.sentences import split_sentences
from service.pipeline.stance import consider, find_all
from service.pipeline.verdict import rejudge
from service.thresholds import DEFAULTS

POOL = "https://pool.example/statement/"  # where the measuring statements are said to be published
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99)
POSTS_BAR, DEBUNKS_BAR = 0.65, 0.02
WIDTH, HEIGHT, MARGIN = 640, 420, 60
COLOURS = {"de": "#1f5fa8", "en": "#b3541e"}


@dataclass(frozen=True)
class Searched:
    """What a check has found for a text, with the statements that would be right to find."""

    findings: Sequence[SentenceFindings]
    urls: Mapping[int, str]  # of the statements, by their keys
    right: frozenset[str] = frozenset()

    def judged(self, min_confidence: float) -> tuple[VerdictCode, set[str]]:
        """The verdict and the statements of the evidence, where a text of few claims needs so much confidence."""
        match = replace(DEFAULTS.match, min_confidence=min_confidence)
        decision = rejudge(self.findings, replace(DEFAULTS, match=match))
        keys = {finding.statement_key for claim in decision.claims for finding in claim.evidence}
        return decision.verdict.code, {self.urls[key].removeprefix(POOL) for key in keys}


@dataclass(frozen=True)
class Point:
    """What one threshold gives: shares of posts refuted by the right statement, and of debunking pages refuted."""

    min_confidence: float
    found: float
    flagged: dict[str, float]


def rows(path: Path, limit: int | None) -> list[dict[str, object]]:
    """The rows of a file, or a fixed random sample of them."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines if line.strip()]
    return found if not limit or limit >= len(found) else random.Random(7).sample(found, limit)  # noqa: S311


def posts(data: Path, limit: int | None) -> Iterator[tuple[str, frozenset[str]]]:
    """Posts that spread a statement of the index, each with the ids of the right ones."""
    for row in rows(data / "matching" / "de_posts.queries.jsonl", limit):
        yield str(row["query"]), frozenset(map(str, row["target_ids"]))  # type: ignore[call-overload]


def debunks(data: Path, language: str, limit: int | None) -> Iterator[tuple[str, frozenset[str]]]:
    """Articles that quote a statement of the index to refute it."""
    for row in rows(data / "debunks" / f"{language}_articles.jsonl.gz", limit):
        parts = (row.get("title"), row.get("text") or row.get("assessment"))
        yield "\n\n".join(str(part) for part in parts if part), frozenset()


def search(index: StatementIndex, texts: Iterator[tuple[str, frozenset[str]]]) -> list[Searched]:
    """Each text walked as a check walks it, up to its matches."""
    found = []
    for text, right in texts:
        embedder = RememberingEmbedder(index.embedder)
        article = article_from_text(text)
        selected = select_claims(article, split_sentences(article), encode=encoder_of(embedder))
        claims, _ = within_budget(article, selected)
        post = article.text if is_post(article) else None
        offers = find_matches(replace(index, embedder=embedder), claims, post)
        considered = consider(claims, offers, (), selected)
        findings = find_all(considered, cue_of(article), post, embedder)
        statements = [offer.match.statement for row in offers for offer in row]
        found.append(Searched(findings, {statement.key: statement.url for statement in statements}, right))
    return found


def weigh(threshold: float, spread: Sequence[Searched], pages: dict[str, list[Searched]]) -> Point:
    """One point of the curve."""
    verdicts = [(text.judged(threshold), text.right) for text in spread]
    right = sum(code is VerdictCode.REFUTED and bool(urls & wanted) for (code, urls), wanted in verdicts)
    flagged = {
        language: sum(page.judged(threshold)[0] is VerdictCode.REFUTED for page in some) / max(len(some), 1)
        for language, some in pages.items()
    }
    return Point(threshold, right / max(len(spread), 1), flagged)


@dataclass(frozen=True)
class Plane:
    """Where shares stand in the picture: debunking pages flagged to the right, posts found upwards."""

    widest: float

    def across(self, share: float) -> float:
        """How far to the right."""
        return MARGIN + share / self.widest * (WIDTH - 2 * MARGIN)

    def upwards(self, share: float) -> float:
        """How far from the top."""
        return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)

    def place(self, point: Point, language: str) -> tuple[float, float]:
        """A point of one language's curve."""
        return self.across(point.flagged[language]), self.upwards(point.found)


def draw(points: Sequence[Point], own: Point, title: str) -> str:
    """The curves as SVG, with the bars as dashed lines."""
    plane = Plane(max(2 * DEBUNKS_BAR, *(share for point in points for share in point.flagged.values())))
    curves = (
        line for nth, language in enumerate(own.flagged) for line in draw_curve(plane, points, own, language, nth)
    )
    return "\n".join([*draw_frame(plane, title), *curves, "</svg>\n"])


def draw_frame(plane: Plane, title: str) -> Iterator[str]:
    """The picture up to its curves: title, axes with their numbers, bars."""
    left, right, top, bottom = plane.across(0), plane.across(plane.widest), plane.upwards(1), plane.upwards(0)
    least, most = plane.upwards(POSTS_BAR), plane.across(DEBUNKS_BAR)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{left}" y="24" font-size="14">{title}</text>'
    yield f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#444"/>'
    dashed = 'fill="none" stroke="#999" stroke-dasharray="4 4"'
    yield f'<path d="M{left} {least:.1f}H{right}M{most:.1f} {top}V{bottom}" {dashed}/>'
    yield f'<text x="{right}" y="{least - 6:.1f}" text-anchor="end" fill="#666">at least {POSTS_BAR}</text>'
    yield f'<text x="{most + 6:.1f}" y="{top + 10}" fill="#666">at most {DEBUNKS_BAR}</text>'
    middle = 'text-anchor="middle"'
    yield f'<text x="{(left + right) / 2}" y="{HEIGHT - 16}" {middle}>debunking pages refuted (wrong)</text>'
    turned = f"translate(18 {(top + bottom) / 2}) rotate(-90)"
    yield f'<text transform="{turned}" {middle}>posts refuted by the right statement</text>'
    for step in range(6):
        up, over = step / 5, plane.widest * step / 5
        yield f'<text x="{left - 8}" y="{plane.upwards(up) + 4:.1f}" text-anchor="end">{up:.1f}</text>'
        yield f'<text x="{plane.across(over):.1f}" y="{bottom + 18}" {middle}>{over:.3f}</text>'


def draw_curve(plane: Plane, points: Sequence[Point], own: Point, language: str, nth: int) -> Iterator[str]:
    """One language's curve, each point with its figures, and what the colour means in the nth line below."""
    colour = COLOURS[language]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (plane.place(point, language) for point in points))
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for point in points:
        x, y = plane.place(point, language)
        figures = f"{point.min_confidence}: {point.found:.3f}, {point.flagged[language]:.3f}"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"><title>{figures}</title></circle>'
    x, y = plane.place(own, language)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{colour}" stroke-width="2"/>'
    said = f"{language} pages; ring: the threshold in force, {own.min_confidence:.3f}"
    right, height = plane.across(plane.widest), plane.upwards(0) - 30 + 16 * nth
    yield f'<text x="{right}" y="{height:.1f}" fill="{colour}" text-anchor="end">{said}</text>'


def main() -> None:
    """Search once, judge at every threshold, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True, type=Path, help="a data folder with statements and an index")
    parser.add_argument("--limit", type=int, help="only a fixed random sample of so many texts of each kind")
    parser.add_argument("--picture", type=Path, default=Path(__file__).with_suffix(".svg"))
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options = parser.parse_args()
    data = Path(options.data)
    if not (data / "debunks").is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    application = build(Settings(data_dir=options.data_dir))
    try:
        index = application.index.current()
    except IndexFault as fault:
        raise SystemExit(f"The index in {options.data_dir} is not ready: {fault}") from None
    spread = search(index, posts(data, options.limit))
    pages = {language: search(index, debunks(data, language, options.limit)) for language in ("de", "en")}
    application.close()
    points = [weigh(threshold, spread, pages) for threshold in THRESHOLDS]
    own = weigh(index.min_confidence, spread, pages)
    sizes = f"{len(spread)} posts, {len(pages['de'])} + {len(pages['en'])} debunking pages"
    print(f"{sizes}, {index.statements} statements, {index.pair_model.calibration_id}")
    print("threshold  posts found  de flagged  en flagged")
    for point in sorted([*points, own], key=lambda point: point.min_confidence):
        mark = " (in force)" if point is own else ""
        print(f"{point.min_confidence:9.3f}  {point.found:11.3f}  {point.flagged['de']:10.3f}  "
              f"{point.flagged['en']:10.3f}{mark}")  # fmt: skip
    options.picture.write_text(draw(points, own, f"{index.pair_model.model_id}: {sizes}"), encoding="utf-8")
    print(f"drawn: {options.picture}")


if __name__ == "__main__":
    main()
