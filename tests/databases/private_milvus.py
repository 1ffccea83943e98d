"""A Milvus of the tests' own, as a process that several others reach by its address.

It is Milvus Lite's gRPC server: it stands for a cluster in that nobody shares its files or its memory. It is one process
that always tells the newest, so what a cluster adds (stale replicas, nodes that come and go) is not shown by it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# As `milvus-lite server` does it, but that clients may ask often whether it lives: Milvus itself lets them.
PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.grpc_gen import milvus_pb2_grpc
options = [
    ("grpc.max_receive_message_length", 1 << 28), ("grpc.max_send_message_length", 1 << 28),
    ("grpc.http2.min_ping_interval_without_data_ms", 5000), ("grpc.keepalive_permit_without_calls", 1),
]
server = grpc.server(ThreadPoolExecutor(10), options=options)
milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(MilvusLite(sys.argv[1])), server)
server.add_insecure_port("127.0.0.1:" + sys.argv[2])
server.start()
print("listening")
server.wait_for_termination()
"""


@dataclass(frozen=True)
class Served:
    """One that runs."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving_milvus(folder: Path, port: int) -> Iterator[Served]:
    """One that keeps its data in a folder; killed at the end."""
    command = [sys.executable, "-u", "-c", PROGRAM, str(folder), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert b"listening" in process.stdout.readline()
        yield Served(f"http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.communicate()
