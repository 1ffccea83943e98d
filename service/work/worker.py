"""The worker: threads that take jobs off the queue, keep hold of them, and tidy up now and then."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable

from index.errors import StoreReplaced
from index.store.one_store import within_one_store
from service.bootstrap import Application
from service.errors import CheckFault
from service.logs import describe
from service.models import CheckRequest
from service.store.bell import POLL_SECONDS
from service.store.check_rows import PROGRESS_SECONDS
from service.store.jobs import Job, Lane
from service.store.leases import LEASE_SECONDS
from service.store.worker_names import WorkerName
from service.work.giving_up import failure, interrupted, too_long
from service.work.held import Place, Unwanted, Work
from service.work.housekeeping import Housekeeping
from service.work.kinds import Kind, Registry
from service.work.registry import REGISTRY

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = LEASE_SECONDS / 5
SCHEDULE_SECONDS = 5  # how often schedules are looked at
LOOK_SECONDS = 1  # how often a process that only tidies asks whether that is due
STOP_SECONDS = 10
DELIVERERS = 2  # threads that only send webhooks: a receiver that hangs leaves one for the others
ANY_PAGE = (
    "<html><body><article><p>This page says nothing in particular about anything at all.</p></article></body></html>"
)


class Worker:
    """Works off jobs in `settings.workers` threads for interactive kinds and one for bulk kinds and tidying.

    Bulk work has a thread of its own, so that a check never waits for an import; and of several threads for checks one
    leaves batches to the others, so that a single check never waits for an item of one. What may go on for minutes and
    nobody waits for has its own as well.
    """

    def __init__(self, application: Application, registry: Registry = REGISTRY) -> None:
        self.application, self.registry = application, registry
        self.name = WorkerName.own()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._held: dict[int, Work] = {}
        self._housekeeping = Housekeeping(application)

    def start(self) -> None:
        """Begin; what dead workers on this machine left is taken up at once.

        Where others do the work, the process still tends its own index.
        """
        if not self.application.settings.workers:
            self._run(Place("tidying", self._tidy))
            return
        with_faults_logged("taking up", lambda: self.application.jobs.release_dead(self.name))
        with_faults_logged("planning", self._plan)
        for number, lanes in enumerate(lanes_of(self.application.settings.workers)):
            self._run(Place(f"interactive-{number}", self._work_interactively, lanes))
        self._run(Place("bulk", self._begin_bulk))
        self._run(Place("background", self._work_in_background))
        for number in range(DELIVERERS):
            self._run(Place(f"delivery-{number}", self._deliver))
        self._run(Place("heartbeat", self._beat))

    def stop(self) -> None:
        """Let running jobs end for a while; what is not done then is counted, and taken up by whoever starts next."""
        self._stopping.set()
        self.application.jobs.bell.ring()
        until = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        for work in list(self._held.values()):
            with_faults_logged("putting back", lambda work=work: self.application.jobs.put_back(work.job))  # type: ignore[misc]

    def run_once(self) -> bool:
        """Do the next job in this thread; False where there is none."""
        return self._work_on(tuple(self.registry))

    # ------------------------------------------------------------ threads

    def _run(self, place: Place) -> None:
        thread = threading.Thread(target=place.loop, args=(place,), name=place.name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _goes_on(self, place: Place) -> bool:
        return not (self._stopping.is_set() or place.left.is_set())

    def _work_interactively(self, place: Place) -> None:
        kinds = self.registry.names(Lane.INTERACTIVE)
        while self._goes_on(place):
            self._work_or_wait(kinds, place)

    def _deliver(self, place: Place) -> None:
        kinds = self.registry.names(Lane.DELIVERY)
        while self._goes_on(place):
            self._work_or_wait(kinds, place)

    def _work_in_background(self, place: Place) -> None:
        kinds = self.registry.names(Lane.BACKGROUND)
        while self._goes_on(place):
            self._work_or_wait(kinds, place)

    def _begin_bulk(self, place: Place) -> None:
        # Libraries and language profiles load when first needed: better now than in somebody's first check.
        with_faults_logged("warming up", lambda: self.application.checker.run(CheckRequest(html=ANY_PAGE)))
        place.loop = self._work_in_bulk
        place.loop(place)

    def _work_in_bulk(self, place: Place) -> None:
        kinds = self.registry.names(Lane.BULK)
        while self._goes_on(place):
            with_faults_logged("tidying", self._housekeeping.run_when_due)
            self._work_or_wait(kinds, place)

    def _tidy(self, place: Place) -> None:
        while self._goes_on(place):
            with_faults_logged("tidying", self._housekeeping.run_when_due)
            self._stopping.wait(LOOK_SECONDS)

    def _plan(self) -> None:
        for kind in self.registry.scheduled():
            self.application.schedules.plan(kind.name, kind.name, kind.every_seconds)

    # ------------------------------------------------------------ the heartbeat

    def _beat(self, _place: Place) -> None:
        renewed_at, scheduled_at = time.monotonic(), float("-inf")
        while not self._stopping.wait(PROGRESS_SECONDS):
            with_faults_logged("noting stages", self._note_stages)
            with_faults_logged("looking for deleted checks", self._stop_unwanted)
            with_faults_logged("ending what takes too long", self._end_overdue)
            if time.monotonic() - renewed_at >= HEARTBEAT_SECONDS:
                renewed_at = time.monotonic()
                with_faults_logged("keeping hold of jobs", self._renew)
            if time.monotonic() - scheduled_at >= SCHEDULE_SECONDS:
                scheduled_at = time.monotonic()
                with_faults_logged("queueing what is due", self.application.schedules.queue_due)

    def _note_stages(self) -> None:
        stages = {}
        for work in list(self._held.values()):
            stage, work.stage = work.stage, None
            if stage is not None:
                stages[work.job.subject] = stage
        if stages:
            self.application.checks.note_stages(stages)

    def _stop_unwanted(self) -> None:
        held = list(self._held.values())
        if held:
            kept = self.application.jobs.still_held([work.job for work in held])
            for work in held:
                if work.job not in kept:
                    work.stop()

    def _end_overdue(self) -> None:
        """Give up what takes too long. Its thread cannot be ended from outside, so another takes its place."""
        now = self.application.clock.read().steady
        for key, work in list(self._held.items()):
            if work.is_overdue(now):
                log.error("%s job given up: it takes too long, its thread is left to it", work.job.kind)
                work.stop()
                kind = self.registry[work.job.kind]
                self._give_up(kind, work.job, too_long(kind))
                self._held.pop(key, None)
                if work.place is not None:
                    work.place.left.set()
                    self._run(Place(work.place.name, work.place.loop, work.place.lanes))

    def _renew(self) -> None:
        self.application.jobs.renew(str(self.name), [work.job.number for work in list(self._held.values())])

    # ------------------------------------------------------------ jobs

    def _work_or_wait(self, kinds: tuple[str, ...], place: Place) -> None:
        rings = self.application.jobs.bell.rings
        try:
            worked = self._work_on(kinds, place)
        except Exception as error:  # the database is full, say: the job is taken up again once nobody renews it
            log.error("a job could not be taken or ended: %s", describe(error))
            self._stopping.wait(POLL_SECONDS)
            return
        if not worked and self._goes_on(place):
            self.application.jobs.bell.wait(rings)

    def _work_on(self, kinds: tuple[str, ...], place: Place | None = None) -> bool:
        job = self.application.jobs.claim(str(self.name), kinds, place.lanes if place else tuple(Lane))
        if job is None:
            return False
        if place is not None and self._stopping.is_set():  # meanwhile; nothing was begun
            self.application.jobs.postpone(job, 0)
            return False
        kind = self.registry[job.kind]
        work = Work(job, self.application.clock.read().steady, kind.limit_seconds, place)
        self._held[id(work)] = work
        try:
            with within_one_store(job.store_id):
                self._do(kind, work)
        except (Unwanted, StoreReplaced):
            log.info("a job was stopped: it was deleted or given up, or a backup was restored")
        finally:
            self._held.pop(id(work), None)
        return True

    def _do(self, kind: Kind, work: Work) -> None:
        if work.job.is_hopeless and not kind.harmless:
            self._give_up(kind, work.job, interrupted(kind, work.job))
            return
        try:
            with self.application.tracer.span(f"job {kind.name}", lane=work.job.lane.value, failed=work.job.failed):
                outcome = kind.handle(self.application, work)
        except (Unwanted, StoreReplaced):
            raise
        except BaseException as error:  # a panic inside a library written in Rust is no Exception
            self._failed(kind, work, error)
        else:
            if outcome is not None:
                self.application.jobs.end(work.job, outcome)

    def _failed(self, kind: Kind, work: Work, error: BaseException) -> None:
        """Put a job off that failed, or give it up after its last try."""
        job = work.job
        tries = kind.retries.most + 1
        log.error("a %s job failed, try %d of %d: %s", kind.name, job.failed + 1, tries, describe(error))
        work.go_on()
        if job.failed < kind.retries.most:
            self.application.jobs.retry(job, kind.retries.pause(job.failed, random.random()))  # noqa: S311 - no secret
        else:
            kind.give_up(self.application, job, *failure(kind, job, error))

    def _give_up(self, kind: Kind, job: Job, fault: CheckFault) -> None:
        kind.give_up(self.application, job, fault.code, str(fault))


def lanes_of(threads: int) -> list[tuple[Lane, ...]]:
    """Which lanes each thread for interactive kinds serves."""
    both = (Lane.INTERACTIVE, Lane.BULK)
    return [both if number or threads == 1 else (Lane.INTERACTIVE,) for number in range(threads)]


def with_faults_logged(what: str, action: Callable[[], object]) -> None:
    """Do something that must not end its thread; a fault is logged and the next turn tries again."""
    try:
        action()
    except BaseException as error:  # a panic inside a library written in Rust is no Exception
        log.error("%s failed: %s", what, describe(error))
