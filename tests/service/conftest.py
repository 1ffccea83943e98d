"""An application with everything real but the network and the model: pages from a dict, vectors from hashed words."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from doubles import DictFetcher, ShiftedClock, WordsInPictures, article_html
from flask import Flask
from flask.testing import FlaskClient

from index.model.embedder import Embedder, Vectors
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors, encode_separately
from index.model.weights import prepare_engine
from index.pairs.protocol import PairModel
from index.pairs.rules import RulePairModel
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
from service.app import create_app
from service.bootstrap import Application, assemble
from service.cli import main
from service.config import Settings
from service.models import CheckState
from service.serving import create_server
from service.tracing import Tracer
from service.web.auth import SESSIONS
from service.web.sessions import Sessions
from service.work.retention import delete_old
from service.work.worker import Worker

EMPTY = "template0"
LEMONS = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "Hot lemon water cures diabetes within seven days.",
    "url": "https://checks.example/lemons",
    "inLanguage": "en",
    "datePublished": "2021-05-03",
    "author": {"@type": "Organization", "name": "Example Checks", "url": "https://checks.example"},
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}


class WordEmbedder:
    """Texts as bags of hashed words: equal words, equal vectors."""

    model_id = "words"
    dimensions = 256

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        return encode_separately(self.encode_queries, passages)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        rows = [self._encode(re.findall(r"\w+", text)) for text in texts]
        return [TokenVectors(row, np.ones(len(row), np.float32)) for row in rows]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[0] = 0.01
            for word in re.findall(r"\w+", text.lower()):
                row[hashlib.sha256(word.encode()).digest()[0]] += 1
            row /= np.linalg.norm(row)
        return vectors


@dataclass
class House:
    """One application under test, with handles on its doubles."""

    application: Application
    fetcher: DictFetcher
    links: list[str]  # tokens of the links that were printed
    clock: ShiftedClock

    @cached_property
    def app(self) -> Flask:
        """Made when a test first asks for it: many look at the application alone."""
        return create_app(self.application, Sessions(self.links.append))

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @cached_property
    def writer(self) -> FlaskClient:
        """A browser that came in by the link which `serve` prints; like any, it says from which origin it writes."""
        client = self.app.test_client()
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        sessions = self.app.extensions[SESSIONS]
        sessions.offer()
        assert client.get("/", query_string={"token": self.links[-1]}).status_code == 303
        return client

    @property
    def worker(self) -> Worker:
        return Worker(self.application)

    def publish(self, url: str, *paragraphs: str, head: str = "") -> None:
        """Put an article on the web."""
        self.fetcher.pages[url] = article_html(paragraphs[0], *paragraphs, head=head)

    def work(self) -> int:
        """Do all that is queued; returns how many jobs that were."""
        worker, done = self.worker, 0
        while worker.run_once():
            done += 1
        return done

    def tidy(self) -> None:
        """Tidy up twice, with an hour between: what is too old must be so at two readings of the clock."""
        delete_old(self.application)
        self.clock.let_pass(3600)
        delete_old(self.application)

    def check(self, client: FlaskClient | None = None, headers: Mapping[str, str] | None = None, **body: Any) -> Any:
        """A check, asked for, worked off, and judged again from its rows."""
        from rejudged import assert_rejudged

        client = client or self.client
        made = client.post("/v1/checks", json={"wait": 0, **body}, headers=headers)
        assert made.status_code in (200, 202), made.text
        self.work()
        stored = self.application.checks.get(made.json["id"], None)
        if stored.state is CheckState.FINISHED:
            assert_rejudged(stored.result, self.application.checks.findings(stored.id, None))
        return client.get(f"/v1/checks/{stored.id}", headers=headers).json

    def add_statement(self, **changes: Any) -> None:
        """The lemon statement into the store, changed where said, and into the index."""
        from index.exchange.claimreview import read_review

        statement = read_review(LEMONS).statement
        assert statement is not None
        self.application.statements.create(replace(statement, **changes))
        self.application.index.update()

    def key(self, *scopes: str, expires_at: datetime | None = None) -> dict[str, str]:
        """Headers with a new key."""
        return {"Authorization": f"Bearer {self.application.keys.create('test', scopes, expires_at).secret}"}


def quick_models() -> tuple[Embedder, PairModel]:
    """Words and rules: for what does not depend on how well is judged."""
    embedder = WordEmbedder()
    return embedder, RulePairModel(embedder)


def open_house(
    settings: Settings,
    fetcher: DictFetcher | None = None,
    models: Callable[[], tuple[Embedder, PairModel]] = quick_models,
    tracer: Tracer | None = None,
) -> House:
    """An application on the settings' data folder."""
    fetcher = fetcher or DictFetcher()
    statements = StatementStore.open(settings.database)

    def open_index() -> LiveIndex:
        index = open_live_index(statements, *models(), settings.index_dir, None, settings.milvus_uri)
        index.today = lambda: clock.read().at.date()
        return index

    clock = ShiftedClock()
    application = assemble(
        settings, statements, fetcher, open_index, picture_reader=WordsInPictures(), clock=clock, tracer=tracer
    )
    return House(application, fetcher, [], clock)


@pytest.fixture
def settings(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An empty folder and a database, which for a `house` is like the prepared one."""
    url = ""
    if database_kind == "postgresql":
        like = request.getfixturevalue("prepared").template if "house" in request.fixturenames else EMPTY
        url = request.getfixturevalue("postgresql").create(like)
    return Settings(data_dir=tmp_path, database_url=url, min_checkworthiness=0.0)  # every sentence is a claim


@dataclass(frozen=True)
class Prepared:
    """An installation with one statement: copying it is quicker than making it. `template` is its database, if any."""

    folder: Path
    template: str


@pytest.fixture(scope="session")
def prepared(database_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Prepared:
    """Made once for each kind of database."""
    folder = tmp_path_factory.mktemp("prepared")
    url = request.getfixturevalue("postgresql").create() if database_kind == "postgresql" else ""
    made = open_house(Settings(data_dir=folder, database_url=url))
    made.add_statement()
    made.application.corrections.reach(1)  # there were no checks
    made.application.close()
    return Prepared(folder, (sa.make_url(url).database or "") if url else "")


@pytest.fixture
def house(settings: Settings, prepared: Prepared) -> Iterator[House]:
    """An application with one statement, on loopback, without keys."""
    shutil.copytree(prepared.folder, settings.data_dir, dirs_exist_ok=True)
    made = open_house(settings)
    yield made
    made.application.close()


@pytest.fixture(scope="module")
def open_module_house(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Callable[[], House]]:
    """Opens an application like `house` for a whole file, where tests leave nothing behind."""
    opened: list[House] = []

    def open_one() -> House:
        folder = tmp_path_factory.mktemp("shared")
        shutil.copytree(prepared.folder, folder, dirs_exist_ok=True)
        opened.append(open_house(Settings(data_dir=folder, min_checkworthiness=0.0)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.application.close()


@pytest.fixture
def empty_house(settings: Settings) -> Iterator[House]:
    """An application that never held a statement and has no index."""
    made = open_house(settings)
    yield made
    made.application.close()


@pytest.fixture
def open_other(settings: Settings) -> Iterator[Callable[..., House]]:
    """Opens further applications on the same data folder, as other processes would."""
    opened: list[House] = []

    def open_one(**changes: Any) -> House:
        opened.append(open_house(replace(settings, **changes)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.application.close()


@pytest.fixture
def lemons() -> dict[str, Any]:
    """The one statement, as ClaimReview."""
    return dict(LEMONS)


@pytest.fixture
def feed(tmp_path: Path, lemons: dict[str, Any]) -> Path:
    """Two good reviews and one without a claim, one a line."""
    path = tmp_path / "feed.ndjson"
    other = {
        **lemons,
        "url": "https://checks.example/ducks",
        "claimReviewed": "Enten dürfen nicht mehr gefüttert werden.",
        "inLanguage": "de",
    }
    rows = [lemons, {**lemons, "claimReviewed": ""}, other]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


@pytest.fixture
def run(tmp_path: Path, models_dir: Path) -> Callable[..., Result]:
    """Calls `gegencheck …` on an empty data folder; the prepared model lies elsewhere."""
    prepare_engine(models_dir)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models_dir)

    def run_one(*arguments: Any, stdin: str | bytes | None = None, **variables: str) -> Result:
        environment = {"GEGENCHECK_DATA_DIR": str(tmp_path / "data"), "LANG": "en_GB.UTF-8", "LC_ALL": "", **variables}
        return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin, env=environment)

    return run_one


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serves an application on loopback with the production server; returns its address. `sessions` let browsers write."""
    running: list[tuple[Any, threading.Thread]] = []

    def start(application: Application, sessions: Sessions | None = None) -> str:
        server = create_server(application, "127.0.0.1", 0, sessions)

        def run() -> None:
            with suppress(OSError):  # closed by another thread, what it waits for may be gone
                server.run()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server, thread in running:
        server.close()
        for channel in [*server.active_channels.values()]:  # browsers keep theirs open, and the loop waits for them
            channel.close()
        thread.join(5)
