"""Past checks and the negative list: they lose what is ruled out, and get back what may match again.

Only what changed on the list since the worker looked last is worked on; after a start, all that is on it. Doing that
again changes nothing.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from index.errors import StatementNotFound
from service.bootstrap import Application
from service.work.correcting import Fresh, Touched, add_near, revise_all
from service.work.held import Work

log = logging.getLogger(__name__)

ANEW = sys.maxsize  # a change that no check knew


def correct_ruled_out(application: Application, work: Work) -> int:
    """Judge past checks by the negative list as it is now; how many say something else. Raises IndexFault."""
    negatives = application.negatives
    now, before = negatives.current(), negatives.heeded
    if now.digest == before.digest:
        return 0  # without loading the index
    revised = leave_out(application, now.beyond(before), work)
    revised += let_match(application, before.beyond(now), work)
    negatives.heeded = now
    log.info("past checks corrected by the negative list: %d say something else", revised)
    return revised


def leave_out(application: Application, statements: Iterable[str], work: Work) -> int:
    """Take from past checks what was ruled out for these statements."""
    keys, revised = keys_of(application, statements), 0
    index, corrections = application.index.current(), application.corrections
    for id in dict.fromkeys(check for check, _, _ in corrections.found_before(keys)):
        work.go_on()
        past = corrections.past(id)
        result = application.reviser.rule_out(past[0].result, past[1], index) if past else None
        revised += past is not None and result is not None and corrections.revise(past[0], result)
    return revised


def let_match(application: Application, statements: Iterable[str], work: Work) -> int:
    """Compare past checks anew with these statements, of which something is no longer ruled out."""
    keys = keys_of(application, statements)
    if not keys:
        return 0
    index = application.index.current()
    fresh = Fresh(np.array(keys, np.int64), index.vectors(keys).astype(np.float16), dict.fromkeys(keys, ANEW))
    touched: Touched = defaultdict(lambda: defaultdict(set))
    for portion in application.corrections.portions(index.embedder.dimensions):
        work.go_on()
        add_near(touched, portion, fresh)
    return revise_all(application, index, touched, fresh.sequences, work)


def keys_of(application: Application, statements: Iterable[str]) -> list[int]:
    """The keys of statements by their ids, without those that are gone."""
    keys = []
    for id in sorted(statements):
        with contextlib.suppress(StatementNotFound):
            keys.append(application.statements.get(id).key)
    return keys
