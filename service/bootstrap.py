"""Puts the application together from its settings: the one place that knows which implementations are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from index.errors import IndexFault
from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.ratings import RatingStore
from index.store.statements import StatementStore
from service.clock import Clock, SystemClock
from service.config import Settings
from service.deferred_index import DeferredIndex
from service.measuring import StageMeasures
from service.pipeline.check import Checker
from service.pipeline.fetch import Fetcher
from service.pipeline.polite import Asker, PoliteFetcher
from service.pipeline.reader import DirectReader, ProcessReader, Reader
from service.pipeline.revising import Reviser
from service.store.account_sessions import Lives, SessionStore
from service.store.accounts import AccountStore
from service.store.admission import Bounds
from service.store.asked_claims import AskedClaimStore
from service.store.audit import AuditStore
from service.store.batches import BatchStore
from service.store.bell import Bell
from service.store.blobs import open_blobs
from service.store.checks import CheckStore
from service.store.corrections import CorrectionStore
from service.store.database import open_tables
from service.store.deliveries import DeliveryStore
from service.store.drafts import DraftStore
from service.store.feedback import FeedbackStore
from service.store.hold import UNHELD, Hold, hold_beside
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
from service.store.restoring import clear_away
from service.store.schedules import ScheduleStore
from service.store.secrets import SecretStore
from service.store.sign_in_tries import TryStore
from service.store.site_calibrations import SiteCalibrationStore
from service.store.sources import SourceStore
from service.store.usage import UsageStore
from service.store.writable import Writable, folders_of
from service.telemetry import open_tracer
from service.tracing import Tracer, Untraced

if TYPE_CHECKING:
    from service.pipeline.fetch import Download


SESSION_LIVES = Lives(idle=timedelta(hours=12), whole=timedelta(days=7))  # a long working day, and a week in all


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
    ratings: RatingStore
    index: DeferredIndex
    fetcher: SourceFetcher
    reader: Reader
    picture_reader: Reader
    checker: Checker
    checks: CheckStore
    jobs: JobStore
    schedules: ScheduleStore
    keys: KeyStore
    accounts: AccountStore
    account_sessions: SessionStore
    sign_in_tries: TryStore
    secrets: SecretStore
    usage: UsageStore
    imports: ImportStore
    batches: BatchStore
    deliveries: DeliveryStore
    policies: PolicyStore
    audit: AuditStore
    negatives: NegativeStore
    asked: AskedClaimStore
    drafts: DraftStore
    feedback: FeedbackStore
    calibrations: SiteCalibrationStore
    corrections: CorrectionStore
    reviser: Reviser
    page_filter: PageFilter
    sources: SourceStore
    polite: PoliteFetcher
    readings: ReadingStore
    clock: Clock
    listener: Listener | DeafListener
    tracer: Tracer
    writable: Writable
    measures: StageMeasures
    hold: Hold = UNHELD

    def has_accounts(self) -> bool:
        """Whether people can sign in here."""
        return bool(self.settings.oidc_issuer) or self.accounts.any_made()

    def asks_who_calls(self) -> bool:
        """Whether nobody is let in unknown any more: somebody made a key or an account, or named a provider of them."""
        return self.keys.any_made() or self.has_accounts()

    def close(self) -> None:
        """Let go of the database, and of the processes that read."""
        self.listener.close()
        self.reader.close()
        self.picture_reader.close()
        self.index.close()
        self.statements.close()
        self.hold.release()
        self.tracer.close()


def build(settings: Settings, progress: Callable[[str], None] | None = None) -> Application:
    """The application as the settings say. Raises StoreUnavailable; a missing model shows when it is needed."""
    from service.pipeline.fetch import HttpFetcher

    tracer = open_tracer(settings)
    keep_private(settings.data_dir, settings.database_file)
    hold = hold_beside(settings.database_file)
    clear_away(settings.database_file)
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

    readers = (ProcessReader(settings), ProcessReader.for_pictures(settings))
    return replace(
        assemble(settings, statements, HttpFetcher(settings), open_index, *readers, tracer=tracer), hold=hold
    )


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


Edges = tuple[SourceFetcher, Reader, Reader, Clock, Tracer]


def assemble(
    settings: Settings,
    statements: StatementStore,
    fetcher: SourceFetcher,
    open_index: Callable[[], LiveIndex],
    reader: Reader | None = None,
    picture_reader: Reader | None = None,
    clock: Clock | None = None,
    tracer: Tracer | None = None,
) -> Application:
    """The application around a statement store, a fetcher, a way to open the index, readers, a clock and a tracer."""
    open_tables(statements.engine)
    reader = reader or DirectReader()
    edges = (fetcher, reader, picture_reader or reader, clock or SystemClock(), tracer or Untraced())
    return _put_together(settings, statements, open_index, edges)


def _put_together(
    settings: Settings, statements: StatementStore, open_index: Callable[[], LiveIndex], edges: Edges
) -> Application:
    fetcher, reader, picture_reader, clock, tracer = edges
    engine, notifier = statements.engine, open_notifier(statements.engine)
    bell, blobs = Bell(notifier), open_blobs(engine, settings.data_dir, clock)
    jobs, negatives = JobStore(engine, bell, clock, bounds_of(settings)), NegativeStore(engine, clock)
    schedules, secrets = ScheduleStore(engine, bell, clock), SecretStore(engine)
    calibrations = SiteCalibrationStore(engine, clock)
    index = DeferredIndex(statements, open_index, calibrations.site_of)
    return Application(
        settings=settings,
        statements=statements,
        ratings=RatingStore(engine),
        index=index,
        fetcher=fetcher,
        reader=reader,
        picture_reader=picture_reader,
        checker=Checker(fetcher, index, settings, statements, reader, negatives, tracer, picture_reader),
        negatives=negatives,
        asked=AskedClaimStore(engine, clock, settings.asked_checks),
        drafts=DraftStore(engine, clock),
        checks=CheckStore(engine, blobs, bell, clock, jobs),
        jobs=jobs,
        schedules=schedules,
        keys=KeyStore(engine),
        accounts=AccountStore(engine, clock),
        account_sessions=SessionStore(engine, clock, SESSION_LIVES),
        sign_in_tries=TryStore(engine, clock, secrets),
        secrets=secrets,
        usage=UsageStore(engine, clock),
        imports=ImportStore(engine, blobs, bell, clock, jobs),
        deliveries=DeliveryStore(engine, bell, clock),
        audit=AuditStore(engine, clock),
        policies=PolicyStore(engine, clock),
        batches=BatchStore(engine, bell, clock, jobs),
        feedback=FeedbackStore(engine),
        calibrations=calibrations,
        corrections=CorrectionStore(engine, bell, clock),
        reviser=Reviser(statements, negatives, statements.by_keys),
        page_filter=PageFilter(engine, secrets, settings.data_dir / "filter.key"),
        sources=SourceStore(engine, clock, schedules, secrets),
        polite=PoliteFetcher(fetcher, HostStore(engine, clock), reader, settings.source_pause_seconds, clock=clock),
        readings=ReadingStore(engine, clock),
        clock=clock,
        listener=open_listener(notifier, bell.wake),
        tracer=tracer,
        writable=Writable(folders_of(settings.data_dir, engine)),
        measures=StageMeasures(),
    )
