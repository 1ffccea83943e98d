"""Figures of the pair corpus: sizes, lengths, openings, duplicates and near-duplicates; sizes of frames and premises.

Run: python -m training.pairs.report
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from itertools import combinations

from training.pairs.corpus import Family, Part, digest, read_families
from training.pairs.frames import Frame, read_frames
from training.pairs.premises import Premise, read_premises

NEAR_DUPLICATE = 0.8  # Jaccard overlap of character 5-grams


def shingles(text: str) -> frozenset[str]:
    """Character 5-grams of the lower-cased letters and digits."""
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    return frozenset(plain[i : i + 5] for i in range(max(len(plain) - 4, 1)))


def near_duplicates(texts: list[str]) -> int:
    """Pairs of texts whose 5-gram overlap passes NEAR_DUPLICATE; only texts sharing a rare 5-gram are compared."""
    grams = [shingles(text) for text in texts]
    places = defaultdict(list)
    for place, found in enumerate(grams):
        for gram in found:
            places[gram].append(place)
    compare = {pair for where in places.values() if len(where) <= 20 for pair in combinations(where, 2)}
    return sum(len(grams[a] & grams[b]) / len(grams[a] | grams[b]) >= NEAR_DUPLICATE for a, b in compare)


def report(families: list[Family]) -> None:
    """Print the figures."""
    texts = [text for family in families for text in family.texts]
    words = [len(text.text.split()) for text in texts]
    print(f"digest {digest()}")
    parts = Counter(family.part for family in families)
    print(f"families {len(families)} ({', '.join(f'{part} {parts[part]}' for part in Part)}), texts {len(texts)}")
    print(f"statement languages {Counter('+'.join(sorted(f.statement)) for f in families)}")
    print(f"topics {Counter(f.topic for f in families)}")
    print(f"labels {Counter(t.label for t in texts)}")
    print(f"languages {Counter(t.language for t in texts)}")
    print(f"words a text: median {statistics.median(words)}, longest {max(words)}, shortest {min(words)}")
    print(f"exact duplicates {len(texts) - len({t.text for t in texts})}")
    print(f"near-duplicate pairs {near_duplicates([t.text for t in texts])}")
    for kind in sorted({t.kind for t in texts}):
        of_kind = [t.text for t in texts if t.kind == kind]
        openings = Counter(" ".join(t.split()[:2]).lower() for t in of_kind)
        (top, count) = openings.most_common(1)[0]
        share = count / len(of_kind)
        print(f"  {kind:13} {len(of_kind):5} texts, {len(openings)} openings, most frequent {top!r} {share:.1%}")


def report_others(frames: list[Frame], premises: list[Premise]) -> None:
    """Print the sizes of the other parts."""
    stances = Counter(stance for premise in premises for stance, _ in premise.hypotheses)
    print(f"frames {len(frames)}, {Counter(frame.language for frame in frames)}")
    print(f"premises {len(premises)}, {Counter(premise.language for premise in premises)}, hypotheses {stances}")


if __name__ == "__main__":
    report(read_families())
    report_others(*([row for part in Part for row in read(part)] for read in (read_frames, read_premises)))
