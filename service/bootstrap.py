"""Puts the application together from its settings: the one place that knows which implementations are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from index.errors import IndexFault
from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
from service.clock import Clock, SystemClock
from service.config import Settings
from service.deferred_index import DeferredIndex
from service.pipeline.check import Checker
from service.pipeline.fetch import Fetcher
from service.pipeline.polite import Asker, PoliteFetcher
from service.pipeline.reader import DirectReader, ProcessReader, Reader
from service.pipeline.revising import Reviser
from service.store.admission import Bounds
from service.store.audit import AuditStore
from service.store.batches import BatchStore
from service.store.bell import Bell
from service.store.blobs import open_blobs
from service.store.checks import CheckStore
from service.store.corrections import CorrectionStore
from service.store.database import open_tables
from service.store.deliveries import DeliveryStore
from service.store.feedback import FeedbackStore
from service.store.hold import UNHELD, Hold
from service.store.hosts import HostStore
from service.store.imports import ImportStore
from service.store.jobs import JobStore
from service.store.keys import KeyStore
from service.store.negatives import NegativeStore
from service.store.notifying import DeafListener, Listener, open_listener, open_notifier
from service.store.page_filter import PageFilter
from service.store.policies import PolicyStore
from service.store.private_files import keep_private
from service.store.readings import ReadingStore
from service.store.restoring import hold_shared
from service.store.schedules import ScheduleStore
from service.store.secrets import SecretStore
from service.store.sources import SourceStore
from service.store.usage import UsageStore
from service.telemetry import open_tracer
from service.tracing import Tracer, Untraced

if TYPE_CHECKING:
    from service.pipeline.fetch import Download


class SourceFetcher(Fetcher, Asker, Protocol):
    """Fetches pages to check, and feeds of statements to import; makes single requests for sources; sends webhooks."""

    def download(self, url: str, max_bytes: int = ...) -> Download:
        """The bytes behind a URL. Raises PageUnavailable or one of its children."""

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Send something; the status of the answer. Raises like `download`."""


@dataclass(frozen=True)
class Application:
    """Everything that a door needs."""

    settings: Settings
    statements: StatementStore
    index: DeferredIndex
    fetcher: SourceFetcher
    reader: Reader
    checker: Checker
    checks: CheckStore
    jobs: JobStore
    schedules: ScheduleStore
    keys: KeyStore
    usage: UsageStore
    imports: ImportStore
    batches: BatchStore
    deliveries: DeliveryStore
    policies: PolicyStore
    audit: AuditStore
    negatives: NegativeStore
    feedback: FeedbackStore
    corrections: CorrectionStore
    reviser: Reviser
    page_filter: PageFilter
    sources: SourceStore
    polite: PoliteFetcher
    readings: ReadingStore
    clock: Clock
    listener: Listener | DeafListener
    tracer: Tracer
    hold: Hold = UNHELD

    def close(self) -> None:
        """Let go of the database, and of the processes that read."""
        self.listener.close()
        self.reader.close()
        self.index.close()
        self.statements.close()
        self.hold.release()
        self.tracer.close()


def build(settings: Settings, progress: Callable[[str], None] | None = None) -> Application:
    """The application as the settings say. Raises StoreUnavailable; a missing model shows when it is needed."""
    from service.pipeline.fetch import HttpFetcher

    tracer = open_tracer(settings)
    keep_private(settings.data_dir, settings.database_file)
    hold = hold_shared(settings)
    try:
        statements = StatementStore.open(settings.database)
    except IndexFault:
        hold.release()
        raise

    def open_index() -> LiveIndex:
        from index.model.embedder import open_embedder

        embedder = open_embedder(settings.embedder, settings.models_dir, progress)
        pair_model = choose_pair_model(settings, embedder, progress)
        least = None if settings.min_match_confidence < 0 else settings.min_match_confidence
        folder, milvus = settings.index_dir, settings.milvus_uri
        return open_live_index(statements, embedder, pair_model, folder, least, milvus)

    reader = ProcessReader(settings)
    return replace(assemble(settings, statements, HttpFetcher(settings), open_index, reader, tracer=tracer), hold=hold)


def choose_pair_model(settings: Settings, embedder: Embedder, progress: Callable[[str], None] | None) -> PairModel:
    """The pair model that the settings name. Raises ModelUnavailable."""
    from index.pairs.rules import RulePairModel

    rules = RulePairModel(embedder)
    if settings.pair_model == "rules":
        return rules
    if settings.pair_model:
        from index.pairs.cross_encoder import CrossEncoderPairModel

        return CrossEncoderPairModel(settings.pair_model, rules)
    from index.pairs.reader import open_pair_model

    return open_pair_model(settings.models_dir, rules, progress)


def bounds_of(settings: Settings) -> Bounds:
    """How much work may wait."""
    return Bounds(
        in_all=settings.max_waiting,
        per_owner=settings.max_waiting_per_key,
        items_in_all=settings.max_waiting_items,
        items_per_owner=settings.max_waiting_items_per_key,
        batches_in_all=settings.max_waiting_batches,
        batches_per_owner=settings.max_waiting_batches_per_key,
        webhooks_per_owner=settings.max_waiting_webhooks_per_key,
    )


Edges = tuple[SourceFetcher, Reader, Clock, Tracer]


def assemble(
    settings: Settings,
    statements: StatementStore,
    fetcher: SourceFetcher,
    open_index: Callable[[], LiveIndex],
    reader: Reader | None = None,
    clock: Clock | None = None,
    tracer: Tracer | None = None,
) -> Application:
    """The application around a statement store, a fetcher, a way to open the index, a reader, a clock and a tracer."""
    open_tables(statements.engine)
    index = DeferredIndex(statements, open_index)
    edges = (fetcher, reader or DirectReader(), clock or SystemClock(), tracer or Untraced())
    return _put_together(settings, statements, index, edges)


def _put_together(settings: Settings, statements: StatementStore, index: DeferredIndex, edges: Edges) -> Application:
    fetcher, reader, clock, tracer = edges
    engine, notifier = statements.engine, open_notifier(statements.engine)
    bell, blobs = Bell(notifier), open_blobs(engine, settings.data_dir, clock)
    jobs, negatives = JobStore(engine, bell, clock, bounds_of(settings)), NegativeStore(engine, clock)
    schedules, secrets = ScheduleStore(engine, bell, clock), SecretStore(engine)
    return Application(
        settings=settings,
        statements=statements,
        index=index,
        fetcher=fetcher,
        reader=reader,
        checker=Checker(fetcher, index, settings, statements, reader, negatives, tracer),
        negatives=negatives,
        checks=CheckStore(engine, bell, clock, jobs),
        jobs=jobs,
        schedules=schedules,
        keys=KeyStore(engine),
        usage=UsageStore(engine, clock),
        imports=ImportStore(engine, blobs, bell, clock, jobs),
        deliveries=DeliveryStore(engine, bell, clock),
        audit=AuditStore(engine, clock),
        policies=PolicyStore(engine, clock),
        batches=BatchStore(engine, bell, clock, jobs),
        feedback=FeedbackStore(engine),
        corrections=CorrectionStore(engine, bell, clock),
        reviser=Reviser(statements, negatives, statements.by_keys),
        page_filter=PageFilter(engine, secrets, settings.data_dir / "filter.key"),
        sources=SourceStore(engine, clock, schedules, secrets),
        polite=PoliteFetcher(fetcher, HostStore(engine, clock), reader, settings.source_pause_seconds),
        readings=ReadingStore(engine, clock),
        clock=clock,
        listener=open_listener(notifier, bell.wake),
        tracer=tracer,
    )
