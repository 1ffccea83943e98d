"""The command line as a person and a pipe use it, with the bundled model and real files."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from index.exchange.claimreview import read_review
from index.model.weights import prepare_engine
from index.store.statements import StatementStore
from service.cli import main
from service.config import Settings
from service.terminal import means_file

ROOT = Path(__file__).parents[2]
SENTENCE = "Hot lemon water cures diabetes within seven days."
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, models_dir: Path) -> Run:
    """Calls `gegencheck …` on an empty data folder; the prepared model lies elsewhere."""
    prepare_engine(models_dir)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models_dir)

    def run_one(*arguments: Any, stdin: str | bytes | None = None, **variables: str) -> Result:
        environment = {"GEGENCHECK_DATA_DIR": str(tmp_path / "data"), "LANG": "en_GB.UTF-8", "LC_ALL": "", **variables}
        return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin, env=environment)

    return run_one


@pytest.fixture
def feed(tmp_path: Path, lemons: dict[str, Any]) -> Path:
    """Two good reviews and one without a claim, one a line."""
    path = tmp_path / "feed.ndjson"
    other = {
        **lemons,
        "url": "https://checks.example/ducks",
        "claimReviewed": "Enten dürfen nicht mehr gefüttert werden.",
        "inLanguage": "de",
    }
    rows = [lemons, {**lemons, "claimReviewed": ""}, other]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_help_is_light_and_lists_every_command() -> None:
    program = (
        "import sys, click\n"
        "from service.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sorted({'faiss', 'onnxruntime', 'sqlalchemy', 'trafilatura', 'flask', 'torch'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stderr.strip() == ""
    for command in (
        "serve",
        "check",
        "statements",
        "feedback",
        "index",
        "keys",
        "worker",
        "backup",
        "restore",
        "database",
    ):
        assert f"  {command} " in done.stdout


def test_an_import_ends_with_a_report_and_twice_changes_nothing(run: Run, feed: Path) -> None:
    first = run("statements", "import", feed)
    assert first.exit_code == 0
    assert "line 2: rejected, " in first.stdout
    assert first.stdout.splitlines()[-1].startswith("2 added, 0 updated, 0 unchanged, 1 rejected")
    second = json.loads(run("statements", "import", feed, "--json").stdout)
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 0, 2)
    assert [note["line"] for note in second["rejected"]] == [2]


def test_the_same_warning_is_printed_once_with_its_lines(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"Bridge {n} is made of cheese.;https://a.example/{n};Daneben\r\n" for n in range(8))
    path = tmp_path / "excel.csv"
    path.write_bytes(f"claim;url;rating;Notiz\r\n{rows}".encode("cp1252"))
    told = run("statements", "import", path).stdout.splitlines()
    assert told == [
        "line 1: the column “Notiz” is not known, and is left out",
        "lines 2, 3, 4, 5, 6 and 3 more: the rating “Daneben” is not mapped, so it decides nothing",
        "8 added, 0 updated, 0 unchanged, 0 rejected, 9 warnings.",
    ]


def test_a_page_without_markup_says_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><p>Nothing here.</p>", encoding="utf-8")
    told = run("statements", "import", path).stdout.splitlines()
    assert told == [
        "there is no ClaimReview markup on this page",
        "0 added, 0 updated, 0 unchanged, 0 rejected, 1 warnings.",
    ]


def test_what_was_exported_can_be_imported_again(run: Run, feed: Path, tmp_path: Path) -> None:
    run("statements", "import", feed)
    run("statements", "export", tmp_path / "all.ndjson")
    lines = (tmp_path / "all.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["@type"] for line in lines] == ["ClaimReview"] * 2
    again = json.loads(run("statements", "import", tmp_path / "all.ndjson", "--json").stdout)
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 2)


def test_statements_are_listed_by_words_and_language(run: Run, feed: Path) -> None:
    run("statements", "import", feed)
    assert SENTENCE in run("statements", "list").stdout
    (line,) = run("statements", "list", "--language", "de", "--json").stdout.splitlines()
    assert json.loads(line)["claim_reviewed"] == "Enten dürfen nicht mehr gefüttert werden."
    assert run("statements", "list", "--query", "lemon").stdout.startswith(SENTENCE)


def test_the_index_says_whether_it_is_ready_and_is_built_anew(run: Run, feed: Path) -> None:
    before = run("index", "status")
    assert (before.exit_code, before.stdout.splitlines()[0][:9]) == (1, "not ready")
    run("statements", "import", feed)
    assert json.loads(run("index", "status", "--json").stdout)["statements"] == 2
    assert run("index", "rebuild").exit_code == 0
    after = run("index", "status")
    assert (after.exit_code, after.stdout.splitlines()[0]) == (0, "ready")


def test_a_text_is_checked_from_a_file_and_from_standard_input(run: Run, feed: Path, tmp_path: Path) -> None:
    run("statements", "import", feed)
    (tmp_path / "post.txt").write_text(f"Good morning. {SENTENCE} More tomorrow.")
    pretty = run("check", tmp_path / "post.txt")
    assert pretty.exit_code == 0
    assert "Example Checks" in pretty.stdout
    assert "https://checks.example/lemons" in pretty.stdout
    piped = json.loads(run("check", "-", "--json", stdin=f"Good morning. {SENTENCE}").stdout)
    assert (piped["state"], piped["verdict"]["code"]) == ("finished", "refuted")
    german = run("check", "-", stdin=SENTENCE, LANG="de_DE.UTF-8").stdout
    assert "Geprüfte Behauptung" in german or "Geprüfte Aussage" in german
    explained = run("check", "--explain", tmp_path / "post.txt").stdout
    assert "Check-worthiness" in explained


@pytest.mark.parametrize(
    "source",
    ["not a link", "ftp://example.org/a", "http://127.0.0.1/"],
)
def test_what_cannot_be_checked_is_said_with_exit_status_1(run: Run, feed: Path, source: str) -> None:
    run("statements", "import", feed)
    done = run("check", source, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["problem"]["code"] == "address-refused"


def test_a_backup_is_made_and_restored(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "desk")
    made = json.loads(run("backup", tmp_path / "today.tar", "--json").stdout)
    assert (made["statements"], made["keys"], made["bytes"]) == (0, 1, (tmp_path / "today.tar").stat().st_size)
    run("keys", "create", "too late")
    restored = run("restore", tmp_path / "today.tar")
    assert restored.exit_code == 0
    assert restored.stdout.splitlines()[-1] == "0 statements, 0 checks, 1 keys, 0 waiting imports"
    assert [key["name"] for key in json.loads(run("keys", "list", "--json").stdout)] == ["desk"]


def test_a_backup_that_cannot_be_made_or_restored_is_said_in_a_line(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "desk")
    (tmp_path / "none.tar").write_text("no backup")
    for arguments in (
        ("backup", tmp_path / "none.tar"),
        ("restore", tmp_path / "none.tar"),
        ("backup", tmp_path / "no" / "folder.tar"),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.stderr.splitlines()[-1][:7]) == (1, "Error: ")
    assert run("restore", tmp_path / "missing.tar").exit_code == 2
    assert "desk" in run("keys", "list").stdout


def test_an_export_is_for_whoever_the_person_lets_read_it(run: Run, tmp_path: Path, lemons: dict[str, Any]) -> None:
    store = StatementStore.open(f"sqlite:///{tmp_path}/data/gegencheck.db")
    store.create(read_review(lemons).statement)
    store.close()
    before = os.umask(0o022)
    try:
        run("statements", "export", tmp_path / "all.ndjson")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "all.ndjson").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "data" / "gegencheck.db").stat().st_mode) == 0o600


def test_feedback_is_listed_and_what_is_not_there_cannot_be_closed(run: Run) -> None:
    assert run("feedback", "list").stdout == "There is no open feedback.\n"
    assert run("feedback", "list", "--status", "rejected", "--json").stdout == ""
    missing = run("feedback", "close", "none", "--rejected", "--note", "No.")
    assert missing.exit_code == 1
    assert "no such feedback" in missing.stderr


def test_keys_are_shown_once_and_revoked(run: Run) -> None:
    made = json.loads(run("keys", "create", "newsroom", "--scope", "check", "--days", "30", "--json").stdout)
    listed = run("keys", "list").stdout
    assert made["id"] in listed
    assert "newsroom" in listed
    shown = run("keys", "list", "--json").stdout
    assert made["secret"] not in shown
    assert [(key["name"], key["scopes"], key["revoked_at"]) for key in json.loads(shown)] == [
        ("newsroom", ["check"], None)
    ]
    assert run("keys", "revoke", made["id"]).exit_code == 0
    assert "revoked" in run("keys", "list").stdout
    assert run("keys", "revoke", "nobody").exit_code == 1


def test_the_first_key_says_what_it_changes(run: Run) -> None:
    first, second = (run("keys", "create", name, "--json") for name in ("one", "two"))
    assert "From now on the service answers nobody without one" in first.stderr
    assert "answers nobody" not in second.stderr
    assert json.loads(first.stdout).keys() == {"id", "secret"}, "what is piped stays JSON"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["statements", "import", "missing.json"], 2),
        (["serve", "--port", "eighty"], 2),
        (["keys", "create", "x", "--scope", "everything"], 2),
        (["check"], 2),
        (["check", "missing.txt"], 2),
        (["check", "/nonexistent/path"], 2),
        (["statements", "list", "--rating", "bogus"], 2),
    ],
)
def test_wrong_usage_is_said_in_a_line_with_exit_status_2(run: Run, arguments: list[str], status: int) -> None:
    done = run(*arguments)
    assert done.exit_code == status
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "source",
    ["missing.txt", "my letter.txt", "/nonexistent/path", "./article", "../news", "~/notes", "folder/page.html", "folder/page",
     "article", "C:\\texts\\a.txt", "scan.pdf"],
)  # fmt: skip
def test_a_file_that_is_not_there_is_said(run: Run, source: str) -> None:
    done = run("check", source)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith(f"Error: There is no file {source}, and it is no link either.")


@pytest.mark.parametrize(
    "source", ["example.org/a.html", "example.org", "primarie.md", "https://example.org/a.txt", "ftp://a/b.txt"]
)
def test_what_looks_like_a_link_is_none(source: str) -> None:
    assert not means_file(source)


def test_a_folder_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    assert "is a folder" in run("check", tmp_path).stderr


def test_a_page_of_one_paragraph_is_read(run: Run, feed: Path, tmp_path: Path) -> None:
    run("statements", "import", feed)
    (tmp_path / "one.html").write_text(f"<section>{SENTENCE}</section>")
    assert json.loads(run("check", tmp_path / "one.html", "--json").stdout)["verdict"]["code"] == "refuted"


def test_serve_lists_every_setting_as_a_flag(run: Run) -> None:
    shown = run("serve", "--help").stdout
    missing = [entry.name for entry in fields(Settings) if f"--{entry.name.replace('_', '-')} " not in shown]
    assert missing == []


def test_without_a_home_the_data_folder_can_be_named_or_lies_here(tmp_path: Path) -> None:
    """A user whom the system does not know, as containers have."""
    program = (
        "import os, pwd\n"
        "def nobody(*_): raise KeyError('no such user')\n"
        "pwd.getpwuid = nobody\n"
        "from service.config import read_settings\n"
        "print(read_settings(os.environ).data_dir)"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_DATA_HOME")}
    named = {**environment, "GEGENCHECK_DATA_DIR": "/srv/gegencheck", "PYTHONPATH": str(ROOT)}
    for given, folder in (
        (named, "/srv/gegencheck"),
        ({**environment, "PYTHONPATH": str(ROOT)}, f"{tmp_path}/gegencheck-data"),
    ):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=given)
        assert (done.stdout.strip(), done.stderr) == (folder, "")


def test_a_damaged_database_is_one_line_not_a_trace(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "gegencheck.db").write_bytes(b"something else" * 500)
    done = run("statements", "list")
    assert done.exit_code == 1
    assert "damaged" in done.stderr
    assert isinstance(done.exception, SystemExit)
