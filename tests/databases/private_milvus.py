"""A Milvus of the tests' own, as a process that several others reach by its address.

It is Milvus Lite's gRPC server: it stands for a cluster in that nobody shares its files or its memory. It is one process
that always tells the newest, so what a cluster adds (stale replicas, nodes that come and go) is not shown by it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = """
import sys
from milvus_lite.adapter.grpc.server import run_server
run_server(sys.argv[1], host="127.0.0.1", port=int(sys.argv[2]))
"""


@contextmanager
def serving_milvus(folder: Path, port: int) -> Iterator[str]:
    """The address of one that keeps its data in a folder; killed at the end."""
    command = [sys.executable, "-u", "-c", PROGRAM, str(folder), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert b"listening" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()
