"""One job, again and again: claims of finished checks that no statement matched, put together where they are the same.

A claim joins the cluster whose first sentence is nearest to it, where the two are nearly the same word for word; else
it begins a cluster of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.asked_claims import SAME_CLAIM, wording_of
from service.bootstrap import Application
from service.findings import VECTOR
from service.models import CheckedClaim
from service.negatives import is_near, words_of
from service.store.asked_claims import NONE, AskedClaimStore, Leader, Unseen, UnseenSentence, new_cluster
from service.work.held import Work

EVERY_SECONDS = 60
LEADERS_AT_ONCE = 10_000
Halves = NDArray[np.float16]
MOST_COMPARED = 5  # leaders whose words are compared with a sentence, the nearest first


def work_on_gathering(application: Application, work: Work) -> None:
    """Look at all claims that nobody looked at, and note that it was done."""
    gather(application, work)
    application.schedules.finish(work.job)


def gather(application: Application, work: Work) -> None:
    """Put claims together. Raises Unwanted."""
    store, clusters = application.asked, dict[int, Clusters]()
    while ids := store.unseen():
        for id in ids:
            work.go_on()
            check = store.read(id)
            store.put(id, place(store, check, clusters) if check else [])
        if set(store.unseen()) == set(ids):
            break  # whatever holds them, it does not help to go on
    store.drop_strays()


def place(store: AskedClaimStore, check: Unseen, clusters: dict[int, Clusters]) -> list[tuple[int, str, str | None]]:
    """The cluster and the wording of each sentence of a check; none where it is no claim, or a statement matched."""
    text = check.result.article.text if check.result.article else ""
    found: dict[int, tuple[str, str | None]] = {each.place: (NONE, None) for each in check.sentences}
    of_length: dict[int, list[UnseenSentence]] = {}
    for each in check.sentences:
        if each.vector and is_unverified(each, check.result.claims):
            of_length.setdefault(len(each.vector) // VECTOR.itemsize, []).append(each)
    for dimensions, those in of_length.items():
        if dimensions not in clusters:
            clusters[dimensions] = Clusters(store, dimensions)
        said = [text[each.begins : each.ends] for each in those]
        sentences = [
            Leader(new_cluster(), check.id, each.begins, each.ends, wording_of(words))
            for each, words in zip(those, said, strict=True)
        ]
        vectors = np.stack([np.frombuffer(each.vector, VECTOR) for each in those])
        joined = clusters[dimensions].join(sentences, vectors, said)
        for each, sentence, cluster in zip(those, sentences, joined, strict=True):
            found[each.place] = (cluster, sentence.wording)
    return [(number, *what) for number, what in found.items()]


def is_unverified(sentence: UnseenSentence, claims: Sequence[CheckedClaim]) -> bool:
    """Whether a sentence is a claim that no statement matched."""
    if sentence.claim is None or sentence.claim >= len(claims):
        return False
    shown = claims[sentence.claim]
    return shown.claim.is_claim and not shown.evidence


class Clusters:
    """The clusters whose vectors have one length, in memory as 16-bit floats while a job runs."""

    def __init__(self, store: AskedClaimStore, dimensions: int) -> None:
        self._store = store
        self._leaders, self._vectors = store.leaders(dimensions)

    def join(self, sentences: Sequence[Leader], vectors: Halves, said: Sequence[str]) -> list[str]:
        """The cluster of each sentence of a check: that of the nearest leader that says the same, or a new one."""
        near, known, joined = self._near(vectors), len(self._leaders), list[str]()
        alike = vectors.astype(np.float32) @ vectors.astype(np.float32).T >= SAME_CLAIM
        begun: list[int] = []
        for n, sentence in enumerate(sentences):
            own = [known + place for place, other in enumerate(begun) if alike[n, other]]
            same = next((k for k in (*near[n], *own) if self._says(self._leaders[k], sentence, said[n])), None)
            if same is None:
                begun.append(n)
                self._leaders.append(sentence)
            joined.append(sentence.cluster if same is None else self._leaders[same].cluster)
        self._vectors = np.concatenate([self._vectors, vectors[begun]]) if begun else self._vectors
        return joined

    def _near(self, vectors: Halves) -> list[list[int]]:
        """For each row the leaders that are near enough, the nearest first, at most MOST_COMPARED."""
        sought = vectors.astype(np.float32).T
        found: list[list[tuple[float, int]]] = [[] for _ in range(len(vectors))]
        for start in range(0, len(self._vectors), LEADERS_AT_ONCE):
            similar = self._vectors[start : start + LEADERS_AT_ONCE].astype(np.float32) @ sought
            for leader, row in np.argwhere(similar >= SAME_CLAIM).tolist():
                found[row].append((-float(similar[leader, row]), start + leader))
        return [[leader for _, leader in sorted(row)[:MOST_COMPARED]] for row in found]

    def _says(self, leader: Leader, sentence: Leader, said: str) -> bool:
        if leader.wording == sentence.wording:
            return True
        other = self._store.text_of(leader)
        return is_near(said, words_of(said), other, words_of(other))
