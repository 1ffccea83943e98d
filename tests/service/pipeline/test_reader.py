"""Reading in processes: what a page does to its process stays there, the reason is told, and the next one is read."""

from __future__ import annotations

import ctypes
import math
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from service.config import Settings
from service.errors import PageCrashesReader, PageTooComplex, PageUnsupported, ReaderUnavailable
from service.models import Page
from service.pipeline.article import extract_article
from service.pipeline.reader import MAX_READS, DirectReader, ProcessReader, ReaderClosed, ReadingProcess, fork_server
from service.pipeline.reading_process import Limits, serve_steps
from service.pipeline.sentences import sentence_bounds

HTML = (
    "<html lang=en><title>Ducks</title><article><p>Ducks are banned in Bonn. The mayor said so on Monday.</p></article>"
)
LOOP = "while True: pass"
FILL = "kept = []\nwhile True: kept.append(bytes(100_000))"


@pytest.fixture(scope="module")
def reader() -> Iterator[ProcessReader]:
    made = ProcessReader(Settings(readers=2, read_seconds=20, read_memory=200_000_000))
    yield made
    made.close()


@pytest.fixture
def strict() -> Iterator[ProcessReader]:
    """A reader of one process that may take a second."""
    made = ProcessReader(Settings(readers=1, read_seconds=1))
    made.read(os.getpid)
    yield made
    made.close()


def gone(process: int) -> bool:
    """Whether a process ends within a while."""
    try:
        psutil.Process(process).wait(20)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


def test_a_page_is_read_as_in_this_process(reader: ProcessReader) -> None:
    page = Page("https://news.example/", "https://news.example/", HTML.encode(), "text/html", fetched=True)
    article = reader.read(extract_article, page, language=None)
    assert article == DirectReader().read(extract_article, page, language=None)
    assert article.title == "Ducks"
    assert list(reader.read(sentence_bounds, article.text, "en")) == [0, 25, 26, 54]
    assert reader.read(os.getpid) != os.getpid()


def test_a_fault_of_the_pipeline_arrives_as_itself(reader: ProcessReader) -> None:
    with pytest.raises(PageUnsupported, match="image/png"):
        reader.read(extract_article, Page(None, None, b"\x89PNG" + bytes(100), "image/png", fetched=True))


def test_what_it_reads_with_is_loaded_before_the_first_page_and_the_database_is_not(reader: ProcessReader) -> None:
    loaded = set(reader.read(eval, "list(__import__('sys').modules)"))
    assert {"trafilatura", "sentencex", "pypdf", "py3langid.langid", "charset_normalizer"} <= loaded
    assert not {"sqlalchemy", "faiss", "onnxruntime", "torch", "flask"} & loaded


def test_a_reading_process_is_forked_from_one_without_threads(reader: ProcessReader) -> None:
    server = psutil.Process(reader.read(os.getpid)).parent()
    assert server is not None
    assert server.pid != os.getpid()
    assert server.num_threads() == 1


@pytest.mark.parametrize(
    ("step", "given"),
    [(ctypes.string_at, (0,)), (os._exit, (3,)), (os.abort, ())],
    ids=["segfault", "exit", "abort"],
)
def test_a_crash_fails_its_page_alone(reader: ProcessReader, step: Callable[..., Any], given: tuple[Any, ...]) -> None:
    with pytest.raises(PageCrashesReader, match="crashed"):
        reader.read(step, *given)
    assert reader.read(math.sqrt, 9) == 3


def test_a_page_that_fills_the_memory_is_stopped(reader: ProcessReader) -> None:
    for step, given in ((exec, (FILL,)), (bytearray, (400_000_000,))):
        with pytest.raises(PageTooComplex, match="memory"):
            reader.read(step, *given)
        assert reader.read(math.sqrt, 9) == 3


def test_memory_that_one_page_filled_is_free_for_the_next(reader: ProcessReader) -> None:
    assert [len(reader.read(bytes, 60_000_000)) for _ in range(5)] == [60_000_000] * 5


@pytest.mark.parametrize(("step", "given"), [(exec, (LOOP,)), (time.sleep, (600,))], ids=["loop", "sleep"])
def test_a_page_that_never_ends_is_stopped(strict: ProcessReader, step: Callable[..., Any], given: Any) -> None:
    process = strict.read(os.getpid)
    with pytest.raises(PageTooComplex, match="too long"):
        strict.read(step, *given)
    assert gone(process)
    assert strict.read(math.sqrt, 9) == 3


def test_a_loop_that_the_service_cannot_stop_is_stopped_by_the_system(strict: ProcessReader) -> None:
    strict._seats[0]._process.kill = lambda: None  # type: ignore[union-attr, method-assign]
    with pytest.raises(PageTooComplex, match="too long"):
        strict.read(exec, LOOP)


def test_a_process_killed_while_idle_costs_no_page(strict: ProcessReader) -> None:
    os.kill(strict.read(os.getpid), signal.SIGKILL)
    assert strict.read(len, HTML * 10_000) == len(HTML) * 10_000


def test_a_process_killed_while_reading_reads_again(reader: ProcessReader, tmp_path: pathlib.Path) -> None:
    first = tmp_path / "first"
    program = f"import os, pathlib, time\nfirst = pathlib.Path({str(first)!r})\nif not first.exists():\n first.write_text('')\n os.kill(os.getpid(), 9)"
    assert reader.read(exec, program) is None
    assert first.exists()


@pytest.mark.parametrize("step", [threading.Lock, sys.exit], ids=["unpicklable", "exit"])
def test_what_cannot_travel_is_named_and_ends_nothing(reader: ProcessReader, step: Callable[[], Any]) -> None:
    with pytest.raises(RuntimeError, match="while reading"):
        reader.read(step)
    assert reader.read(math.sqrt, 9) == 3


def test_many_threads_read_at_once_and_each_gets_its_own(reader: ProcessReader) -> None:
    def read(number: int) -> str:
        try:
            return str(reader.read(str, number)) if number % 10 else reader.read(os._exit, 1)
        except PageCrashesReader:
            return "crashed"

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, range(80))) == [str(n) if n % 10 else "crashed" for n in range(80)]


def test_a_worn_process_is_replaced(strict: ProcessReader) -> None:
    first = strict.read(os.getpid)
    strict._seats[0]._process.reads = MAX_READS - 1  # type: ignore[union-attr]
    assert strict.read(os.getpid) == first
    assert strict.read(os.getpid) != first
    assert gone(first)


def test_closing_ends_what_is_being_read(strict: ProcessReader) -> None:
    process = strict.read(os.getpid)
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(strict.read, time.sleep, 600) for _ in range(2)]  # one of them waits for its turn
        strict.close()
        for each in running:
            assert isinstance(each.exception(20), ReaderClosed | PageTooComplex)
    assert gone(process)
    with pytest.raises(ReaderClosed):
        strict.read(os.getpid)


def test_processes_end_with_a_service_that_is_killed() -> None:
    program = (
        "import os, sys, threading, time\nfrom service.config import Settings\n"
        "from service.pipeline.reader import ProcessReader\n"
        "if __name__ == '__main__':\n"
        "    reader = ProcessReader(Settings(readers=3, read_seconds=300))\n"
        "    held = [reader._free.get() for _ in range(3)]\n"
        "    for step in ((exec, 'while True: pass'), (time.sleep, 600), (int,)):\n"
        "        reader._free.put(held.pop())\n"
        "        print(reader.read(os.getpid), reader.read(os.getppid), flush=True)\n"
        "        threading.Thread(target=reader.read, args=step, daemon=True).start()\n"
        "        time.sleep(0.2)\n"
        "    print('busy, asleep and idle', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        lines = [service.stdout.readline() for _ in range(4)]
        service.kill()
    started = {int(number) for line in lines[:3] for number in line.split()}
    assert len(started) == 4, lines  # three that read, and the server that forks them
    assert all(gone(process) for process in started)


class Unwanted(Exception):
    """What somebody raises who does not want a page any more."""


def test_whoever_does_not_want_a_page_any_more_need_not_wait_for_it(reader: ProcessReader) -> None:
    process, asked = reader.read(os.getpid), []

    def go_on() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise Unwanted

    with pytest.raises(Unwanted):
        reader.asking(go_on).read(exec, LOOP)
    assert gone(process)
    assert reader.asking(go_on).read(int, "7") == 7


def test_whoever_does_not_want_a_page_any_more_leaves_the_queue_for_a_process(strict: ProcessReader) -> None:
    def unwanted() -> None:
        raise Unwanted

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(strict.read, exec, LOOP)
        while strict._free.qsize():
            time.sleep(0.01)
        with pytest.raises(Unwanted):
            strict.asking(unwanted).read(int, "7")
        with pytest.raises(PageTooComplex):
            reading.result(20)
    assert strict.read(int, "7") == 7


def test_where_no_process_starts_that_is_said_and_the_next_one_is_tried() -> None:
    reader = ProcessReader(Settings(readers=1, read_memory=10**30))  # its limits cannot be set: it ends at once
    for _ in range(2):
        with pytest.raises(ReaderUnavailable, match="try again soon"):
            reader.read(int, "7")
    reader.close()


def test_a_process_whose_service_vanishes_before_the_answer_ends_in_order() -> None:
    process = ReadingProcess(Limits(20, 200_000_000))
    process._pipe.send_bytes(pickle.dumps((time.sleep, (0.2,), {})))
    process._pipe.close()
    process._process.join(20)
    assert process._process.exitcode == 0


def test_a_process_whose_service_vanishes_before_it_is_ready_ends_in_order() -> None:
    ours, theirs = fork_server().Pipe()
    process = fork_server().Process(target=serve_steps, args=(theirs, Limits(20, 200_000_000)))
    ours.close()
    process.start()
    theirs.close()
    process.join(20)
    assert process.exitcode == 0


def test_pictures_have_processes_and_limits_of_their_own() -> None:
    reader = ProcessReader.for_pictures(Settings(read_seconds=300, picture_readers=1, picture_seconds=1))
    try:
        with pytest.raises(PageTooComplex, match="too long"):
            reader.read(exec, LOOP)
    finally:
        reader.close()
