"""DeferredIndex: loaded when first needed, by one, while others are told so."""

from __future__ import annotations

import threading

import pytest

from index.errors import IndexUnavailable, ModelUnavailable
from service.deferred_index import DeferredIndex


def test_others_are_told_that_it_is_loading_and_builders_wait(house) -> None:
    live = house.application.index._opened(wait=True)
    opening, go_on = threading.Event(), threading.Event()

    def slowly():
        opening.set()
        go_on.wait(10)
        return live

    deferred = DeferredIndex(house.application.statements, slowly)
    first = threading.Thread(target=deferred.current)
    first.start()
    opening.wait(10)
    with pytest.raises(IndexUnavailable, match="being loaded"):
        deferred.current()
    status = deferred.status()
    assert (status.ready, status.reason) == (False, "The index is being loaded.")
    updating = threading.Thread(target=deferred.update)
    updating.start()
    assert updating.is_alive()
    go_on.set()
    first.join()
    updating.join()
    assert deferred.status().ready


def test_a_model_that_cannot_be_opened_is_not_tried_at_every_request(house) -> None:
    tries = []

    def fail():
        tries.append(1)
        raise ModelUnavailable("The weights are damaged.")

    deferred = DeferredIndex(house.application.statements, fail)
    for _ in range(3):
        with pytest.raises(ModelUnavailable, match="damaged"):
            deferred.current()
    assert len(tries) == 1
    assert deferred.status().reason == "The weights are damaged."
