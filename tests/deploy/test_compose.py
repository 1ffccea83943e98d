"""The compose file: as its specification says, one truth for service and worker, no password in it, nothing left open."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shipped import DEPLOY, compose_start, image_start, read_compose

from service.config import Settings, read_settings, variable

OURS = ("service", "worker")


def said(name: str) -> dict[str, Any]:
    """What is said of a service."""
    return dict(read_compose()["services"][name])


def test_it_is_as_the_compose_specification_says() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    line = [program, "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml"]
    found = subprocess.run(line, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_the_specification_is_really_asked(tmp_path: Path) -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    (tmp_path / "compose.yaml").write_text(text.replace("mem_limit:", "memlimit:"))
    program = Path(sys.executable).with_name("check-jsonschema")
    line = [program, "--builtin-schema", "vendor.compose-spec", tmp_path / "compose.yaml"]
    assert subprocess.run(line, capture_output=True).returncode == 1


def test_service_and_worker_share_the_truth_and_the_index() -> None:
    service, worker = (read_settings(compose_start(name).environment) for name in OURS)
    assert service.database == worker.database == "postgresql://gegencheck@database/gegencheck"
    assert service.milvus_uri == worker.milvus_uri == "http://milvus:19530"
    assert service.workers == 0
    assert worker.workers > 0
    assert said("service")["image"] == said("worker")["image"]


def test_every_variable_is_a_setting() -> None:
    known = {variable(name) for name in Settings.__dataclass_fields__}
    for name in OURS:
        ours = {each for each in compose_start(name).environment if each.startswith("GEGENCHECK_")}
        assert ours <= known


def test_addresses_are_those_of_the_services_beside() -> None:
    services = read_compose()["services"]
    settings = read_settings(compose_start("service").environment)
    hosts = re.findall(r"(?://|@)(\w+)[:/]", settings.database_url.partition("//")[2] + " " + settings.milvus_uri)
    assert {host for host in hosts if host in services} == {"database", "milvus"}
    assert said("database")["environment"]["POSTGRES_USER"] == "gegencheck"
    assert said("database")["environment"]["POSTGRES_DB"] == "gegencheck"


def test_the_password_is_given_and_never_written() -> None:
    for name, key in (("service", "PGPASSWORD"), ("worker", "PGPASSWORD"), ("database", "POSTGRES_PASSWORD")):
        assert said(name)["environment"][key] == "${DATABASE_PASSWORD:?write it into deploy/.env}"


def test_only_this_machine_reaches_it_and_only_the_service() -> None:
    services = read_compose()["services"]
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "service": ["127.0.0.1:8000:8000"]
    }
    networks = read_compose()["networks"]
    assert networks["inside"]["internal"] is True
    assert all(services[name]["networks"] == ["inside"] for name in ("database", "milvus"))


@pytest.mark.parametrize("name", OURS)
def test_ours_may_write_to_their_data_alone(name: str) -> None:
    here = said(name)
    assert here["read_only"] is True
    assert here["cap_drop"] == ["ALL"]
    assert here["security_opt"] == ["no-new-privileges:true"]
    assert here["volumes"] == [f"data:{image_start().environment['GEGENCHECK_DATA_DIR']}"]
    assert here["mem_limit"]
    assert here["pids_limit"]


def test_whoever_can_be_asked_is_asked_how_it_is() -> None:
    assert "http://127.0.0.1:8000/readyz" in said("service")["healthcheck"]["test"][-1]
    assert said("worker")["healthcheck"] == {"disable": True}, "the image's check asks a service"
    for name in OURS:
        assert {each["condition"] for each in said(name)["depends_on"].values()} == {"service_healthy"}
        assert all("test" in said(other)["healthcheck"] for other in said(name)["depends_on"])


def test_volumes_and_networks_that_are_used_are_named() -> None:
    compose = read_compose()
    for each in compose["services"].values():
        assert {volume.partition(":")[0] for volume in each["volumes"]} <= compose["volumes"].keys()
        assert set(each["networks"]) <= compose["networks"].keys()
