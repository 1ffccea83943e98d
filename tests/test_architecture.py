"""The house rules, read from the syntax trees: who may import whom, and where each library lives."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("index/**/*.py"), *ROOT.glob("service/**/*.py")])
CLIENT = sorted(ROOT.glob("gegencheck_client/**/*.py"))

# Who may import whom: area -> areas of ours that it may use. The order of the walk, from the doors inwards.
MAY_IMPORT = {
    "index": {"index"},
    "service.models": {"index", "service.models"},
    "service.pipeline": {"index", "service.models", "service.pipeline"},
    "service.store": {"index", "service.models", "service.store"},
    "service.words": {"index", "service.models", "service.store", "service.words"},
    "service.bootstrap": {"index", "service.models", "service.pipeline", "service.store", "service.bootstrap"},
    "service.work": {
        "index", "service.models", "service.store", "service.pipeline", "service.words", "service.bootstrap",
        "service.work",
    },
    "service.web": {
        "index", "service.models", "service.store", "service.pipeline", "service.words", "service.bootstrap",
        "service.web",
    },
    "service.doors": {
        "index", "service.models", "service.store", "service.pipeline", "service.words", "service.bootstrap",
        "service.work", "service.web", "service.doors",
    },
}  # fmt: skip

# Single files of service/ and the area whose rules they follow.
AREA_OF_FILE = {
    "models": "service.models",
    "findings": "service.models",
    "pictures": "service.models",
    "flips": "service.models",
    "sentences": "service.models",
    "actions": "service.models",
    "conclusions": "service.models",
    "policies": "service.models",
    "asked_claims": "service.models",
    "drafts": "service.models",
    "negatives": "service.models",
    "sources": "service.models",
    "source_presets": "service.models",
    "thresholds": "service.models",
    "tracing": "service.models",
    "versions": "service.models",
    "errors": "service.models",
    "account_errors": "service.models",
    "picture_errors": "service.models",
    "editing_errors": "service.models",
    "articles": "service.models",
    "timed": "service.models",
    "clock": "service.models",
    "measuring": "service.models",
    "config": "service.models",
    "logs": "service.models",
    "passwords": "service.models",
    "webhook_keys": "service.models",
    "catalogue": "service.words",
    "citing": "service.words",
    "wording": "service.words",
    "twins": "service.words",
    "suggestions": "service.words",
    "explaining": "service.words",
    "elsewhere": "service.words",
    "coverage": "service.words",
    "presenters": "service.words",
    "moments": "service.words",
    "revisions": "service.words",
    "presenters_asked": "service.words",
    "presenters_ratings": "service.words",
    "presenters_history": "service.words",
    "presenters_drafts": "service.words",
    "presenters_sources": "service.words",
    "work_presenters": "service.words",
    "policy_presenters": "service.words",
    "rationale": "service.words",
    "transparency": "service.words",
    "bootstrap": "service.bootstrap",
    "deferred_index": "service.bootstrap",
    "planning": "service.bootstrap",
    "signing_in": "service.bootstrap",
    "telemetry": "service.bootstrap",
    "metrics": "service.bootstrap",
    "ruling_out": "service.bootstrap",
    "replays": "service.bootstrap",
    "calibrating": "service.bootstrap",
    "app": "service.doors",
    "cli": "service.doors",
    "commands": "service.doors",
    "terminal": "service.doors",
    "terminal_accounts": "service.doors",
    "terminal_data": "service.doors",
    "terminal_guard": "service.doors",
    "terminal_asked": "service.doors",
    "terminal_imports": "service.doors",
    "terminal_history": "service.doors",
    "terminal_replay": "service.doors",
    "terminal_calibration": "service.doors",
    "terminal_ratings": "service.doors",
    "terminal_sources": "service.doors",
    "serving": "service.doors",
    "server": "service.doors",
    "first_run": "service.work",
}

# Each library has one home.
HOMES = {
    "faiss": {"index/retrieval/vectors.py"},
    "tantivy": {"index/retrieval/lexical.py"},
    "pymilvus": {"index/retrieval/milvus_client.py", "index/retrieval/milvus_states.py"},
    "milvus_lite": {"index/retrieval/milvus_client.py"},
    "grpc": {"index/retrieval/milvus_client.py"},
    "torch": {"index/model/embedder.py", "index/pairs/cross_encoder.py"},
    "sentence_transformers": {"index/model/embedder.py", "index/pairs/cross_encoder.py"},
    "trafilatura": {"service/pipeline/article.py"},
    "lxml": {"index/exchange/page_markup.py", "service/pipeline/shown.py", "service/pipeline/listings.py"},
    "webvtt": {"service/pipeline/timed/formats.py"},
    "feedparser": {"service/pipeline/listings.py"},
    "protego": {"service/pipeline/robots.py"},
    "ijson": {"index/exchange/streaming.py"},
    "json_repair": {"index/exchange/dirty_json.py"},
    "waitress": {f"service/server/{name}.py" for name in ("answers", "channel", "listening", "parser")},
    "pypdf": {"service/pipeline/pdf.py"},
    "PIL": {"service/pipeline/pictures/opening.py"},
    "rapidocr": {"service/pipeline/pictures/recognising.py"},
    "cv2": {"service/pipeline/pictures/recognising.py"},
    "brotli": {"service/pipeline/unpacking.py"},
    "backports": {"service/pipeline/unpacking.py"},
    "webencodings": {"service/pipeline/charsets.py"},
    "sentencex": {"service/pipeline/sentences.py"},
    "babel": {"service/catalogue.py"},
    "opentelemetry": {"service/telemetry.py"},
    "prometheus_client": {"service/metrics.py"},
    "standardwebhooks": {"service/work/delivering.py"},
    "cryptography": {"service/store/page_filter.py", "service/webhook_keys.py"},
    "argon2": {"service/passwords.py"},
    "zxcvbn": {"service/passwords.py"},
    "authlib": {"service/web/identity_provider.py"},
    "joserfc": {"service/web/identity_provider.py"},
    "itsdangerous": {"service/web/signed_in.py"},
}
FLASK_HOMES = ("service/web/", "service/app.py")
CLICK_HOMES = (
    "service/cli.py",
    "service/commands/",
    "service/terminal.py",
    "service/terminal_accounts.py",
    "service/terminal_data.py",
    "service/terminal_asked.py",
    "service/terminal_imports.py",
    "service/terminal_history.py",
    "service/terminal_replay.py",
    "service/terminal_calibration.py",
    "service/terminal_ratings.py",
    "service/terminal_sources.py",
)

HEAVY = [
    "faiss",
    "tantivy",
    "pymilvus",
    "torch",
    "onnx",
    "onnxruntime",
    "trafilatura",
    "flask",
    "sqlalchemy",
    "waitress",
    "numpy",
    "argon2",
    "zxcvbn",
    "authlib",
    "joserfc",
    "opentelemetry",
]


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def area(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] == "index":
        return "index"
    if parts[0] != "service":
        return None
    if len(parts) == 1:
        return "service.models"
    if parts[1] in ("pipeline", "store", "work", "web"):
        return f"service.{parts[1]}"
    return AREA_OF_FILE.get(parts[1], f"service.{parts[1]} (name it in AREA_OF_FILE)")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_go_one_way(path: Path) -> None:
    own = area(name_of(path))
    wrong = [
        module
        for module in imported_modules(path)
        if (other := area(module)) is not None and other not in MAY_IMPORT[str(own)]
    ]
    assert not wrong, f"{relative(path)} ({own}) must not import {wrong}"


@pytest.mark.parametrize("path", CLIENT, ids=relative)
def test_the_client_knows_nothing_of_the_service_and_the_service_nothing_of_it(path: Path) -> None:
    assert {module.split(".")[0] for module in imported_modules(path)}.isdisjoint({"index", "service"})
    assert not [source for source in SOURCES if "gegencheck_client" in source.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_each_library_has_one_home(path: Path) -> None:
    here = relative(path)
    for module in imported_modules(path):
        library = module.split(".")[0]
        if library in HOMES:
            assert here in HOMES[library], f"{library} lives in {HOMES[library]}, not in {here}"
        if library in ("flask", "werkzeug"):
            assert here.startswith(FLASK_HOMES), f"{library} belongs to the web"
        if library == "click":
            assert here.startswith(CLICK_HOMES)


def test_only_check_knows_the_order_of_the_stages() -> None:
    stages = {"fetch", "article", "sentences", "claims", "evidence", "stance", "verdict"}
    for path in ROOT.glob("service/pipeline/*.py"):
        used = {m.split(".")[2] for m in imported_modules(path) if m.startswith("service.pipeline.")} & stages
        # warmed.py runs stages once, only so that they are loaded; revising.py goes the last ones again.
        if path.stem not in ("check", "revising", "warmed"):
            assert len(used - {path.stem}) <= 1, f"{relative(path)} knows too many stages: {used}"


@pytest.mark.parametrize("path", [*SOURCES, *CLIENT], ids=relative)
def test_every_file_says_first_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{relative(path)} has no docstring"


@pytest.mark.parametrize("path", [*SOURCES, *(each for each in CLIENT if each.stem != "models")], ids=relative)
def test_files_stay_readable(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 330, f"{relative(path)} has {lines} lines: look for the second subject in it"


def test_help_loads_nothing_heavy() -> None:
    program = "import sys, service.cli; print([m for m in sys.argv[1:] if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program, *HEAVY], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"


# What only tests in a browser need: whoever runs the others (pytest -m "not browser") need not have it.
OF_BROWSERS = ("playwright", "axe_playwright_python", "websockets")


def loaded_at_once(path: Path) -> set[str]:
    """The libraries that a file imports as soon as it is loaded: not those of its functions, nor those for types alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif not isinstance(node, ast.FunctionDef) and not (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        ):
            waiting.extend(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/**/*.py")), ids=relative)
def test_no_test_loads_a_browser_before_it_needs_one(path: Path) -> None:
    assert not loaded_at_once(path).intersection(OF_BROWSERS)


# Every module has its own test, at the same place under tests/. These have none of their own, and where they are tested.
TESTED_ELSEWHERE = {
    "index/disk.py": "index/retrieval/test_live_index.py",
    "index/exchange/reports.py": "index/exchange/test_importing.py",
    "index/exchange/property_values.py": "index/exchange/test_page_markup.py",
    "index/model/onnx_graph.py": "index/model/test_embedder.py",
    "index/retrieval/builder.py": "index/retrieval/test_live_index.py",
    "index/retrieval/draft.py": "index/retrieval/test_embedded.py",
    "index/retrieval/engine.py": "index/retrieval/test_engines.py",
    "index/retrieval/milvus_client.py": "index/retrieval/test_milvus.py",
    "index/retrieval/milvus_states.py": "index/retrieval/test_milvus.py",
    "index/retrieval/opening.py": "index/retrieval/test_engines.py",
    "index/store/mappings.py": "index/store/test_ratings.py",
    "index/store/rereading.py": "index/store/test_ratings.py",
    "index/store/once.py": "service/store/test_idempotency.py",
    "index/thresholds.py": "index/retrieval/test_search.py",
    "service/findings.py": "service/store/test_findings.py",
    "service/moments.py": "service/test_presenters.py",
    "index/exchange/google_claims.py": "service/web/test_claims_search_api.py",
    "service/web/google_errors.py": "service/web/test_claims_search_api.py",
    "service/web/statement_search.py": "service/web/test_claims_search_api.py",
    "service/pipeline/revising.py": "service/work/test_correcting.py",
    "service/conclusions.py": "service/pipeline/test_verdict.py",
    "service/policy_presenters.py": "service/web/test_policies_api.py",
    "service/rationale.py": "service/web/test_policies_api.py",
    "service/web/audit_api.py": "service/web/test_audit_trail.py",
    "service/transparency.py": "service/web/test_transparency_api.py",
    "service/ruling_out.py": "service/web/test_negatives_api.py",
    "service/web/naming.py": "service/web/test_policies_api.py",
    "service/pipeline/robots.py": "service/pipeline/test_polite.py",
    "service/planning.py": "service/commands/test_sources.py",
    "service/asked_claims.py": "service/work/test_gathering.py",
    "service/store/asked_claims.py": "service/work/test_gathering.py",
    "service/presenters_asked.py": "service/web/test_asked_api.py",
    "service/terminal_asked.py": "service/commands/test_asked.py",
    "service/presenters_ratings.py": "service/web/test_ratings_api.py",
    "service/terminal_ratings.py": "service/commands/test_ratings.py",
    "service/presenters_sources.py": "service/commands/test_sources.py",
    "service/pipeline/notice_words.py": "service/pipeline/test_walls.py",
    "service/flips.py": "service/test_replays.py",
    "service/pipeline/reading_process.py": "service/pipeline/test_reader.py",
    "service/pipeline/warmed.py": "service/pipeline/test_reader.py",
    "service/server/answers.py": "service/server/test_channel.py",
    "service/server/parser.py": "service/server/test_channel.py",
    "service/store/backup_file.py": "service/store/test_backup.py",
    "service/store/column_kinds.py": "service/store/test_database.py",
    "service/store/callbacks.py": "service/store/test_deliveries.py",
    "service/store/cursors.py": "service/store/test_check_lists.py",
    "service/store/feedback.py": "service/web/test_feedback_api.py",
    "service/store/job_rows.py": "service/store/test_jobs.py",
    "service/store/moving_bodies.py": "service/store/test_copying.py",
    "service/store/source_documents.py": "service/store/test_sources.py",
    "service/store/source_runs.py": "service/store/test_sources.py",
    "service/store/spool.py": "service/store/test_imports.py",
    "service/terminal_accounts.py": "service/commands/test_accounts.py",
    "service/terminal_sources.py": "service/commands/test_sources.py",
    "service/web/column_requests.py": "service/web/test_preview_api.py",
    "service/versions.py": "service/pipeline/test_provenance.py",
    "service/web/filter_api.py": "extension/chromium/test_filter.py",
    "service/web/intake.py": "service/server/test_channel.py",
    "service/web/source_shapes.py": "service/web/test_sources_api.py",
    "service/web/callbacks.py": "service/web/test_webhooks_api.py",
    "service/web/key_requests.py": "service/web/test_keys_api.py",
    "service/web/batch_requests.py": "service/web/test_batches_api.py",
    "service/web/picture_requests.py": "service/web/test_pictures.py",
    "service/web/requests.py": "service/web/test_fields.py",
    "service/work/checking.py": "service/work/test_worker.py",
    "service/work/past_checks.py": "service/work/test_correcting.py",
    "service/work/registry.py": "service/work/test_kinds.py",
    "service/work/ruled_out.py": "service/work/test_correcting.py",
    "service/work/sources/visit.py": "service/work/sources/test_listed.py",
}
# Nothing in these acts: shapes, tables and names of errors.
NOTHING_TO_TEST = {
    "index/models.py", "index/pairs/protocol.py", "index/store/tables.py", "service/errors.py", "service/models.py",
    "service/store/source_tables.py", "service/store/calling_tables.py", "service/store/tables.py",
    "service/store/correction_tables.py", "service/store/calibration_tables.py", "service/web/claims_search_shapes.py",
    "service/store/asked_tables.py", "service/web/check_replies.py", "service/web/replies.py",
    "service/account_errors.py", "service/editing_errors.py", "service/picture_errors.py",
    "service/store/account_tables.py", "service/actions.py", "service/web/policy_shapes.py",
}  # fmt: skip


def test_every_module_has_a_test_at_its_place() -> None:
    modules = {relative(path) for path in SOURCES if path.name != "__init__.py" and "migrations" not in path.parts}
    mirrored = {
        module for module in modules if (ROOT / "tests" / module).with_name(f"test_{Path(module).name}").exists()
    }
    assert modules - mirrored == {*TESTED_ELSEWHERE, *NOTHING_TO_TEST}, "add its test, or say where it is tested"
    assert {place for place in TESTED_ELSEWHERE.values() if not (ROOT / "tests" / place).exists()} == set()
