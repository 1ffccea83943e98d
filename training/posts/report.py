"""Figures of the corpus of posts: sizes, forms, lengths, stances, openings and near-duplicates.

Run: python -m training.posts.report
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from training.pairs.corpus import Part, digest
from training.pairs.report import near_duplicates
from training.posts.corpus import POSTS, Post, read_posts


def report(posts: Sequence[Post]) -> None:
    """Print the figures."""
    words = [len(post.text.split()) for post in posts]
    right = [each for post in posts for each in post.right]
    hard = [each for post in posts for each in post.hard]
    parts, texts = Counter(post.part for post in posts), [post.text for post in posts]
    print(f"digest {digest(POSTS)}")
    print(f"posts {len(posts)} ({', '.join(f'{part} {parts[part]}' for part in Part)})")
    print(f"languages {Counter(post.language for post in posts)}, forms {Counter(post.form for post in posts)}")
    print(f"words a post: median {statistics.median(words)}, shortest {min(words)}, longest {max(words)}")
    print(
        f"right {len(right)}, {Counter(each.does for each in right)}; posts without {sum(not p.right for p in posts)}"
    )
    others = sum(each.language != post.language for post in posts for each in post.right)
    print(f"right ones in another language {others}; hard {len(hard)}, {Counter(each.kind for each in hard)}")
    print(f"words a statement: median {statistics.median(len(each.text.split()) for each in (*right, *hard))}")
    print(f"near-duplicate pairs: posts {near_duplicates(texts)}, right {near_duplicates([r.text for r in right])}")
    openings = Counter(" ".join(text.split()[:2]).lower() for text in texts)
    print(f"openings {len(openings)}, most frequent {openings.most_common(3)}")


if __name__ == "__main__":
    report(read_posts())
