"""/v1/match and /v1/stance: the search and the pair model by themselves. Nothing is stored."""

from __future__ import annotations

from flask import Blueprint, Response

from index.errors import IndexFault
from index.models import Pair
from service.presenters import present_judgement, present_match, present_stanced
from service.store.keys import Scope
from service.web.context import application
from service.web.crowd import in_portions
from service.web.operations import Operation, operation, reply
from service.web.reading import TEXTS_BODY_BYTES
from service.web.replies import MatchResultsShape, StanceResultsShape
from service.web.requests import MatchBody, StanceBody

blueprint = Blueprint("matching", __name__)


@blueprint.post("/v1/match")
@operation(
    Operation(
        "Find the verified statements most similar to each text; with `stance`, also the stance of the text towards "
        "each.",
        (Scope.CHECK,),
        {200: MatchResultsShape},
        takes=MatchBody,
        faults=(IndexFault,),
        max_body=TEXTS_BODY_BYTES,
    )
)
def match(body: MatchBody) -> Response:
    """One result a text, best match first."""
    index = application().index.current()
    kind = ("match", id(index), body.limit, body.rerank)
    found = in_portions(body.texts, len, lambda texts: index.search(texts, body.limit, body.rerank), kind)
    ruled_out = application().negatives.current()
    found = [ruled_out.unmatched(text, matches) for text, matches in zip(body.texts, found, strict=True)]
    present = present_stanced if body.stance else present_match
    return reply({"results": [{"matches": [present(each) for each in matches]} for matches in found]})


@blueprint.post("/v1/stance")
@operation(
    Operation(
        "Judge what each claim says about its statement.",
        (Scope.CHECK,),
        {200: StanceResultsShape},
        takes=StanceBody,
        faults=(IndexFault,),
        max_body=TEXTS_BODY_BYTES,
    )
)
def stance(body: StanceBody) -> Response:
    """One judgement a pair."""
    index = application().index.current()
    pairs = [Pair(pair.claim, pair.statement) for pair in body.pairs]
    kind = ("stance", id(index))
    judged = in_portions(pairs, lambda pair: len(pair.claim) + len(pair.statement), index.judge, kind)
    return reply({"results": [present_judgement(each, index.min_confidence) for each in judged]})
