"""MilvusCollections: what is asked of a Milvus, in the words of retrieval. The only home of pymilvus."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexUnavailable
from index.model.embedder import Vectors
from index.retrieval.milvus_states import STATE_SECONDS, STATES, TIMEOUT_SECONDS, have_states

CONNECT_SECONDS = 5
MOST = 16_384  # of results to one query that Milvus gives
KEYS_AT_ONCE = 1000
MAX_BYTES = 65_535  # of a text that Milvus takes
STRONG, BOUNDED = "Strong", "Bounded"

NEVER = 2**31 - 1  # milliseconds

LITE_FILE = ".db"  # how the address of a Milvus Lite ends


@dataclass(frozen=True)
class State:
    """How far a collection reaches into the changes of the store. `former` is the one whose place it took."""

    id: str
    collection: str
    sequence: int
    statements: int
    is_whole: bool
    former: str = ""


@dataclass(frozen=True)
class Row:
    """A statement in a collection: its key, its vector, and its analysed words."""

    key: int
    vector: Vectors
    words: Sequence[str]


class MilvusCollections:
    """Collections of one Milvus, connected when first needed. Safe in many threads."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._lock = threading.Lock()
        self._opened: Any = None
        self._fault: tuple[float, IndexUnavailable] | None = None
        self._loaded: set[str] = set()

    # ------------------------------------------------------------ states

    def state(self, id: str) -> State | None:
        """A state, as it is now."""
        with self._asked(STATES) as client:
            rows = client.query(
                STATES, ids=[id], output_fields=["collection", "sequence", "statements", "is_whole", "former"],
                consistency_level=STRONG, timeout=STATE_SECONDS,
            )  # fmt: skip
        if not rows:
            return None
        (row,) = rows
        return State(id, row["collection"], row["sequence"], row["statements"], row["is_whole"], row["former"])

    def put_state(self, state: State) -> None:
        """Note a state, in the place of what was noted under its id."""
        with self._asked(STATES) as client:
            client.upsert(STATES, [{**asdict(state), "vector": [0.0, 1.0]}], timeout=STATE_SECONDS)

    # ------------------------------------------------------------ collections

    def create(self, name: str, dimensions: int) -> None:
        """An empty collection, in the place of what has this name."""
        from pymilvus import DataType, Function, FunctionType

        self.drop(name)
        with self._asked() as client:
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("key", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimensions)
            # The words are analysed already: all that is left is to part them.
            schema.add_field(
                "words", DataType.VARCHAR, max_length=MAX_BYTES, enable_analyzer=True,
                analyzer_params={"tokenizer": "standard"},
            )  # fmt: skip
            schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function("bm25", FunctionType.BM25, ["words"], ["bm25"]))
            indexes = client.prepare_index_params()
            indexes.add_index("vector", index_type="AUTOINDEX", metric_type="IP")
            parameters = {"bm25_k1": 1.2, "bm25_b": 0.75}  # tantivy's
            indexes.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=parameters)
            client.create_collection(name, schema=schema, timeout=TIMEOUT_SECONDS)
            client.create_index(name, indexes, sync=False, timeout=TIMEOUT_SECONDS)  # of nothing: no waiting for it

    def has(self, name: str) -> bool:
        """Whether there is a collection of this name."""
        with self._asked() as client:
            return bool(client.has_collection(name, timeout=TIMEOUT_SECONDS))

    def drop(self, name: str) -> None:
        """Remove a collection where it is there."""
        if self.has(name):
            with self._asked() as client:
                client.drop_collection(name, timeout=TIMEOUT_SECONDS)

    def names(self) -> list[str]:
        """The names of all collections."""
        with self._asked() as client:
            return list(client.list_collections(timeout=TIMEOUT_SECONDS))

    def put(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows, in the place of those with their keys."""
        data = [{"key": row.key, "vector": row.vector.tolist(), "words": joined(row.words)} for row in rows]
        with self._asked(name) as client:
            if data:
                client.upsert(name, data, timeout=TIMEOUT_SECONDS)

    def remove(self, name: str, keys: Sequence[int]) -> None:
        """Remove rows."""
        with self._asked(name) as client:
            if keys:
                client.delete(name, ids=list(keys), timeout=TIMEOUT_SECONDS)

    def settle(self, name: str) -> None:
        """Have a Milvus Lite index what it was given: until then it compares one row after the other."""
        if self._uri.endswith(LITE_FILE):
            with self._asked(name) as client:
                client.flush(name, timeout=TIMEOUT_SECONDS)

    def count(self, name: str) -> int:
        """How many rows there are now."""
        with self._asked(name) as client:
            (row,) = client.query(
                name, filter="", output_fields=["count(*)"], consistency_level=STRONG, timeout=TIMEOUT_SECONDS
            )
        return int(row["count(*)"])

    # ------------------------------------------------------------ searching

    def nearest(self, name: str, vectors: Vectors, limit: int, consistency: str) -> list[list[int]]:
        """For each vector the keys of the most similar, best first."""
        with self._asked(name) as client:
            found = client.search(
                name, data=vectors.tolist(), anns_field="vector", limit=min(limit, MOST), output_fields=["key"],
                search_params={"metric_type": "IP"}, consistency_level=consistency, timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        return [[int(hit["key"]) for hit in hits] for hits in found]

    def sharing(
        self, name: str, queries: Sequence[Sequence[str]], limit: int, consistency: str
    ) -> list[dict[int, float]]:
        """For each query the BM25 scores of those that share most of its words, by key."""
        asked = [joined(words) for words in queries if words]
        if not asked:
            return [{} for _ in queries]
        with self._asked(name) as client:
            found = iter(
                client.search(
                    name, data=asked, anns_field="bm25", limit=min(limit, MOST), output_fields=["key"],
                    search_params={"metric_type": "BM25"}, consistency_level=consistency, timeout=TIMEOUT_SECONDS,
                )
            )  # fmt: skip
        # Scores are positive; Milvus Lite says them with a minus.
        return [
            {int(hit["key"]): abs(float(hit["distance"])) for hit in next(found)} if words else {} for words in queries
        ]

    def vectors(self, name: str, keys: Sequence[int], consistency: str) -> Mapping[int, Vectors]:
        """The vectors of those keys that are there."""
        found: dict[int, Vectors] = {}
        with self._asked(name) as client:
            for start in range(0, len(keys), KEYS_AT_ONCE):
                rows = client.query(
                    name, filter=f"key in {list(keys[start : start + KEYS_AT_ONCE])}", output_fields=["key", "vector"],
                    consistency_level=consistency, timeout=TIMEOUT_SECONDS,
                )  # fmt: skip
                found |= {int(row["key"]): np.asarray(row["vector"], np.float32) for row in rows}
        return found

    # ------------------------------------------------------------ the connection

    def close(self) -> None:
        """Let go of the connection; of a Milvus Lite, of its files as well."""
        with self._lock:
            if self._opened is None:
                return
            self._opened.close()
            self._opened = None
            self._loaded.clear()
            if self._uri.endswith(LITE_FILE):
                from milvus_lite.server_manager import server_manager_instance

                server_manager_instance.release_server(self._uri)

    @contextmanager
    def _asked(self, name: str | None = None) -> Iterator[Any]:
        """The client, with the collection `name` loaded; what it raises becomes IndexUnavailable."""
        client = self._client()
        from grpc import FutureTimeoutError, RpcError
        from pymilvus.exceptions import MilvusException

        try:
            if name is not None and name not in self._loaded:  # a Milvus that was started again has loaded none
                if name == STATES:
                    have_states(client)
                client.load_collection(name, timeout=TIMEOUT_SECONDS)
                self._loaded.add(name)
            yield client
        except MilvusException as error:
            self._loaded.clear()
            raise IndexUnavailable(f"Milvus cannot do what is asked of it (code {error.code}).") from error
        except (RpcError, FutureTimeoutError) as error:  # pymilvus hands on what it does not try again
            self._loaded.clear()
            raise IndexUnavailable(why_failed(error)) from error

    def _client(self) -> Any:
        """The client, opened by one; who waited for that meanwhile does not try what just failed."""
        since = time.monotonic()
        with self._lock:
            if self._opened is None:
                if self._fault is not None and self._fault[0] >= since:
                    raise self._fault[1]
                try:
                    self._opened = self._open()
                except IndexUnavailable as fault:
                    self._fault = (time.monotonic(), fault)
                    raise
            return self._opened

    def _open(self) -> Any:
        try:
            from grpc import FutureTimeoutError, RpcError
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            raise IndexUnavailable(
                "GEGENCHECK_MILVUS_URI needs Milvus's client: pip install 'gegencheck[milvus]'"
            ) from error
        try:
            if self._uri.endswith(LITE_FILE):
                Path(self._uri).mkdir(parents=True, exist_ok=True, mode=0o700)
            logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what was asked; errors come as ours
            # A Milvus Lite is in this process: asked time and again whether it lives, it hangs up.
            options = {"grpc.keepalive_time_ms": NEVER} if self._uri.endswith(LITE_FILE) else {}
            return MilvusClient(self._uri, timeout=CONNECT_SECONDS, grpc_options=options)
        except (MilvusException, RpcError, FutureTimeoutError, OSError) as error:
            advice = "is it in use by another process?" if self._uri.endswith(LITE_FILE) else "does it run there?"
            raise IndexUnavailable(f"Milvus cannot be reached: check GEGENCHECK_MILVUS_URI, and {advice}") from error


def why_failed(error: Any) -> str:
    """What to say of a call that failed on its way."""
    code = getattr(error, "code", None)  # a connection that was waited for in vain has none
    name = code().name if code else "DEADLINE_EXCEEDED"
    if name == "DEADLINE_EXCEEDED":
        return "Milvus does not answer in time: is it overloaded?"
    return f"Milvus cannot do what is asked of it (code {name})."


def joined(words: Sequence[str]) -> str:
    """Words as one text, cut where Milvus takes no more."""
    text = " ".join(words)
    if len(text) * 4 <= MAX_BYTES:
        return text
    return text.encode()[:MAX_BYTES].decode(errors="ignore").rpartition(" ")[0]
