"""The collection of a Milvus in which stands which others are in force: made by whoever comes first."""

from __future__ import annotations

import time
from typing import Any

from index.errors import IndexUnavailable

STATES = "gegencheck_states"  # the collection that says which others are in force, and how far each reaches
TIMEOUT_SECONDS = 30
STATE_SECONDS = 5  # for what is asked at every turn: whoever waits is told soon
AGAIN_SECONDS = (0.1, 0.4, 1.0)  # between tries of what another machine may do at the same time


def have_states(client: Any) -> None:
    """The collection of states with its index, made where one of them is missing.

    Other machines may make it at the same time, and one of them may die between the two.
    """
    from pymilvus import DataType
    from pymilvus.exceptions import MilvusException

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, max_length=200, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)  # none is searched; Milvus wants one
    for name in ("collection", "former"):
        schema.add_field(name, DataType.VARCHAR, max_length=200)
    for name in ("sequence", "statements"):
        schema.add_field(name, DataType.INT64)
    schema.add_field("is_whole", DataType.BOOL)
    indexes = client.prepare_index_params()
    indexes.add_index("vector", index_type="FLAT", metric_type="IP")
    for pause in AGAIN_SECONDS:
        is_there = client.has_collection(STATES, timeout=STATE_SECONDS)
        if is_there and client.list_indexes(STATES, timeout=STATE_SECONDS):
            return
        try:
            if not is_there:
                client.create_collection(STATES, schema=schema, timeout=TIMEOUT_SECONDS)
            client.create_index(STATES, indexes, sync=False, timeout=TIMEOUT_SECONDS)
        except MilvusException:  # another was quicker: then it is there when we look again
            time.sleep(pause)
    raise IndexUnavailable("Milvus keeps no note of what it holds: it does not let us make one.")
