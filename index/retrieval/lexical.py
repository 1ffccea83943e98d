"""KeywordIndex: BM25 over the statements' words, stemmed by language. The only home of tantivy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import IndexUnavailable
from index.models import Statement

FORMAT = 1  # of the fields and their analysis: raise it when they change
STEMMERS = {"de": "german", "en": "english", "fr": "french", "it": "italian", "es": "spanish", "pt": "portuguese"}
FIELDS = (*STEMMERS, "other")
MAX_WORDS = 64
HEAP_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A statement's key and its BM25 score (higher is better; comparable within one query only)."""

    key: int
    score: float


class KeywordIndex:
    """Words of claims and headlines by statement key; on disk under `folder`, or in memory without one."""

    def __init__(self, index: Any) -> None:
        self._index = index
        for field, analyzer in analyzers().items():
            index.register_tokenizer(field, analyzer)
        self._writer: Any = None

    @classmethod
    def create(cls, folder: Path | None = None) -> KeywordIndex:
        """An empty one. Raises IndexUnavailable."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("key", indexed=True, fast=True, stored=True)
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name=field, index_option="freq")
        try:
            if folder is None:
                return cls(tantivy.Index(builder.build()))
            folder.mkdir(parents=True, exist_ok=True)
            return cls(tantivy.Index(builder.build(), path=str(folder), reuse=False))
        except (OSError, ValueError) as error:
            raise IndexUnavailable(
                "The keyword index cannot be created: is the disk full, or does somebody else own the data folder?"
            ) from error

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Open what lies in a folder. Raises IndexUnavailable where it is missing or damaged."""
        import tantivy

        try:
            loaded = cls(tantivy.Index.open(str(folder)))
            loaded._index.searcher()
        except (OSError, ValueError) as error:
            raise IndexUnavailable("The keyword index is missing or damaged; it is built anew.") from error
        return loaded

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def put(self, statements: Iterable[Statement]) -> None:
        """Add statements, whose keys must not be there (any more: `remove` first); visible after `commit`."""
        import tantivy

        for statement in statements:
            document = tantivy.Document()
            document.add_unsigned("key", statement.key)
            document.add_text(field_of(statement), searched_words(statement))
            self._open_writer().add_document(document)

    def remove(self, keys: Iterable[int]) -> None:
        """Remove statements; visible after `commit`."""
        import tantivy

        for key in keys:
            # The shorter delete_documents_by_term looks for a signed integer, and so never finds an unsigned one.
            query = tantivy.Query.term_query(self._index.schema, "key", int(key))
            self._open_writer().delete_documents_by_query(query)

    def commit(self) -> None:
        """Make what was put and removed visible, and durable where there is a folder. Raises IndexUnavailable."""
        if self._writer is None:
            return
        try:
            self._writer.commit()
            self._writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise IndexUnavailable("The keyword index cannot be written: is the disk full?") from error
        self._writer = None
        self._index.reload()

    def search(self, text: str, limit: int) -> list[KeywordHit]:
        """The best matches of any of the text's words; nothing in it is read as query syntax."""
        words = query_words(text)
        if not words or not limit:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._index.parse_query(" ".join(words), list(FIELDS)), limit, count=False)
        return [KeywordHit(int(searcher.doc(place)["key"][0]), float(score)) for score, place in found.hits]

    def _open_writer(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            except (OSError, ValueError) as error:
                raise IndexUnavailable("The keyword index is being written by another process.") from error
        return self._writer


def field_of(statement: Statement) -> str:
    """The field that a statement's words belong to, by its language."""
    return statement.language if statement.language in STEMMERS else "other"


def searched_words(statement: Statement) -> str:
    """What of a statement is searched by words."""
    return f"{statement.claim_reviewed} {statement.headline or ''}".encode("utf-8", "replace").decode("utf-8")


def query_words(text: str) -> list[str]:
    """The words that are looked up for a text, each once."""
    # Lower-case words cannot be operators, and \w leaves no quotes, brackets or colons.
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:MAX_WORDS]


@cache
def analyzers() -> dict[str, Any]:
    """What cuts a text into words and makes their forms one, by field."""
    import tantivy

    made = {}
    for language, stemmer in STEMMERS.items():
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for part in ("lowercase", "stopword", "stemmer", "ascii_fold"):
            make = getattr(tantivy.Filter, part)
            builder = builder.filter(make(stemmer) if part in ("stopword", "stemmer") else make())
        made[language] = builder.build()
    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return made | {"other": plain.filter(tantivy.Filter.ascii_fold()).build()}


# For an engine with a keyword index of its own: words whose forms are one already, told apart by the language in which
# they are so. A digit before a word does, whatever splits the text later.


def stems_of(statement: Statement) -> list[str]:
    """The words of a statement, analysed as its language's field does."""
    field = field_of(statement)
    return [f"{FIELDS.index(field)}{stem}" for stem in analyzers()[field].analyze(searched_words(statement))]


def query_stems(text: str) -> list[str]:
    """The words that are looked up for a text, analysed as each field does."""
    words = " ".join(query_words(text))
    return [f"{number}{stem}" for number, field in enumerate(FIELDS) for stem in analyzers()[field].analyze(words)]
