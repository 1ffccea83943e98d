"""The kinds of jobs there are. A further one is a line here: the worker need not know it."""

from __future__ import annotations

from service.store.asked_claims import GATHERING
from service.store.corrections import CORRECTION
from service.store.jobs import JobKind, Lane
from service.store.sources import SOURCE
from service.work.checking import give_up_check, work_on_check
from service.work.delivering import RETRIES, give_up_delivery, work_on_delivery
from service.work.gathering import EVERY_SECONDS as GATHERED_EVERY_SECONDS
from service.work.gathering import work_on_gathering
from service.work.importing import give_up_import, work_on_import
from service.work.kinds import Kind, Registry, Retries
from service.work.past_checks import EVERY_SECONDS as CORRECTED_EVERY_SECONDS
from service.work.past_checks import work_on_correction
from service.work.periods import EVERY_SECONDS as FOLLOWED_EVERY_SECONDS
from service.work.periods import PERIODS, work_on_periods
from service.work.retention import EVERY_SECONDS, RETENTION, give_up_scheduled, work_on_retention
from service.work.sources.refreshing import give_up_source, work_on_source

CHECK = Kind(
    JobKind.CHECK,
    Lane.INTERACTIVE,
    work_on_check,
    give_up_check,
    limit_seconds=300,  # no page within the limits takes a minute
    advice="The page or text itself may be the cause.",
)
IMPORT = Kind(
    JobKind.IMPORT,
    Lane.BULK,
    work_on_import,
    give_up_import,
    limit_seconds=6 * 3600,  # the largest import and the index after it take some hours
    advice="What was already read is kept; send it again to continue where it ended.",
    retries=Retries(first_seconds=5),
)
WEBHOOK = Kind(
    JobKind.WEBHOOK,
    Lane.DELIVERY,
    work_on_delivery,
    give_up_delivery,
    limit_seconds=120,
    advice="It can be sent again.",
    retries=RETRIES,
    harmless=True,
)
DELETION = Kind(
    RETENTION,
    Lane.BULK,
    work_on_retention,
    give_up_scheduled,
    limit_seconds=3600,
    advice="It runs again by itself.",
    retries=Retries(most=0),  # it comes again soon
    every_seconds=EVERY_SECONDS,
)
REFRESH = Kind(
    SOURCE,
    Lane.BULK,
    work_on_source,
    give_up_source,
    limit_seconds=6 * 3600,  # a large feed over a slow line takes an hour
    advice="It is read again at its next time.",
    retries=Retries(first_seconds=30),
)

CORRECTING = Kind(
    CORRECTION,
    Lane.BACKGROUND,
    work_on_correction,
    give_up_scheduled,
    limit_seconds=6 * 3600,  # a first large import beside many checks takes minutes
    advice="It goes on by itself where it ended.",
    retries=Retries(first_seconds=5),
    every_seconds=CORRECTED_EVERY_SECONDS,
)

FOLLOWING = Kind(
    PERIODS,
    Lane.BACKGROUND,
    work_on_periods,
    give_up_scheduled,
    limit_seconds=3600,  # once a day, of a million statements, it takes seconds
    advice="It runs again by itself.",
    retries=Retries(first_seconds=5),
    every_seconds=FOLLOWED_EVERY_SECONDS,
)

ASKED = Kind(
    GATHERING,
    Lane.BACKGROUND,
    work_on_gathering,
    give_up_scheduled,
    limit_seconds=6 * 3600,  # a first look at many checks takes minutes
    advice="It goes on by itself where it ended.",
    retries=Retries(first_seconds=5),
    every_seconds=GATHERED_EVERY_SECONDS,
)

REGISTRY = Registry(CHECK, IMPORT, WEBHOOK, DELETION, REFRESH, CORRECTING, FOLLOWING, ASKED)
