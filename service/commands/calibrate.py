"""`gegencheck calibrate`."""

from __future__ import annotations

import click

from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings


@click.command()
@click.option("--from-feedback", is_flag=True, help="Report on what people decided about matches of kept checks.")
@click.option("--fair-sample", is_flag=True,
              help="The decisions are a sample of all matches (a review queue), not complaints.")  # fmt: skip
@click.option("--apply", is_flag=True, help="With --from-feedback: put the numbers of the report into effect.")
@click.option("--revert", is_flag=True, help="Take back the calibration in force; the one before it counts again.")
@click.option("--checks", default=5000, show_default=True, type=click.IntRange(1), help="Kept checks to look at.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def calibrate(
    settings: Settings,
    from_feedback: bool,
    fair_sample: bool,
    apply: bool,
    revert: bool,
    checks: int,
    as_json: bool,
) -> None:
    """Set confidences right by what people decided here. Alone it says what is in force; nothing changes unasked."""
    from service import terminal_calibration

    if (apply or fair_sample) and not from_feedback:
        raise click.UsageError("--apply and --fair-sample go with --from-feedback.")
    if revert and from_feedback:
        raise click.UsageError("--revert goes alone.")
    with opened_to_write(settings) if apply or revert else opened(settings) as application:
        if revert:
            terminal_calibration.take_back(application, as_json=as_json)
        elif from_feedback:
            terminal_calibration.print_report(
                application, checks, fair_sample=fair_sample, apply=apply, as_json=as_json
            )
        else:
            terminal_calibration.print_in_force(application, as_json=as_json)
