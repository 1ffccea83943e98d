"""What linking evidence into clusters costs a whole check: processor time with it and without it.

Checks posts against a data folder's statements, each once as it is and once without linking, in turns; what is
printed is of this process alone.
Run: python -m benchmarks.cluster_costs --data-dir DIR [--posts 40] [DATA]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import service.pipeline.check as checking
from index.retrieval.search import StatementIndex
from service.bootstrap import Application, build
from service.config import Settings
from service.first_run import make_ready
from service.models import CheckedClaim, CheckRequest
from service.pipeline.linking import link_evidence


def unlinked(claims: Sequence[CheckedClaim], _index: StatementIndex) -> list[CheckedClaim]:
    """The claims as they are."""
    return list(claims)


def milliseconds(application: Application, text: str, *, linked: bool) -> tuple[float, int, int]:
    """Processor time of one check, with how many claims have several pieces of evidence, and how many are linked."""
    vars(checking)["link_evidence"] = link_evidence if linked else unlinked
    began = time.process_time()
    result = application.checker.run(CheckRequest(text=text))
    used = 1000 * (time.process_time() - began)
    several = sum(len(claim.evidence) > 1 for claim in result.claims)
    return used, several, sum(any(each.cluster for each in claim.evidence) for claim in result.claims)


def main() -> None:
    """Check each post both ways, and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--data-dir", type=Path, required=True)
    asked.add_argument("--posts", type=int, default=40)
    asked.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    said = asked.parse_args()
    lines = (said.data / "matching" / "de_posts.queries.jsonl").read_text("utf-8").splitlines()
    posts = [json.loads(line)["query"] for line in lines[: said.posts + 1]]
    application = build(Settings(data_dir=said.data_dir, workers=0, readers=1))
    make_ready(application, print)
    milliseconds(application, posts.pop(), linked=True)  # what is loaded when it is first needed
    rows = []
    for number, post in enumerate(posts):
        pair = {
            linked: milliseconds(application, post, linked=linked)
            for linked in ((True, False), (False, True))[number % 2]
        }
        rows.append((pair[False][0], pair[True][0], pair[True][1], pair[True][2]))
    without, given = [row[0] for row in rows], [row[1] for row in rows]
    several = [row for row in rows if row[2]]
    more = [row[1] - row[0] for row in several]
    load = os.getloadavg()[0]
    print(f"{len(posts)} posts, {application.index.status().statements:,} statements, load {load:.0f}")
    print(f"without {statistics.mean(without):.0f} ms, with {statistics.mean(given):.0f} ms a post on average")
    print(f"{len(several)} posts with a claim that has several, {sum(bool(row[3]) for row in rows)} with a link")
    if more:
        print(f"of these: {statistics.median(more):.0f} ms more (median), {max(more):.0f} at most")
    application.close()


if __name__ == "__main__":
    main()
