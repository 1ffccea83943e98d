"""The numbers that decide what is found and how a pair is read, each with where it comes from.

service/thresholds.py puts them together with those of a check. "RESULTS" is benchmarks/RESULTS.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchThresholds:
    """What is proposed for a text, in which order, and what of it is read."""

    # Candidates a side and text, before fusion. A choice: the tenth is among them, and fusing so many costs nothing.
    pool: int = 64
    # Of the keyword score beside the vector score, both as z-scores over a text's candidates. RESULTS, "The first
    # stage": .1 is .002 of MAP@5 better on our own texts, .5 worse.
    keyword_weight: float = 0.3
    # Candidates a text that a pair model may read which ranks by itself. A choice: whoever sets one has the time.
    judged: int = 20
    # Pairs a text that a pair model may read which does not rank. RESULTS, "Order of what is found": measured with 8.
    reads: int = 8
    # Of a confidence's log odds beside the search's score. RESULTS, "Order of what is found": the lowest weight that is
    # as good as any, because families are kinder to the reader than real posts.
    read_weight: float = 0.3
    # Estimated confidence from which a pair is worth reading. RESULTS, there: of 369 right statements 14 are below.
    read_from: float = 0.1
    # The most that a pair is worth which was not read. A choice: below every candidate that is shown.
    unread_confidence: float = 0.02
    # First and last place of a text's candidates, by similarity, that are near it but hardly meant. A choice, by which
    # the calibration was fitted (training/pairs/judged.py).
    background: tuple[int, int] = (5, 20)
    # Similarity from which statements say the same nearly word for word. A choice: what many have checked must
    # stand out as what few have.
    same_statement: float = 0.97
    # How many of those stand among a text's first; the others come last, and nothing has to stand out from them. A
    # choice: as many as are shown at once. What it does to judged posts: RESULTS, "Repeats".
    most_alike: int = 5
    # Similarity from which two statements are read together. RESULTS, "Clusters": of judged pairs .95 are right.
    same_claim_from: float = 0.885
    # Log odds of the same claim, read both ways, for them to be one cluster. RESULTS, "Clusters", as above.
    same_claim_odds: float = 4.6
    # Candidates a post that are compared with it token by token, how much that weighs beside the search's score, and
    # how many of them there must be in `background`, for one to stand out from. RESULTS, "Token by token".
    compared: int = 20
    token_weight: float = 1.0  # RESULTS, there: right statements of real posts stand higher than without
    least_others: int = 5  # A choice: fewer say little about what is usual.
    # Similarity and MaxSim that the others count for at least: in an index of few statements all are far, and it would
    # say nothing to stand out. RESULTS, "Token by token" and "Projected tokens": what most texts have among many.
    least_near: tuple[float, float] = (0.83, 0.3)
    # Spreads of similarities and of MaxSim below which others count as this far apart: a choice, half of the usual one.
    least_spreads: tuple[float, float] = (0.002, 0.015)
    # Windows of a text that are searched besides the whole. RESULTS, "The first stage": .014 of MAP@5 less without any.
    # How many is a choice: nearly all that posts have.
    max_windows: int = 24
    min_window_words: int = 4  # A choice: fewer words say nothing by themselves.
    # Words from which a text that stands for itself is compared token by token and judged by how a statement stands
    # out: fewer say too little for that. A choice; RESULTS, "Token by token", has what it does to 8 to 30 words.
    post_words: int = 8
    # Words up to which a model that reads gets the whole text, else its closest window. A choice: with a statement they
    # fill what the model reads.
    whole_words: int = 60


@dataclass(frozen=True, slots=True)
class DenialThresholds:
    """When a pair is taken for a denial."""

    # Few texts deny what a search proposes for them, yet the model learned from families that are full of denials:
    # among proposals a less sure denial leaves the stance open. Measured: of held-out texts 78 % of the denials remain,
    # and .6 % of the assertions are still taken for one: "supported" on a post that spreads a false claim weighs more
    # than a denial missed.
    denied_from: float = 0.98
    # Words from which a text must also differ from the statement in a negation to count as its denial: in long posts
    # the model sees denials that are none. RESULTS, "Token by token": of 129 posts 9 came out "supported", with it 7.
    long_words: int = 30
    # A long post that is read as a denial must say so itself: negate what the statement does not, or deny in so many
    # words, at most so many characters from the sentence. Of 243 judged posts 8 came out "supported", with this 2
    # (RESULTS, "Posts that deny nothing"); the distance is a choice: a sentence on either side.
    near_characters: int = 120


SEARCH, DENIALS = SearchThresholds(), DenialThresholds()
