"""The development installation: drawn once, complete, and closed to other people."""

import json
from pathlib import Path

from gateway.apple_folder import AppleFolder
from gateway.settings import read_settings
from sandbox.google.accounts import DEVELOPMENT_ISSUER
from sandbox.installation import (
    DEMO_PASS_TYPE,
    Ports,
    child_variables,
    open_google_folder,
    open_secrets,
    role_url,
    write_apple_folder,
)
from workers.channels.google.service_accounts import ServiceAccounts

SUPERUSER_URL = "postgresql://postgres:secret@127.0.0.1:5555/postgres"


def test_secrets_are_drawn_once(tmp_path: Path) -> None:
    """A second start finds the first one's secrets, or its data would be lost."""
    first = open_secrets(tmp_path)

    assert open_secrets(tmp_path) == first
    assert first.secret_key != first.pin_pepper
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


def test_children_get_complete_settings_and_none_of_the_callers(tmp_path: Path) -> None:
    """What the processes are told passes the check at their start, whatever was set outside."""
    write_apple_folder(tmp_path)
    urls = {
        "DATABASE_URL": role_url(SUPERUSER_URL, "passgate_app", "a"),
        "WORKER_DATABASE_URL": role_url(SUPERUSER_URL, "passgate_worker", "b"),
        "OWNER_DATABASE_URL": role_url(SUPERUSER_URL, "passgate_owner", "c"),
        "REDIS_URL": "redis://:secret@127.0.0.1:6379/0",
    }

    variables = child_variables(
        {"PATH": "/bin", "PASSGATE_PORT": "none"}, tmp_path, Ports(web=9000), urls
    )
    settings = read_settings(variables)

    assert variables["PATH"] == "/bin"
    assert settings.public_url == "http://127.0.0.1:9000"
    assert settings.port == 9000
    assert settings.google_url == "http://127.0.0.1:8444"
    assert settings.google_save_url == "http://127.0.0.1:8090/gp/v/save/"
    assert settings.database_url == "postgresql://passgate_app:a@127.0.0.1:5555/passgate"


async def test_the_service_account_is_drawn_once_and_told_where_tokens_are(
    tmp_path: Path,
) -> None:
    """Another port keeps the key; the client finds it where the gateway looks for it."""
    folder = open_google_folder(tmp_path, Ports())
    first = (await ServiceAccounts(folder).of(DEVELOPMENT_ISSUER)).signer.key_id
    path = folder / DEVELOPMENT_ISSUER / "service-account.json"
    key = json.loads(path.read_text())["private_key"]

    open_google_folder(tmp_path, Ports(google=9000))

    again = json.loads(path.read_text())
    assert (again["private_key"], first) == (key, "development")
    assert again["token_uri"] == "http://127.0.0.1:9000/token"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_apple_folder_signs(tmp_path: Path) -> None:
    """The development certificates lie where the gateway looks for a pass type's."""
    write_apple_folder(tmp_path)
    write_apple_folder(tmp_path)

    signer = AppleFolder(tmp_path / "apple").signer(DEMO_PASS_TYPE)

    assert signer.team_identifier == "DEV1234567"
    key = tmp_path / "apple" / DEMO_PASS_TYPE / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
