"""What the command line reads and prints of a check: sources in, results out, pretty or as JSON."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.models import Statement
from service import wording
from service.elsewhere import elsewhere_of, name_search
from service.explaining import explain_drop, explain_search, moment_of, neighbours_of, place_of
from service.models import (
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    JudgedMatch,
    Page,
    ScoredSentence,
)
from service.presenters import present_check
from service.twins import also_checked, are_rated_otherwise, for_reader, standing_alone, twins_of
from service.versions import Versions

if TYPE_CHECKING:
    from service.bootstrap import Application
    from service.pipeline.reader import Reader

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
FILE_SUFFIXES = (
    *HTML_SUFFIXES, ".txt", ".text", ".pdf", ".rst", ".eml", ".json", ".jsonl", ".csv", ".xml", ".doc", ".docx", ".odt",
    ".rtf", ".log", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".heic", ".avif", ".svg", ".tif", ".tiff", ".bmp",
    ".vtt", ".srt",
)  # fmt: skip
SHOWN_UNMATCHED = 3  # claims without a fact-check that are printed where nothing else was found
COLOURS = {
    "refuted": "red",
    "conflicting_evidence": "yellow",
    "supported": "green",
    "mentions_refuted": "cyan",
    "fact_check_found": "cyan",
}


def language() -> str:
    """The language to speak to this person: LC_ALL, LC_MESSAGES or LANG, else English."""
    import os

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return wording.choose_language(os.environ[name].split(".")[0].replace("_", "-"))
    return "en"


def print_json(value: Any) -> None:
    """One JSON document: indented for a person, a single line for a pipe."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


# ---------------------------------------------------------------- check


def check_source(
    application: Application, source: str, hint: str | None, say: Callable[[str], None], *, pictures: bool = False
) -> Check:
    """Run a check over a URL, a file or standard input (`-`), with the pictures of a page if they are asked for."""
    from service.first_run import make_ready

    application.reader.warm()  # beside the model, which takes longer
    make_ready(application, say)
    request = dataclasses.replace(read_request(application.reader, source), language=hint)
    if pictures and (request.url is not None or request.html is not None):
        request = dataclasses.replace(request, reads_pictures=True)
    created_at = datetime.now(UTC)

    said: set[Any] = set()

    def report(stage: Any) -> None:
        if stage not in said:
            said.add(stage)
            say(f"  {wording.say(language(), wording.stage_key(stage, request))} …")

    result = application.checker.run(request, report if sys.stderr.isatty() else lambda _stage: None)
    state = CheckState.FAILED if result.problem else CheckState.FINISHED
    return Check(
        id="",
        owner="",
        request=request,
        state=state,
        created_at=created_at,
        finished_at=datetime.now(UTC),
        result=result,
    )


def read_request(reader: Reader, source: str) -> CheckRequest:
    """What a person means by a source: an existing file, standard input, or else a link."""
    from service.pipeline.decoding import decode_page
    from service.pipeline.pictures.kinds import kind_of_picture

    if source != "-" and not Path(source).is_file():
        return CheckRequest(url=source)
    named = "text/html" if Path(source).suffix.lower() in HTML_SUFFIXES else ""
    raw = read_bytes(source)
    if kind_of_picture(raw) is not None:
        return CheckRequest(picture=raw)
    content, kind = reader.read(decode_page, Page(None, None, raw, named, fetched=False))
    return CheckRequest(html=content) if kind == "text/html" else CheckRequest(text=content)


def require_source(source: str) -> None:
    """Raises UsageError where a source was meant as a file and there is none."""
    path = Path(source)
    if source == "-" or path.is_file():
        return
    if path.is_dir():
        raise click.UsageError(f"{source} is a folder. Give a file in it, a link, or - for standard input.")
    if means_file(source):
        raise click.UsageError(
            f"There is no file {source}, and it is not a link either. A link begins with https://; "
            "- reads standard input."
        )
    if len(source.split()) > 1 and "://" not in source:
        raise click.UsageError(
            "This is a text, and neither a link nor a file. Send it through standard input: "
            'echo "A text" | gegencheck check -'
        )


def means_file(source: str) -> bool:
    """Whether a source that is no file was meant as one: a path, a name that ends like a file's, or a single word."""
    if "://" in source or re.match(r"(?:data|javascript|mailto|tel|about|file):", source, re.I):
        return False
    first, slash, _ = source.partition("/")
    if first in ("", ".", "..", "~") or "\\" in source:
        return True
    is_host = re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,24}(?::\d{1,5})?", first, re.I) is not None
    if Path(source).suffix.lower() in FILE_SUFFIXES:  # no kind or country of sites ends like these
        return not (is_host and slash)
    return not is_host and not re.search(r"[\s:]", source) and (bool(slash) or "." not in source)


def read_bytes(source: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{source}: {error.strerror}") from None


def print_check(check: Check, *, as_json: bool, explain: bool) -> None:
    """The verdict first, then each claim that has something to show."""
    speak = language()
    check = for_reader(check, speak)
    result = check.result
    if as_json:
        print_json(present_check(check, speak))
        return
    code = result.verdict.code.value if result.verdict else "failed"
    if result.article and result.article.title:
        click.secho(result.article.title, dim=True)
    click.secho(wording.headline_of_check(check, speak), fg=COLOURS.get(code), bold=True)
    if result.article and (review := result.article.review):
        click.echo(
            wording.say(speak, "page.result.own_review", claim=review.claim_reviewed, rating=review.alternate_name)
        )
    elif result.article and result.article.is_fact_check:
        click.echo(wording.say(speak, "page.result.is_fact_check"))
    if result.article and not result.article.is_whole:
        click.echo(wording.say(speak, "page.result.part"))
    if result.is_cut:
        click.echo(wording.say(speak, "page.result.looked_at", looked_at=result.looked_at or 0, n=result.sentences))
    if result.left:
        compared = len(result.claims) - result.left
        click.echo(wording.say(speak, "page.result.left", n=result.left, compared=compared))
    where = "claim.on_the_page" if check.kind == "page" else f"claim.in_the_{check.kind}"
    shown = result.claims if explain else shown_claims(result)
    for checked in shown:
        print_claim(checked, speak, where, result, explain=explain)
    if not all(checked.evidence for checked in shown):
        click.echo()
        click.secho(wording.say(speak, "elsewhere.note"), dim=True)
    if explain and result.versions:
        print_versions(result.versions, result.sentences, speak)


def shown_claims(result: CheckResult) -> Sequence[CheckedClaim]:
    """The claims that have something to show; where none has, the first few, with where else to look for them."""
    claims = wording.deciding_claim_first(result)
    return [each for each in claims if each.evidence or wording.suggested(each)] or claims[:SHOWN_UNMATCHED]


def print_claim(checked: CheckedClaim, speak: str, where: str, result: CheckResult, *, explain: bool) -> None:
    """Both sentences, the rating, the differences and the link; with `explain` the way there."""
    mode = wording.say(speak, f"mode.{checked.claim.mode.value}")
    published = result.article.date_published if result.article else None
    click.echo()
    place = wording.say(speak, place_of(checked.claim, result.article, where))
    moment = moment_of(checked.claim, result.article)
    if moment:
        place = f"{place} {wording.say(speak, 'claim.at', time=moment[0])}"
    click.echo(f"{place} ({mode}): {with_neighbours(checked.claim)}")
    if moment and moment[1]:
        click.echo(f"  {click.style(moment[1], underline=True)}")
    for hint in checked.claim.hints:
        click.secho(f"  {wording.hint_words(hint, speak, published)}", dim=True)
    if explain:
        click.secho(f"  {wording.headline_of_claim(checked, speak)}", fg=COLOURS.get(checked.verdict.code.value))
        for line in explain_search(checked, speak):
            click.echo(f"  {line}")
    for evidence in standing_alone(checked.evidence):
        print_evidence(evidence, speak)
        print_cluster(evidence, checked.evidence, speak)
    if (meant := wording.suggested(checked)) and not explain:
        print_suggestion(meant.match.statement, speak)
    print_elsewhere(checked, result.article.language if result.article else None, speak)
    least = result.versions.min_confidence if result.versions else None
    for candidate in checked.candidates if explain else ():
        print_candidate(candidate, speak, least)


def with_neighbours(claim: ScoredSentence) -> str:
    """A sentence, with what was searched around it in grey, or in brackets where colours are not shown."""
    around = neighbours_of(claim)
    if around is None:
        return claim.sentence.text
    before, after = (click.style(f"[{text}]", dim=True) if text else "" for text in (around.before, around.after))
    return " ".join(part for part in (before, claim.sentence.text, after) if part)


def print_evidence(evidence: JudgedMatch, speak: str) -> None:
    """One statement beside a claim."""
    statement = evidence.match.statement
    click.echo(f"  {wording.say(speak, 'claim.verified_statement')}: {statement.claim_reviewed}")
    click.echo(f"  {rating_line(statement, speak)}")
    if reason := wording.reason_of(statement):
        click.echo(f"  {reason}")
    click.secho(f"  {match_line(evidence, speak)}", dim=True)
    for difference in evidence.differences:
        kind = wording.say(speak, f"difference.{difference.kind.value}")
        sides = f"{difference.claim or '–'} / {difference.statement or '–'}"
        click.echo(f"  {wording.say(speak, 'difference', kind=kind)}: {sides}")
    click.echo(f"  {link_of(statement, speak)}")


def print_cluster(shown: JudgedMatch, evidence: Sequence[JudgedMatch], speak: str) -> None:
    """Who else checked what a statement says, and whether they came to different results."""
    for item in (*twins_of(shown, evidence), *also_checked(shown, evidence)):
        if item.cluster is not None and item.cluster == shown.cluster:
            statement = item.match.statement
            click.echo(f"  {wording.also_checked_words(statement, speak)} {click.style(statement.url, underline=True)}")
    if are_rated_otherwise(shown, evidence):
        click.echo(f"  {wording.say(speak, 'claim.rated_otherwise')}")


def print_suggestion(statement: Statement, speak: str) -> None:
    """A statement that may be meant."""
    click.echo(f"  {wording.say(speak, 'page.result.suggested')} {statement.claim_reviewed}")
    click.echo(f"  {rating_line(statement, speak)}")
    click.echo(f"  {link_of(statement, speak)}")


def print_elsewhere(checked: CheckedClaim, spoken: str | None, speak: str) -> None:
    """Where else to look for a claim without a match."""
    if (found := elsewhere_of(checked, spoken, speak)) is None:
        return
    click.echo(f"  {wording.say(speak, 'elsewhere.words', words=found.words)}")
    for search in found.searches:
        click.echo(f"    {name_search(search, speak)}: {click.style(search.url, underline=True)}")


def link_of(statement: Statement, speak: str) -> str:
    """The address of a fact-check, and its language where that is not the reader's."""
    foreign = wording.foreign_name(statement.language, speak)
    said = f" ({wording.say(speak, 'claim.in_language', name=foreign)})" if foreign else ""
    return f"{click.style(statement.url, underline=True)}{said}"


def print_candidate(candidate: JudgedMatch, speak: str, min_confidence: float | None) -> None:
    """A statement that fell short of a match, and why."""
    statement = candidate.match.statement
    click.echo(f"  {wording.say(speak, 'explain.dropped')}: {statement.claim_reviewed}")
    click.secho(f"    {rating_line(statement, speak)}", dim=True)
    click.secho(f"    {match_line(candidate, speak)}", dim=True)
    for line in explain_drop(candidate, min_confidence, speak):
        click.echo(f"    {line}")
    click.secho(f"    {statement.url}", dim=True)


def print_versions(versions: Versions, sentences: int, speak: str) -> None:
    """What made the result: sentences read, statements searched, models and thresholds."""
    models = {"embedder": versions.embedder, "pair": versions.pair, "thresholds": versions.thresholds}
    click.echo()
    click.secho(wording.say(speak, "page.result.how.sentences", n=sentences), dim=True)
    click.secho(wording.say(speak, "count.statements", n=versions.index_statements), dim=True)
    click.secho(wording.say(speak, "page.result.how.statements", checkpoint=versions.index_checkpoint), dim=True)
    click.secho(wording.say(speak, "page.result.how.models", **models), dim=True)


def rating_line(statement: Statement, speak: str) -> str:
    """Who rated it how, and when."""
    date = wording.format_date(statement.date_published, speak) if statement.date_published else ""
    who = statement.publisher.name or statement.publisher.site or ""
    return " · ".join(part for part in (who, wording.rating_label(statement, speak), date) if part)


def match_line(evidence: JudgedMatch, speak: str) -> str:
    """How well it matches and what the claim says of it."""
    match = evidence.match
    strength = wording.say(speak, f"strength.{wording.strength_key(match.confidence, match.is_match)}")
    similarity = wording.say(speak, "page.similarity", similarity=wording.format_share(match.similarity, speak))
    confidence = wording.format_share(match.confidence, speak)
    stance = wording.say(speak, f"stance.{evidence.stance.value}")
    return f"{strength} ({confidence}; {similarity}). {stance}"
