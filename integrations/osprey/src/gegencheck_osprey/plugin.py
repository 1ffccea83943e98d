"""What Osprey's worker loads by the entry point `osprey_plugin`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from osprey.engine.udf.base import UDFBase
from osprey.worker.adaptor.plugin_manager import hookimpl_osprey

from gegencheck_osprey.udfs import FactCheckConfidence, FactCheckedFalse, FactCheckUrl


@hookimpl_osprey
def register_udfs() -> Sequence[type[UDFBase[Any, Any]]]:
    """The UDFs."""
    return [FactCheckConfidence, FactCheckedFalse, FactCheckUrl]
