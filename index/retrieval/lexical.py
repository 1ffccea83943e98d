"""KeywordIndex: BM25 over the statements' words, stemmed by language. The only home of tantivy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
        import tantivy

        self._index = index
        for language, stemmer in STEMMERS.items():
            builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            for part in ("lowercase", "stopword", "stemmer", "ascii_fold"):
                make = getattr(tantivy.Filter, part)
                builder = builder.filter(make(stemmer) if part in ("stopword", "stemmer") else make())
            index.register_tokenizer(language, builder.build())
        plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        index.register_tokenizer("other", plain.filter(tantivy.Filter.ascii_fold()).build())
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
            language = statement.language if statement.language in STEMMERS else "other"
            document = tantivy.Document()
            document.add_unsigned("key", statement.key)
            document.add_text(language or "other", _storable(f"{statement.claim_reviewed} {statement.headline or ''}"))
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
        # Lower-case words cannot be operators, and \w leaves no quotes, brackets or colons.
        words = list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:MAX_WORDS]
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


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
