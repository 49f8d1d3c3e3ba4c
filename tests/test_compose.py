"""The compose file: valid by the official schema, and true to what we promise about it."""

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import jsonschema
import pytest
import yaml

from gateway.settings import read_settings
from gateway.storage.server.migrating import migrate
from sandbox.servers import postgres

ROOT = Path(__file__).parents[1]
OURS = ("migrate", "web", "worker")


def secrets_of(service: dict[str, Any]) -> set[str]:
    """Return the names of the secrets a service is given."""
    listed = service.get("secrets", [])
    return {each if isinstance(each, str) else each["source"] for each in listed}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    subprocess.run([ROOT / "ops" / "make-secrets", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_it_is_valid_compose(compose: dict[str, Any]) -> None:
    """The official schema accepts it, and refuses it once a key is misspelt."""
    schema = json.loads(
        files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    )

    jsonschema.validate(compose, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(compose | {"sevices": {}}, schema)


def test_web_and_worker_run_twice(compose: dict[str, Any]) -> None:
    """Losing one process loses nobody's stamp."""
    services = compose["services"]

    assert services["web"]["deploy"]["replicas"] == 2
    assert services["worker"]["deploy"]["replicas"] == 2


def test_it_holds_no_secret(compose: dict[str, Any]) -> None:
    """Every secret is a file outside the tree, and each service gets only declared ones."""
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|PEPPER|_URL", variable) and "PUBLIC" not in variable:
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.startswith("/run/secrets/"), f"{name}: {variable}"
                assert value.rpartition("/")[2] in secrets_of(service), f"{name}: {variable}"
        assert secrets_of(service) <= compose["secrets"].keys(), name
    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_only_the_migration_knows_the_owner(compose: dict[str, Any]) -> None:
    """A process that serves cannot change the schema, whoever breaks into it."""
    knowing = [
        name
        for name, service in compose["services"].items()
        if "owner_database_url" in secrets_of(service)
    ]

    assert knowing == ["migrate"]


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    """No image changes its major version under us."""
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert images
    for image in images:
        assert re.search(r":\d+(?:\.\d+)*(?:-[\w-]+)?$", image), image


def test_our_processes_have_no_rights(compose: dict[str, Any]) -> None:
    """Not root, no capabilities, nothing to write to."""
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert re.search(r"^USER 10001$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_what_others_wait_for_is_checked(compose: dict[str, Any]) -> None:
    """Nothing starts before the schema is there and the servers answer."""
    services = compose["services"]
    for name, service in services.items():
        for other, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in services[other], f"{name} waits for {other}"
    assert all("migrate" in services[name]["depends_on"] for name in ("web", "worker"))
    assert "healthcheck" in services["web"]
    assert "noeviction" in services["valkey"]["command"]


def test_workers_show_their_numbers_on_the_inside_alone(compose: dict[str, Any]) -> None:
    """Whoever watches joins the network; no port of the machine leads there."""
    services = compose["services"]
    worker = services["worker"]

    assert worker["environment"]["PASSGATE_METRICS_HOST"] == "0.0.0.0"  # noqa: S104 - a container's
    assert int(worker["environment"]["PASSGATE_METRICS_PORT"]) > 0
    assert "ports" not in worker
    assert "PASSGATE_METRICS_PORT" not in services["web"]["environment"]


@pytest.mark.parametrize("name", OURS)
def test_the_settings_accept_what_it_gives(
    compose: dict[str, Any], name: str, secrets: Path
) -> None:
    """A service's variables and the drawn secrets are a complete production environment."""
    variables = dict(compose["services"][name]["environment"])
    for variable, value in variables.items():
        if variable.endswith("_FILE"):
            variables[variable] = str(secrets / value.rpartition("/")[2])
    variables["PASSGATE_PUBLIC_URL"] = "https://cards.example.com"
    variables["PASSGATE_APPLE_FOLDER"] = str(secrets / "apple")
    variables["PASSGATE_GOOGLE_FOLDER"] = str(secrets / "google")

    settings = read_settings(variables)

    assert settings.is_production
    assert (settings.owner_database_url is not None) == (name == "migrate")


def test_every_secret_it_mounts_is_drawn(compose: dict[str, Any], secrets: Path) -> None:
    """Each file is made, the folder is closed, and a second run changes nothing."""
    mounted = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    before = {name: (secrets / name).read_text() for name in mounted}

    subprocess.run([ROOT / "ops" / "make-secrets", secrets], check=True)

    assert {name: (secrets / name).read_text() for name in mounted} == before
    assert secrets.stat().st_mode & 0o777 == 0o700


async def test_the_drawn_roles_can_migrate_and_serve(secrets: Path, tmp_path: Path) -> None:
    """An empty PostgreSQL with `roles.sql` run on it takes the schema, and the roles log in."""
    with postgres(tmp_path, throw_away=True) as server:
        superuser = await asyncpg.connect(server.dsn())
        for statement in (secrets / "roles.sql").read_text().split(";")[:-1]:
            await superuser.execute(statement)
        await superuser.close()

        def url(name: str) -> str:
            place = f"127.0.0.1:{server.port}"
            return (secrets / name).read_text().strip().replace("postgres:5432", place)

        await migrate(url("owner_database_url"))
        for name in ("database_url", "worker_database_url"):
            role = await asyncpg.connect(url(name))
            assert await role.fetchval("SELECT count(*) FROM outbox") == 0
            assert await role.fetchval("SHOW statement_timeout") == "10s"
            await role.close()
