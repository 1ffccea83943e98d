"""The settings: one flat table, read once. Each is a GEGENCHECK_… variable and a command-line flag of the same name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the variable."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _some(text: str) -> int:
    number = _whole(text)
    if not number:
        raise ValueError("must not be zero")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError("must lie between 0 and 1")
    return number


def _milvus(text: str) -> str:
    address = text.strip()
    if address and not address.startswith(("http://", "https://")) and not address.endswith(".db"):
        raise ValueError("must begin with http:// or https://, or name a file that ends in .db")
    return str(Path(address).expanduser()) if address.endswith(".db") and "://" not in address else address


def _address(text: str) -> str:
    address = text.strip().rstrip("/")
    if address and not re.fullmatch(r"https?://[\w.:\[\]-]+(?:/[\w./~-]*)?", address):
        raise ValueError("must begin with https:// or http:// and name a host")
    return address


def _yes(text: str) -> bool:
    if text.strip().lower() not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return text.strip().lower() == "yes"


def _roles(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [entry.rpartition("=")[::2] for entry in text.split(",") if entry.strip()]
    if any(not group.strip() or role.strip() not in ("reader", "editor", "admin") for group, role in pairs):
        raise ValueError("must look like group=editor,group=admin")
    return tuple((group.strip(), role.strip()) for group, role in pairs)


def _collector(text: str) -> str:
    address = text.strip()
    if address and not address.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return address


def _log_format(text: str) -> str:
    if text.strip().lower() not in ("text", "json"):
        raise ValueError("must be text or json")
    return text.strip().lower()


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("there is no home folder; give the whole path") from None


def _default_data_dir() -> Path:
    named = os.environ.get("XDG_DATA_HOME")
    try:
        return (Path(named) if named else Path("~/.local/share").expanduser()) / "gegencheck"
    except RuntimeError:  # no HOME, and a user that the system has no entry of, as in containers
        return Path("gegencheck-data").absolute()


def _setting(default: Any, parse: Callable[[str], Any], meaning: str) -> Any:
    metadata = {"parse": parse, "meaning": meaning}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Thresholds that belong to a model live with that model; these override them."""

    data_dir: Path = _setting(_default_data_dir, _folder, "Folder that holds the database, the index and the model.")
    database_url: str = _setting(
        "", str, "Address of the database, postgresql://… or sqlite:///…; empty: a SQLite file in the data folder."
    )
    milvus_uri: str = _setting(
        "",
        _milvus,
        "Milvus for the index: http://…, or a file ….db for Milvus Lite; empty: the index in the data folder.",
    )
    host: str = _setting(
        "127.0.0.1", str, "Address to listen on. On any other than loopback, every call needs a key or an account."
    )
    port: int = _setting(8000, _whole, "Port to listen on.")
    threads: int = _setting(
        64, _whole, "Requests served at once: half may compute or wait for their turn, a quarter may wait for checks."
    )
    computing: int = _setting(
        0, _whole, "Calls that compute at once (match, stance, claims, extract, statements); 0: one for each core."
    )
    turn_seconds: int = _setting(
        10, _whole, "Longest wait for a turn to compute; a call that would wait longer gets a 503."
    )
    connections: int = _setting(
        2000, _whole, "Connections open at once; a further one replaces the one that has waited longest."
    )
    workers: int = _setting(
        2, _whole, "Checks that run at once inside `serve`; 0 if `gegencheck worker` runs beside it."
    )
    # At a second a check 500 are some eight minutes: nobody watches a page for longer, and a client can come again.
    max_waiting: int = _setting(
        500, _whole, "Checks and imports that may wait in all; further ones get a 503. 0: no limit."
    )
    # A fifth of all: one caller leaves room for four others, and a desk that checks a list of links has enough.
    max_waiting_per_key: int = _setting(
        100, _whole, "Checks and imports that may wait for one key; further ones get a 429. 0: no limit."
    )
    # Batches wait beside them: a night's work of one machine in all, an hour's or so of one key.
    max_waiting_items: int = _setting(
        20_000, _whole, "Items of batches that may wait in all; further batches get a 503. 0: no limit."
    )
    max_waiting_items_per_key: int = _setting(
        5_000, _whole, "Items of batches that may wait for one key; further batches get a 429. 0: no limit."
    )
    # A batch has up to 16 MB whatever it counts: so many are 3 GB on the disk in all, and 800 MB of one key.
    max_waiting_batches: int = _setting(
        200, _whole, "Batches that may wait in all, however few their items; further ones get a 503. 0: no limit."
    )
    max_waiting_batches_per_key: int = _setting(
        50, _whole, "Batches that may wait for one key; further ones get a 429. 0: no limit."
    )
    # A receiver that is away is tried for a day: more than that many would only pile up, and make each look slow.
    max_waiting_webhooks_per_key: int = _setting(
        2_000,
        _whole,
        "Webhooks of one key that may wait for their receivers; then callback_url gets a 429. 0: no limit.",
    )
    requests_per_minute: int = _setting(
        0, _whole, "API calls that a key may make within a minute, unless it has a limit of its own. 0: no limit."
    )
    checks_per_day: int = _setting(
        0, _whole, "Checks that a key may ask for within a day, unless it has a limit of its own. 0: no limit."
    )
    embedder: str = _setting(
        "", str, "A sentence-transformers name or folder; empty: the bundled multilingual-e5-small."
    )
    pair_model: str = _setting(
        "", str, "A sentence-transformers CrossEncoder, by name or folder; `rules`; empty: the bundled pair model."
    )
    min_match_confidence: float = _setting(
        -1.0,
        _share,
        "Confidence that a match needs, more on a page with many claims; unset: the pair model's own value.",
    )
    min_checkworthiness: float = _setting(
        -1.0, _share, "Check-worthiness that makes a sentence a claim; unset: the program's own value."
    )
    retention_days: int = _setting(30, _whole, "Days that a check is kept; 0: until somebody deletes it.")
    fresh_seconds: int = _setting(
        3600,
        _whole,
        "Seconds for which the same page or text gets the stored check, as long as the index is unchanged.",
    )
    fetch_seconds: int = _setting(10, _whole, "Time limit in seconds for fetching one page, redirects included.")
    fetch_bytes: int = _setting(5_000_000, _whole, "Size limit in bytes for one page, after decompression.")
    source_pause_seconds: int = _setting(
        2,
        _whole,
        "Shortest pause in seconds between two requests to a site for sources; it may last up to twice as long.",
    )
    readers: int = _setting(2, _whole, "Separate processes that read pages; at least one.")
    read_seconds: int = _setting(10, _some, "Time limit in seconds for reading one page; beyond it the check fails.")
    read_memory: int = _setting(
        800_000_000, _some, "Memory limit in bytes for reading one page; beyond it the check fails."
    )
    picture_readers: int = _setting(1, _whole, "Separate processes that read pictures; at least one.")
    picture_seconds: int = _setting(
        60, _some, "Time limit in seconds for reading one picture; beyond it the check fails."
    )
    picture_memory: int = _setting(
        1_600_000_000, _some, "Memory limit in bytes for reading one picture; beyond it the check fails."
    )
    read_pictures: bool = _setting(
        False, _yes, "yes: the pictures of each page that is fetched are read too; no: only where somebody asks for it."
    )
    fetch_hosts: tuple[str, ...] = _setting(
        (), _names, "Host names that may be fetched even from private addresses (tests, intranets)."
    )
    fetch_proxy: str = _setting(
        lambda: os.environ.get("HTTPS_PROXY", ""), str, "HTTP proxy for fetching; unset: HTTPS_PROXY."
    )
    ca_bundle: str = _setting("", str, "File of certificate authorities to trust when fetching; empty: certifi's.")
    asked_checks: int = _setting(
        3,
        _whole,
        "Checks that must have had a claim before it is listed as asked about but not verified; several callers or "
        "fetched pages must have had it in any case.",
    )
    four_eyes: bool = _setting(
        False,
        _yes,
        "yes: what people who are signed in change in a statement waits until another of them releases it. Keys, "
        "sources and the command line write at once.",
    )
    publishes: tuple[str, ...] = _setting(
        (),
        _names,
        "Sites of publishers (bank.example) whose statements everybody may read (/feeds, /statements/ID, "
        "claims:search); empty: none.",
    )
    public_url: str = _setting(
        "",
        _address,
        "Address under which others reach this service, https://…; public pages name it, and feeds link to them. "
        "Empty: none do.",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        (), _names, "Further names under which this service may be addressed (Host header)."
    )
    extension_origins: tuple[str, ...] = _setting(
        (), _names, "Origins of browser extensions that may call (chrome-extension://…)."
    )
    oidc_issuer: str = _setting("", str.strip, "OpenID Connect: the provider's issuer, https://…; empty: none.")
    oidc_client_id: str = _setting("", str.strip, "The name under which the provider knows this service.")
    oidc_secret_file: str = _setting("", str, "File with the secret that the provider gave; empty: it gave none.")
    oidc_scopes: str = _setting("openid profile email", str.strip, "What the provider is asked for.")
    oidc_claim: str = _setting("groups", str.strip, "Claim that names a person's groups.")
    oidc_roles: tuple[tuple[str, str], ...] = _setting(
        (),
        _roles,
        "Roles by group, such as desk=editor,it=admin; the highest counts at each sign-in, others are readers. Empty: "
        "new people are readers, and `accounts role` decides.",
    )
    oidc_private: bool = _setting(
        False, _yes, "yes: the issuer's host may have a private address and speak plain http (intranets, tests)."
    )
    trusted_proxies: int = _setting(0, _whole, "Number of reverse proxies in front that set X-Forwarded-*.")
    metrics_port: int = _setting(
        0, _whole, "Port on this machine at which `gegencheck worker` shows its metrics; 0: none. `serve` has /metrics."
    )
    otel_endpoint: str = _setting(
        "",
        _collector,
        "OpenTelemetry collector (OTLP over HTTP, such as http://127.0.0.1:4318) that gets spans; empty: none.",
    )
    log_level: str = _setting("INFO", str, "DEBUG, INFO, WARNING or ERROR. What people read is logged at no level.")
    log_format: str = _setting("text", _log_format, "text: a line for people; json: an object on each line.")

    @property
    def database(self) -> str:
        """The database's address with its default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gegencheck.db'}"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file that is the database; None where it is another database, or only in memory."""
        found = re.fullmatch(r"sqlite(?:\+\w+)?:///(?P<path>[^?]+)(?:\?.*)?", self.database)
        return Path(found["path"]) if found and found["path"] != ":memory:" else None

    @property
    def index_dir(self) -> Path:
        """Where the derived index lies."""
        return self.data_dir / "index"

    @property
    def models_dir(self) -> Path:
        """Where prepared model weights lie."""
        return self.data_dir / "models"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"GEGENCHECK_{name.upper()}"


def read_settings(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """Settings from the environment, overridden by flags. Raises SettingError naming the variable."""
    values: dict[str, Any] = {}
    for entry in fields(Settings):
        given = (flags or {}).get(entry.name)
        text = given if given is not None else environment.get(variable(entry.name))
        if text is None:
            continue
        try:
            values[entry.name] = entry.metadata["parse"](text)
        except ValueError as error:
            raise SettingError(f"{variable(entry.name)}={text!r} cannot be used: {error}") from None
    return replace(Settings(), **values)


def settings_table() -> str:
    """All settings as a Markdown table, for README.md."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for entry in fields(Settings):
        given = "" if callable(getattr(entry, "default_factory", None)) else str(entry.default)
        shown = {"data_dir": "~/.local/share/gegencheck", "()": ""}.get(
            entry.name, {"()": "", "-1.0": "", "False": "no"}.get(given, given)
        )
        rows.append(f"| `{variable(entry.name)}` | {f'`{shown}`' if shown else ''} | {entry.metadata['meaning']} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(settings_table())
