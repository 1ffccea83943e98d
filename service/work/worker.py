"""The worker: threads that take jobs off the queue, keep their leases alive, and tidy up now and then."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from service.bootstrap import Application
from service.logs import describe
from service.models import CheckRequest, Stage
from service.store.bell import POLL_SECONDS
from service.store.jobs import LEASE_SECONDS, Job, JobKind, WorkerName
from service.work.checking import work_on_check
from service.work.housekeeping import Housekeeping
from service.work.importing import work_on_import

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = LEASE_SECONDS / 5
PROGRESS_SECONDS = 0.25  # how often the stages of running checks are written down
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
        self._held: dict[int, Job] = {}
        self._stages: dict[str, Stage] = {}
        self._housekeeping = Housekeeping(application)

    def start(self) -> None:
        """Begin; what dead workers on this machine left is taken up at once."""
        if not self.application.settings.workers:
            return
        with_faults_logged("taking up", lambda: self.application.jobs.release_dead(self.name))
        for number in range(self.application.settings.workers):
            self._run(f"check-{number}", self._work_on_checks)
        self._run("import", self._work_on_imports)
        self._run("heartbeat", self._beat)

    def stop(self) -> None:
        """Let running jobs end for a while; what is not done then is taken up by whoever starts next."""
        self._stopping.set()
        self.application.jobs.bell.ring()
        until = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        for job in list(self._held.values()):
            with_faults_logged("putting back", lambda job=job: self.application.jobs.postpone(job, 0))  # type: ignore[misc]

    def run_once(self) -> bool:
        """Do the oldest job in this thread; False where there is none."""
        return self._work_on((JobKind.CHECK, JobKind.IMPORT))

    # ------------------------------------------------------------ threads

    def _run(self, name: str, loop: Callable[[], None]) -> None:
        thread = threading.Thread(target=loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work_on_checks(self) -> None:
        while not self._stopping.is_set():
            self._work_or_wait((JobKind.CHECK,))

    def _work_on_imports(self) -> None:
        # Libraries and language profiles load when first needed: better now than in somebody's first check.
        with_faults_logged("warming up", lambda: self.application.checker.run(CheckRequest(html=ANY_PAGE)))
        while not self._stopping.is_set():
            with_faults_logged("tidying", self._housekeeping.run_when_due)
            self._work_or_wait((JobKind.IMPORT,))

    def _beat(self) -> None:
        renewed_at = time.monotonic()
        while not self._stopping.wait(PROGRESS_SECONDS):
            with_faults_logged("noting stages", self._note_stages)
            if time.monotonic() - renewed_at >= HEARTBEAT_SECONDS:
                renewed_at = time.monotonic()
                with_faults_logged("renewing leases", self._renew)

    def _note_stages(self) -> None:
        stages, self._stages = self._stages, {}
        if stages:
            self.application.checks.note_stages(stages)

    def _renew(self) -> None:
        self.application.jobs.renew(str(self.name), list(self._held))

    # ------------------------------------------------------------ jobs

    def _work_or_wait(self, kinds: tuple[JobKind, ...]) -> None:
        rings = self.application.jobs.bell.rings
        try:
            worked = self._work_on(kinds)
        except Exception as error:  # the database is full, say: the lease ends, and the job is taken up again
            log.error("a job could not be taken or ended: %s", describe(error))
            self._stopping.wait(POLL_SECONDS)
            return
        if not worked and not self._stopping.is_set():
            self.application.jobs.bell.wait(rings)

    def _work_on(self, kinds: tuple[JobKind, ...]) -> bool:
        job = self.application.jobs.claim(str(self.name), kinds)
        if job is None:
            return False
        self._held[job.number] = job
        try:
            if job.kind is JobKind.CHECK:
                work_on_check(self.application, job, lambda stage: self._stages.update({job.subject: stage}))
            else:
                work_on_import(self.application, job)
        finally:
            self._held.pop(job.number, None)
            self._stages.pop(job.subject, None)
        return True


def with_faults_logged(what: str, action: Callable[[], object]) -> None:
    """Do something that must not end its thread; a fault is logged and the next turn tries again."""
    try:
        action()
    except BaseException as error:  # a panic inside a library written in Rust is no Exception
        log.error("%s failed: %s", what, describe(error))
