"""One job, again and again: past checks are judged anew where statements or the negative list changed since."""

from __future__ import annotations

import logging

from index.errors import IndexUnavailable
from service.bootstrap import Application
from service.work.correcting import correct
from service.work.held import Work
from service.work.ruled_out import correct_ruled_out

log = logging.getLogger(__name__)

EVERY_SECONDS = 60  # whoever changes statements or the list lets it be due at once


def work_on_correction(application: Application, work: Work) -> None:
    """Correct past checks, and note that it was done. Raises IndexFault for what waiting does not help."""
    try:
        correct(application, work)
        correct_ruled_out(application, work)
    except IndexUnavailable:  # while it loads nobody is told anything, and the next turn begins where this one ended
        log.info("past checks are corrected once the index is there")
    application.schedules.finish(work.job)
