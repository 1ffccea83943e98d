"""What `gegencheck calibrate` prints: the report before anything takes effect, and what is or was in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from service.presenters import present_moment
from service.terminal import language, print_json
from service.wording import format_date, format_decimal, format_fraction, format_number, say

if TYPE_CHECKING:
    from service.bootstrap import Application
    from service.calibrating import Quality, Report
    from service.store.site_calibrations import StoredCalibration


def print_report(application: Application, checks: int, *, fair_sample: bool, apply: bool, as_json: bool) -> None:
    """What the decisions say. With `apply` it takes effect, or is refused where there are too few or it helps nothing.

    Raises ClickException where it is refused, IndexFault where the model cannot be opened.
    """
    from service.calibrating import report_on

    report = report_on(application, checks, fair_sample=fair_sample)
    if apply and report.enough and report.helps and report.site is not None:
        model = application.index.current().pair_model
        application.calibrations.apply(report.site, model, present_report(report))
    if as_json:
        print_json({**present_report(report), "applied": apply and report.enough and report.helps})
    else:
        print_words(report)
        if apply and report.enough and report.helps:
            click.echo(say(language(), "calibrate.applied"))
    if apply and not (report.enough and report.helps):
        raise click.ClickException(say(language(), "calibrate.refused"))


def present_report(report: Report) -> dict[str, Any]:
    """The report as JSON; it is kept with what it led to."""
    site = report.site
    return {
        "checks": report.checks,
        "skipped": report.skipped,
        "right": report.right,
        "wrong": report.wrong,
        "undecided": report.undecided,
        "fair_sample": report.fair_sample,
        "enough": report.enough,
        "helps": report.helps,
        "slope": site.slope if site else None,
        "offset": site.offset if site else None,
        "before": _quality(report.before),
        "after": _quality(report.after),
        "reliability": [
            {"matches": each.matches, "before": each.before, "after": each.after, "right": each.right}
            for each in report.bins
        ],
        "flips": [
            {"before": before.value, "after": after.value, "checks": checks} for before, after, checks in report.flips
        ],
    }


def print_words(report: Report) -> None:
    """The report for people."""
    from service.calibrating import MIN_DECISIONS, MIN_EACH

    speak = language()
    click.echo(say(speak, "calibrate.checks", n=report.checks))
    click.echo(say(speak, "calibrate.decided", right=report.right, wrong=report.wrong, others=report.undecided))
    if report.skipped:
        click.echo(say(speak, "replay.skipped", n=report.skipped))
    if not report.enough or report.site is None:
        click.echo(say(speak, "calibrate.too_few", least=MIN_DECISIONS, each=MIN_EACH))
        return
    click.echo(say(speak, "calibrate.numbers", slope=_number(report.site.slope), offset=_number(report.site.offset)))
    click.secho(f"\n{say(speak, 'calibrate.held_out')}", bold=True)
    for name, found in (("before", report.before), ("after", report.after)):
        if found is not None:
            figures = {"precision": _share(found.precision), "found": _share(found.found), "loss": _number(found.loss)}
            click.echo(f"  {say(speak, f'calibrate.{name}', **figures)}")
    click.secho(f"\n{say(speak, 'calibrate.reliability')}", bold=True)
    for each in report.bins:
        figures = {"before": _share(each.before), "after": _share(each.after), "right": _share(each.right)}
        click.echo(f"  {say(speak, 'calibrate.bin', n=each.matches, **figures)}")
    click.secho(f"\n{say(speak, 'replay.sum', n=sum(count for *_, count in report.flips))}", bold=True)
    for before, after, count in report.flips:
        words = f"{say(speak, f'coverage.verdict.{before.value}')} → {say(speak, f'coverage.verdict.{after.value}')}"
        click.echo(f"{format_number(count, speak):>8}  {words}")
    click.echo(say(speak, "calibrate.helps" if report.helps else "calibrate.helps_not"))


def print_in_force(application: Application, *, as_json: bool) -> None:
    """What was put into effect so far, the newest first."""
    kept = application.calibrations.list()
    if as_json:
        print_json([present_stored(each) for each in kept])
        return
    if not any(each.reverted_at is None for each in kept):
        click.echo(say(language(), "calibrate.none"))
    for each in kept:
        click.echo(line_of(each))


def take_back(application: Application, *, as_json: bool) -> None:
    """Take back the one in force. Raises ClickException where there is none."""
    taken = application.calibrations.revert()
    if taken is None:
        raise click.ClickException(say(language(), "calibrate.none"))
    if as_json:
        print_json(present_stored(taken))
    else:
        click.echo(line_of(taken))


def present_stored(stored: StoredCalibration) -> dict[str, Any]:
    """One that was put into effect, with the report on it."""
    return {
        "number": stored.number,
        "slope": stored.site.slope,
        "offset": stored.site.offset,
        "pair": stored.pair,
        "calibration": stored.calibration,
        "applied_at": present_moment(stored.applied_at),
        "reverted_at": present_moment(stored.reverted_at) if stored.reverted_at else None,
        "report": stored.report,
    }


def line_of(stored: StoredCalibration) -> str:
    """One that was put into effect, in a line."""
    speak = language()
    figures = {"slope": _number(stored.site.slope), "offset": _number(stored.site.offset)}
    day = format_date(stored.applied_at.date(), speak)
    said = f"{stored.number}  {say(speak, 'calibrate.since', date=day, **figures)}"
    if stored.reverted_at is None:
        return said
    return f"{said} {say(speak, 'calibrate.until', date=format_date(stored.reverted_at.date(), speak))}"


def _quality(found: Quality | None) -> dict[str, float | None] | None:
    return None if found is None else {"precision": found.precision, "found": found.found, "log_loss": found.loss}


def _share(value: float | None) -> str:
    return "–" if value is None else format_fraction(value, language())


def _number(value: float) -> str:
    return format_decimal(value, language())
