"""The development installation in one folder: its secrets, ports and settings, kept for ever."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from gateway.storage.server import roles
from sandbox.certificates import DevelopmentChain, write_development_chain
from sandbox.google.accounts import write_development_account
from sandbox.sms.accounts import TWILIO_ACCOUNT, VONAGE_API_KEY, accounts_of

DATABASE = "passgate"
DEMO_PASS_TYPE = "pass.dev.passgate.demo"  # noqa: S105 - a name, not a password
MAIL_FROM = "cards@passgate.example.org"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the processes and stand-ins listen on loopback."""

    web: int = 8080
    sandbox: int = 8090
    apns: int = 8443
    google: int = 8444
    mail: int = 8025
    sms: int = 8446


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the installation drew by lot on its first start."""

    secret_key: str = field(repr=False)
    pin_pepper: str = field(repr=False)
    passwords: roles.RolePasswords = field(repr=False)


def open_secrets(folder: Path) -> Secrets:
    """Return the folder's secrets, drawn on first use and readable by their owner only."""
    path = folder / "secrets.json"
    if not path.exists():
        path.touch(mode=0o600)
        names = ("secret_key", "pin_pepper", "owner", "app", "worker")
        path.write_text(json.dumps({name: _draw() for name in names}))
    kept = json.loads(path.read_text())
    return Secrets(
        secret_key=kept["secret_key"],
        pin_pepper=kept["pin_pepper"],
        passwords=roles.RolePasswords(owner=kept["owner"], app=kept["app"], worker=kept["worker"]),
    )


def role_url(superuser_url: str, role: str, password: str) -> str:
    """Return the URL by which a role reaches our database on the superuser's server."""
    server = urlsplit(superuser_url)
    place = f"{role}:{password}@{server.hostname}:{server.port}"
    return urlunsplit(("postgresql", place, f"/{DATABASE}", "", ""))


def write_apple_folder(folder: Path) -> DevelopmentChain:
    """Make the development chain and lay it out as PASSGATE_APPLE_FOLDER expects it."""
    chain = write_development_chain(folder / "certificates", [DEMO_PASS_TYPE], datetime.now(UTC))
    mine = folder / "apple" / DEMO_PASS_TYPE
    mine.mkdir(mode=0o700, parents=True, exist_ok=True)
    for source, target in (
        (chain.pass_certificate(DEMO_PASS_TYPE), mine / "certificate.pem"),
        (chain.pass_key(DEMO_PASS_TYPE), mine / "key.pem"),
        (chain.intermediate, mine.parent / "intermediate.pem"),
    ):
        target.touch(mode=0o600)
        target.write_bytes(source.read_bytes())
    return chain


def open_google_folder(folder: Path, ports: Ports) -> Path:
    """Return the PASSGATE_GOOGLE_FOLDER, its service account made on first use."""
    google = folder / "google"
    write_development_account(google, f"http://127.0.0.1:{ports.google}/token")
    return google


def child_variables(
    inherited: Mapping[str, str], folder: Path, ports: Ports, urls: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of our processes: ours instead of whatever PASSGATE_* was set.

    `urls` holds the addresses of the servers by the names of their settings.
    """
    kept = open_secrets(folder)
    settings = {
        "ENVIRONMENT": "development",
        "PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
        "PORT": str(ports.web),
        "SANDBOX_URL": f"http://127.0.0.1:{ports.sandbox}",
        "SECRET_KEY": kept.secret_key,
        "PIN_PEPPER": kept.pin_pepper,
        "APPLE_FOLDER": str(folder / "apple"),
        "APNS_URL": f"https://127.0.0.1:{ports.apns}",
        "APNS_CA": str(DevelopmentChain(folder / "certificates").root),
        "GOOGLE_FOLDER": str(open_google_folder(folder, ports)),
        "GOOGLE_URL": f"http://127.0.0.1:{ports.google}",
        "GOOGLE_KEYS_URL": f"http://127.0.0.1:{ports.google}/gp/m/issuer/keys",
        "GOOGLE_SAVE_URL": f"http://127.0.0.1:{ports.sandbox}/gp/v/save/",
        "MAIL_URL": f"smtp://127.0.0.1:{ports.mail}",
        "MAIL_FROM": MAIL_FROM,
        **_sms_settings(kept.secret_key, ports),
        **urls,
    }
    others = {name: value for name, value in inherited.items() if not name.startswith("PASSGATE_")}
    return others | {f"PASSGATE_{name}": value for name, value in settings.items()}


def _sms_settings(secret_key: str, ports: Ports) -> dict[str, str]:
    """Return both providers' accounts, as the stand-in derives them."""
    accounts, url = accounts_of(secret_key), f"http://127.0.0.1:{ports.sms}"
    return {
        "SMS_PROVIDERS": "twilio,vonage",
        "TWILIO_URL": url,
        "TWILIO_ACCOUNT": TWILIO_ACCOUNT,
        "TWILIO_TOKEN": accounts.twilio_token,
        "VONAGE_URL": url,
        "VONAGE_API_KEY": VONAGE_API_KEY,
        "VONAGE_API_SECRET": accounts.vonage_api_secret,
        "VONAGE_SIGNATURE_SECRET": accounts.vonage_signature_secret,
    }


def _draw() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
