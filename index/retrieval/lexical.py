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

FORMAT = 2  # of the words and their analysis: raise it when they change
STEMMERS = {"de": "german", "en": "english", "fr": "french", "it": "italian", "es": "spanish", "pt": "portuguese"}
LANGUAGES = (*STEMMERS, "other")
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
        # Else a thread looks twice a second for commits, which are ours alone, and puts a lock file into a folder that
        # is being removed.
        index.config_reader(reload_policy="Manual")
        # The words are analysed already: all that is left is to part them.
        index.register_tokenizer("stems", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer: Any = None

    @classmethod
    def create(cls, folder: Path | None = None) -> KeywordIndex:
        """An empty one. Raises IndexUnavailable."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("key", indexed=True, fast=True, stored=True)
        # One field for all languages: BM25 compares a statement's length with the average of its field, and that of one
        # which few statements have would be next to nothing.
        builder.add_text_field("words", tokenizer_name="stems", index_option="freq")
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
            document.add_text("words", " ".join(stems_of(statement)))
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
        stems = query_stems(text)
        if not stems or not limit:
            return []
        searcher = self._index.searcher()
        found = searcher.search(self._index.parse_query(" ".join(stems), ["words"]), limit, count=False)
        return [KeywordHit(int(searcher.doc(place)["key"][0]), float(score)) for score, place in found.hits]

    def _open_writer(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(HEAP_BYTES, 1)
            except (OSError, ValueError) as error:
                raise IndexUnavailable("The keyword index is being written by another process.") from error
        return self._writer


# ---------------------------------------------------------------- analysis
# A stem carries a digit for the language in which it is one, so that all languages can lie side by side. Else it has
# letters and digits alone: no index and no query takes it apart or reads it as syntax.


def stems_of(statement: Statement) -> list[str]:
    """The words of a statement that are searched, in the one form that its language gives them."""
    language = statement.language if statement.language in STEMMERS else "other"
    words = f"{statement.claim_reviewed} {statement.headline or ''}".encode("utf-8", "replace").decode("utf-8")
    return stems(words, language or "other")


def query_stems(text: str) -> list[str]:
    """The words that are looked up for a text, each once, in the form that each language gives them."""
    words = " ".join(list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:MAX_WORDS])
    return [stem for language in LANGUAGES for stem in stems(words, language)]


def stems(words: str, language: str) -> list[str]:
    """The words of a text as one language takes them, without its commonest."""
    found = ("".join(filter(str.isalnum, stem)) for stem in analyzers()[language].analyze(words))
    return [f"{LANGUAGES.index(language)}{stem}" for stem in found if stem]


@cache
def analyzers() -> dict[str, Any]:
    """What cuts a text into words and makes their forms one, by language."""
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
