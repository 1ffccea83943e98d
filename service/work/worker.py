"""The worker: threads that take jobs off the queue, keep hold of them, and tidy up now and then."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from service.bootstrap import Application
from service.logs import describe
from service.models import CheckRequest
from service.store.bell import POLL_SECONDS
from service.store.check_rows import PROGRESS_SECONDS
from service.store.jobs import JobKind
from service.store.leases import LEASE_SECONDS
from service.store.worker_names import WorkerName
from service.work.checking import work_on_check
from service.work.giving_up import give_up, interrupted, too_long
from service.work.held import Place, Unwanted, Work
from service.work.housekeeping import Housekeeping
from service.work.importing import work_on_import

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = LEASE_SECONDS / 5
STOP_SECONDS = 10
ANY_PAGE = (
    "<html><body><article><p>This page says nothing in particular about anything at all.</p></article></body></html>"
)


class Worker:
    """Works off jobs in `settings.workers` threads for checks and one for imports and tidying.

    Imports have a thread of their own, so that checks never wait for one.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.name = WorkerName.own()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._held: dict[int, Work] = {}
        self._housekeeping = Housekeeping(application)

    def start(self) -> None:
        """Begin; what dead workers on this machine left is taken up at once."""
        if not self.application.settings.workers:
            return
        with_faults_logged("taking up", lambda: self.application.jobs.release_dead(self.name))
        for number in range(self.application.settings.workers):
            self._run(Place(f"check-{number}", self._work_on_checks))
        self._run(Place("import", self._begin_imports))
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
        return self._work_on((JobKind.CHECK, JobKind.IMPORT))

    # ------------------------------------------------------------ threads

    def _run(self, place: Place) -> None:
        thread = threading.Thread(target=place.loop, args=(place,), name=place.name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _goes_on(self, place: Place) -> bool:
        return not (self._stopping.is_set() or place.left.is_set())

    def _work_on_checks(self, place: Place) -> None:
        while self._goes_on(place):
            self._work_or_wait((JobKind.CHECK,), place)

    def _begin_imports(self, place: Place) -> None:
        # Libraries and language profiles load when first needed: better now than in somebody's first check.
        with_faults_logged("warming up", lambda: self.application.checker.run(CheckRequest(html=ANY_PAGE)))
        place.loop = self._work_on_imports
        place.loop(place)

    def _work_on_imports(self, place: Place) -> None:
        while self._goes_on(place):
            with_faults_logged("tidying", self._housekeeping.run_when_due)
            self._work_or_wait((JobKind.IMPORT,), place)

    # ------------------------------------------------------------ the heartbeat

    def _beat(self, _place: Place) -> None:
        renewed_at = time.monotonic()
        while not self._stopping.wait(PROGRESS_SECONDS):
            with_faults_logged("noting stages", self._note_stages)
            with_faults_logged("looking for deleted checks", self._stop_unwanted)
            with_faults_logged("ending what takes too long", self._end_overdue)
            if time.monotonic() - renewed_at >= HEARTBEAT_SECONDS:
                renewed_at = time.monotonic()
                with_faults_logged("keeping hold of jobs", self._renew)

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
                log.error("%s job given up: it takes too long, its thread is left to it", work.job.kind.value)
                work.stop()
                give_up(self.application, work.job, too_long(work.job))
                self._held.pop(key, None)
                if work.place is not None:
                    work.place.left.set()
                    self._run(Place(work.place.name, work.place.loop))

    def _renew(self) -> None:
        self.application.jobs.renew(str(self.name), [work.job.number for work in list(self._held.values())])

    # ------------------------------------------------------------ jobs

    def _work_or_wait(self, kinds: tuple[JobKind, ...], place: Place) -> None:
        rings = self.application.jobs.bell.rings
        try:
            worked = self._work_on(kinds, place)
        except Exception as error:  # the database is full, say: the job is taken up again once nobody renews it
            log.error("a job could not be taken or ended: %s", describe(error))
            self._stopping.wait(POLL_SECONDS)
            return
        if not worked and self._goes_on(place):
            self.application.jobs.bell.wait(rings)

    def _work_on(self, kinds: tuple[JobKind, ...], place: Place | None = None) -> bool:
        job = self.application.jobs.claim(str(self.name), kinds)
        if job is None:
            return False
        if place is not None and self._stopping.is_set():  # meanwhile; nothing was begun
            self.application.jobs.postpone(job, 0)
            return False
        work = Work(job, self.application.clock.read().steady, place)
        self._held[id(work)] = work
        try:
            self._do(work)
        except Unwanted:
            log.info("a job was stopped: it was deleted or given up")
        finally:
            self._held.pop(id(work), None)
        return True

    def _do(self, work: Work) -> None:
        if work.job.is_hopeless:
            give_up(self.application, work.job, interrupted(work.job))
        elif work.job.kind is JobKind.CHECK:
            work_on_check(self.application, work.job, work.note_stage)
        else:
            work_on_import(self.application, work.job, work.go_on)


def with_faults_logged(what: str, action: Callable[[], object]) -> None:
    """Do something that must not end its thread; a fault is logged and the next turn tries again."""
    try:
        action()
    except BaseException as error:  # a panic inside a library written in Rust is no Exception
        log.error("%s failed: %s", what, describe(error))
