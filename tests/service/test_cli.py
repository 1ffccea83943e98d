"""The command line as a person and a pipe use it, with the bundled model and real files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image, ImageDraw, ImageFont

from service.config import Settings
from service.terminal import means_file

ROOT = Path(__file__).parents[2]
SENTENCE = "Hot lemon water cures diabetes within seven days."
Run = Callable[..., Result]


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


def test_a_picture_is_checked_from_a_file(run: Run, feed: Path, tmp_path: Path) -> None:
    run("statements", "import", feed)
    picture = Image.new("RGB", (760, 120), "white")
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 26)
    ImageDraw.Draw(picture).text((20, 40), SENTENCE, font=font, fill="black")
    picture.save(tmp_path / "post.png")
    pretty = run("check", tmp_path / "post.png", LANG="de_DE.UTF-8")
    assert pretty.exit_code == 0, pretty.output
    assert f"Im Bild (behauptet): {SENTENCE}" in pretty.stdout
    (tmp_path / "other.heic").write_bytes(b"\x00\x00\x00\x18ftypheic")
    refused = run("check", tmp_path / "other.heic")
    assert refused.exit_code == 1
    assert "The service does not read pictures of this kind, only PNG, JPEG, WebP and GIF." in refused.stdout


@pytest.mark.parametrize(
    "source",
    ["https://not a link", "ftp://example.org/a", "http://127.0.0.1/"],
)
def test_what_cannot_be_checked_is_said_with_exit_status_1(run: Run, feed: Path, source: str) -> None:
    run("statements", "import", feed)
    done = run("check", source, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["problem"]["code"] == "address-refused"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["statements", "import", "missing.json"], 2),
        (["serve", "--port", "eighty"], 2),
        (["keys", "create", "x", "--scope", "everything"], 2),
        (["check"], 2),
        (["check", "missing.txt"], 2),
        (["check", "/nonexistent/path"], 2),
        (["check", "Die Erde ist flach."], 2),
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
    assert done.stderr.splitlines()[-1].startswith(f"Error: There is no file {source}, and it is not a link either.")


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
