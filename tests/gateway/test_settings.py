"""The settings: complete, typed, silent about secrets, and refused with all reasons at once."""

import base64
import dataclasses
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.settings import Settings, SettingsError, read_settings

KEY = base64.b64encode(bytes(range(32))).decode()
PEPPER = base64.urlsafe_b64encode(bytes(range(255, 215, -1))).decode()
COMPLETE = {
    "PASSGATE_PUBLIC_URL": "https://cards.example.com/",
    "PASSGATE_DATABASE_URL": "postgresql://passgate_app:hunter2@db:5432/passgate",
    "PASSGATE_WORKER_DATABASE_URL": "postgresql://passgate_worker:hunter2@db:5432/passgate",
    "PASSGATE_REDIS_URL": "redis://:hunter2@valkey:6379/0",
    "PASSGATE_SECRET_KEY": KEY,
    "PASSGATE_PIN_PEPPER": PEPPER,
    "UNRELATED": "ignored",
}


def problems(**changes: str | None) -> list[str]:
    """Read the complete settings with changes and return what is complained about."""
    variables = {**COMPLETE, **{f"PASSGATE_{name}": value for name, value in changes.items()}}
    given = {name: value for name, value in variables.items() if value is not None}
    with pytest.raises(SettingsError) as refused:
        read_settings(given)
    return [line.strip() for line in str(refused.value).splitlines()[1:]]


def test_a_minimal_environment_is_production_with_safe_defaults() -> None:
    """Six variables are enough, and what is not said is the careful choice."""
    settings = read_settings(COMPLETE)

    assert settings.is_production
    assert settings.public_url == "https://cards.example.com"
    assert settings.secret_key == bytes(range(32))
    assert settings.pin_pepper == bytes(range(255, 215, -1))
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.apns_url == "https://api.push.apple.com"
    assert settings.owner_database_url is None
    assert settings.apple_folder is None
    assert settings.apns_ca is None
    assert settings.google_folder is None
    assert settings.google_url == "https://walletobjects.googleapis.com"
    assert settings.google_keys_url == "https://pay.google.com/gp/m/issuer/keys"
    assert settings.google_save_url == "https://pay.google.com/gp/v/save/"
    assert settings.trusted_proxies == ()


def test_everything_may_be_said(tmp_path: Path) -> None:
    """Each optional setting is read and typed."""
    authority = tmp_path / "root.pem"
    authority.touch()
    settings = read_settings(
        COMPLETE
        | {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
            "PASSGATE_OWNER_DATABASE_URL": "postgresql://passgate_owner:x@db/passgate",
            "PASSGATE_APPLE_FOLDER": str(tmp_path),
            "PASSGATE_APNS_URL": "https://127.0.0.1:8443",
            "PASSGATE_APNS_CA": str(authority),
            "PASSGATE_GOOGLE_FOLDER": str(tmp_path),
            "PASSGATE_GOOGLE_URL": "http://127.0.0.1:8444",
            "PASSGATE_GOOGLE_KEYS_URL": "http://127.0.0.1:8444/gp/m/issuer/keys",
            "PASSGATE_GOOGLE_SAVE_URL": "http://127.0.0.1:8090/gp/v/save/",
            "PASSGATE_NATS_URL": "nats://passgate:hunter2@nats:4222",
            "PASSGATE_WEBHOOK_ALLOW": "localhost:9000, [::1]:9001",
            "PASSGATE_HOST": "0.0.0.0",  # noqa: S104 - only a value here
            "PASSGATE_PORT": "80",
            "PASSGATE_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8",
            "PASSGATE_LOG_LEVEL": "debug",
            "PASSGATE_DATABASE_POOL_SIZE": "3",
        }
    )

    assert not settings.is_production
    assert settings.owner_database_url == "postgresql://passgate_owner:x@db/passgate"
    assert (settings.apple_folder, settings.apns_ca) == (tmp_path, authority)
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert (settings.port, settings.database_pool_size) == (80, 3)
    assert settings.nats_url == "nats://passgate:hunter2@nats:4222"
    assert "hunter2" not in repr(settings)
    assert settings.webhook_allow == {("localhost", 9000), ("::1", 9001)}
    assert settings.google_folder == tmp_path
    assert settings.google_url == "http://127.0.0.1:8444"
    assert settings.google_keys_url == "http://127.0.0.1:8444/gp/m/issuer/keys"
    assert settings.google_save_url == "http://127.0.0.1:8090/gp/v/save/"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    """A container mounts secrets as files; the line end of the file is no part of one."""
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    variables = {k: v for k, v in COMPLETE.items() if k != "PASSGATE_SECRET_KEY"}

    settings = read_settings(variables | {"PASSGATE_SECRET_KEY_FILE": str(path)})

    assert settings.secret_key == bytes(range(32))


def test_one_message_lists_all_that_is_wrong() -> None:
    """Nobody should have to start five times to learn of five mistakes."""
    found = problems(
        PUBLIC_URL=None, DATABASE_URL=None, PORT="many", LOG_LEVEL="loud", DATABSE_URL="x"
    )

    assert found == [
        "PASSGATE_PUBLIC_URL is missing",
        "PASSGATE_DATABASE_URL is missing (or PASSGATE_DATABASE_URL_FILE, a file that holds it)",
        "PASSGATE_PORT must be a whole number from 1 to 65535, not 'many'",
        "PASSGATE_LOG_LEVEL must be one of debug, error, info, warning, not 'loud'",
        "PASSGATE_DATABSE_URL is not a setting",
    ]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("PUBLIC_URL", "cards.example.com", "must look like https://host"),
        ("PUBLIC_URL", "https://cards.example.com/shop", "must look like https://host"),
        ("PUBLIC_URL", "https://user@cards.example.com", "must look like https://host"),
        ("PUBLIC_URL", "https://cards.example.com:http", "must look like https://host"),
        ("PUBLIC_URL", "http://cards.example.com", "must begin with https:// in production"),
        ("PUBLIC_URL", "https://localhost", "must not be this machine's own name"),
        ("DATABASE_URL", "mysql://user:hunter2@db/passgate", "must look like postgresql://"),
        ("DATABASE_URL", "postgresql://user:hunter2@db:port/passgate", "must look like"),
        ("OWNER_DATABASE_URL", "nonsense-hunter2", "must look like postgresql://"),
        ("OWNER_DATABASE_URL", COMPLETE["PASSGATE_DATABASE_URL"], "must be another role"),
        ("REDIS_URL", "http://hunter2", "must look like redis://"),
        ("SECRET_KEY", "hunter2!", "is not base64"),
        ("SECRET_KEY", "hunter22", "holds 6 bytes and needs 32 or more"),
        ("SECRET_KEY", "hunter2ü", "is not base64"),
        ("PIN_PEPPER", KEY, "must not equal PASSGATE_SECRET_KEY"),
        ("SECRET_KEY_FILE", "/nowhere", "are both given"),
        ("APPLE_FOLDER", "/nowhere", "names no folder"),
        ("APNS_CA", "/nowhere", "names no file"),
        ("APNS_URL", "http://127.0.0.1", "must look like https://host"),
        ("APNS_URL", "https://127.0.0.1", "must be one of https://api.push.apple.com"),
        ("APNS_CA", __file__, "is for development only"),
        ("APNS_CLIENT", "node-apn", "must be one of"),
        ("GOOGLE_FOLDER", "/nowhere", "names no folder"),
        ("GOOGLE_URL", "https://127.0.0.1", "must be https://walletobjects.googleapis.com in"),
        ("GOOGLE_KEYS_URL", "https://127.0.0.1", "must look like https://host/path"),
        ("GOOGLE_KEYS_URL", "https://127.0.0.1/keys", "must be https://pay.google.com/gp/m/"),
        ("GOOGLE_SAVE_URL", "https://me@127.0.0.1/save/", "must look like https://host/path"),
        ("GOOGLE_SAVE_URL", "https://127.0.0.1/save/", "must be https://pay.google.com/gp/v/"),
        ("SANDBOX_URL", "http://127.0.0.1:8090", "is for development only"),
        ("MAIL_URL", "smtp://mail.example.com", "PASSGATE_MAIL_FROM is missing"),
        ("MAIL_FALLBACK_URL", "smtps://mail.example.com", "PASSGATE_MAIL_URL is missing"),
        ("MAIL_FROM", "cards", "must look like cards@example.com"),
        ("SMS_PROVIDERS", "carrier-pigeon", "must list known words, not 'carrier-pigeon'"),
        ("SMS_COUNTRIES", "LU, Belgium", "must list known words, not 'Belgium'"),
        ("TWILIO_URL", "http://api.twilio.com", "must begin with https:// in production"),
        ("VONAGE_URL", "http://api.nexmo.com", "must begin with https:// in production"),
        ("NATS_URL", "http://hunter2", "must look like nats://"),
        ("WEBHOOK_ALLOW", "localhost", "must list places such as localhost:9000"),
        ("WEBHOOK_ALLOW", "10.0.0.1:80", "must list places such as localhost:9000"),
        ("WEBHOOK_ALLOW", "localhost:port", "must list places such as localhost:9000"),
        ("WEBHOOK_ALLOW", "localhost:9000", "is for development only"),
        ("PORT", "0", "must be a whole number from 1 to 65535"),
        ("PORT", "٨٠", "must be a whole number from 1 to 65535"),
        ("DATABASE_POOL_SIZE", "101", "must be a whole number from 1 to 100"),
        ("ENVIRONMENT", "staging", "must be one of development, production"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "must list networks such as 10.0.0.0/8"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str, problem: str) -> None:
    """One bad value gives one problem, which names the variable and shows no secret."""
    (found,) = problems(**{name: value})

    assert problem in found
    assert found.startswith("PASSGATE_")
    assert "hunter2" not in found


def test_a_named_provider_needs_its_settings() -> None:
    """All that is missing is said at once, by the names of the variables."""
    assert problems(SMS_PROVIDERS="vonage,twilio", TWILIO_ACCOUNT="AC1") == [
        "PASSGATE_VONAGE_API_KEY is missing, and PASSGATE_SMS_PROVIDERS names vonage",
        "PASSGATE_VONAGE_API_SECRET is missing, and PASSGATE_SMS_PROVIDERS names vonage",
        "PASSGATE_VONAGE_SIGNATURE_SECRET is missing, and PASSGATE_SMS_PROVIDERS names vonage",
        "PASSGATE_TWILIO_TOKEN is missing, and PASSGATE_SMS_PROVIDERS names twilio",
    ]


def test_a_mail_password_never_travels_in_the_clear() -> None:
    """A relay without a password may be plain, a log-in may not."""
    plain = {"MAIL_FROM": "cards@example.com", "MAIL_URL": "smtp://relay"}
    assert read_settings(COMPLETE | {f"PASSGATE_{k}": v for k, v in plain.items()}).mail_url
    (found,) = problems(**plain | {"MAIL_URL": "smtp://user:hunter2@relay"})
    assert found == "PASSGATE_MAIL_URL must not send a password without TLS in production"
    (found,) = problems(**plain | {"MAIL_URL": "https://user:hunter2@relay"})
    assert found.startswith("PASSGATE_MAIL_URL must look like smtp://")
    assert "hunter2" not in found


def test_text_messages_are_off_and_local_until_somebody_says_otherwise() -> None:
    """Nothing is sent by default, and never to a country nobody thought of."""
    settings = read_settings(COMPLETE)
    assert settings.sms_providers == ()
    assert len(settings.sms_countries) == 32
    assert {"LU", "CH", "GB", "NO"} < settings.sms_countries


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "names an empty file"), (b"\xff", "cannot be read: UnicodeDecodeError")],
)
def test_a_bad_secret_file_is_named(tmp_path: Path, content: bytes, problem: str) -> None:
    """An unusable file is named by its variable, not quoted."""
    path = tmp_path / "url"
    path.write_bytes(content)

    found = problems(REDIS_URL=None, REDIS_URL_FILE=str(path))

    assert found[0] == f"PASSGATE_REDIS_URL_FILE {problem}"


def test_a_missing_secret_file_is_named() -> None:
    """A secret that was not mounted is found at start."""
    found = problems(REDIS_URL=None, REDIS_URL_FILE="/nowhere/url")

    assert found == ["PASSGATE_REDIS_URL_FILE cannot be read: FileNotFoundError"]


def test_an_empty_variable_is_a_missing_one() -> None:
    """Compose files hand on unset variables as empty ones."""
    assert problems(PUBLIC_URL=" ") == ["PASSGATE_PUBLIC_URL is missing"]


def test_the_representation_shows_no_secret() -> None:
    """Settings may end up in a log or a traceback."""
    shown = repr(read_settings(COMPLETE))

    assert "hunter2" not in shown
    assert repr(bytes(range(32))) not in shown
    assert "https://cards.example.com" in shown


def test_settings_cannot_be_changed() -> None:
    """What was checked at start stays as it was."""
    settings: Settings = read_settings(COMPLETE)

    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
