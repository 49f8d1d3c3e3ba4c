"""The command line: what a person types, and what they read when it does not work."""

import re
from pathlib import Path

import pytest
from click.testing import Result

from gateway.services.people.api_keys import read_api_key
from tests.commands import passgate, settings_of
from tests.database import Database

COMMANDS = ("run", "serve", "work", "sandbox", "migrate", "seed", "certs", "doctor")
FOUND = (
    "merchant",
    "create",
    "--slug=cafe",
    "--name=Café",
    "--location=Centre",
    "--owner-name=Claire",
    "--owner-mail=Claire@Example.com",
)
PASSWORD = "correct horse battery"


@pytest.fixture
def settings(database: Database) -> dict[str, str]:
    """An installation's settings, on this test's database."""
    return settings_of(database)


def test_help_names_every_command_and_how_to_begin() -> None:
    """One screen, with what to type first."""
    shown = passgate("--help")

    assert shown.exit_code == 0
    assert "passgate run" in shown.output
    for command in (*COMMANDS, "merchant", "api-key"):
        assert re.search(rf"^  {command}\s", shown.output, re.MULTILINE), command


@pytest.mark.parametrize("command", [*(name for name in COMMANDS if name != "run"), "merchant"])
def test_each_command_explains_itself(command: str) -> None:
    """In a sentence at least."""
    shown = passgate(command, "--help")

    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) >= 5


@pytest.mark.parametrize("command", ["serve", "work", "migrate", "seed"])
def test_a_command_without_settings_says_which_are_missing(command: str) -> None:
    """All of them at once, and no stack."""
    refused = passgate(command)

    assert refused.exit_code == 1
    assert "PASSGATE_DATABASE_URL is missing" in refused.output
    assert "PASSGATE_SECRET_KEY is missing" in refused.output
    assert "Traceback" not in refused.output


def test_a_database_that_is_away_is_said_so_without_its_password(
    settings: dict[str, str],
) -> None:
    """In one line that points at the doctor."""
    settings["PASSGATE_DATABASE_URL"] = "postgresql://someone:hidden@127.0.0.1:1/none"

    refused = passgate(
        "api-key", "create", "--merchant=a", "--name=b", "--scope=all", settings=settings
    )

    assert refused.exit_code == 1
    assert "passgate doctor" in refused.output
    assert "hidden" not in refused.output


def test_migrating_twice_changes_nothing(settings: dict[str, str]) -> None:
    """A deployment may always begin with it."""
    migrated = passgate("migrate", settings=settings)

    assert migrated.exit_code == 0
    assert "stands at" in migrated.output


def test_migrating_needs_the_owner_of_the_tables(settings: dict[str, str]) -> None:
    """The services' own role cannot, and the message says whose can."""
    del settings["PASSGATE_OWNER_DATABASE_URL"]

    refused = passgate("migrate", settings=settings)

    assert refused.exit_code == 1
    assert "PASSGATE_OWNER_DATABASE_URL" in refused.output


def test_a_merchant_is_founded_once(settings: dict[str, str]) -> None:
    """The password is asked for twice and never shown."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"

    founded = passgate(*FOUND, settings=settings, typed=typed)
    again = passgate(*FOUND, settings=settings, typed=typed)

    assert founded.exit_code == 0, founded.output
    assert PASSWORD not in founded.output
    assert again.exit_code == 1
    assert "already" in again.output


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("--slug=Not A Slug", "letters"),
        ("--time-zone=Mars/Olympus", "time zone"),
        ("--cutoff-hour=23", "between 0:00 and 12:00"),
        ("--name=Caf=?utf-8?q?=0ABcc:_a=40b.example?=", "control"),
        ("--name=Café\r\nBcc: a@b.example", "control"),
        ("--name=Café \u202eknaB", "control"),
        ("--name= ", "control"),
    ],
)
def test_a_merchant_that_cannot_be_is_refused_in_a_sentence(
    settings: dict[str, str], change: str, sentence: str
) -> None:
    """As a person reads it."""
    refused = passgate(*FOUND, change, settings=settings, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert refused.exit_code == 1
    assert sentence in refused.output


def test_a_short_password_is_refused(settings: dict[str, str], tmp_path: Path) -> None:
    """Also when it comes in a file."""
    file = tmp_path / "password"
    file.write_text("short\n")

    refused = passgate(*FOUND, f"--password-file={file}", settings=settings)

    assert refused.exit_code == 1
    assert "12 characters" in refused.output


def test_google_wallet_is_set_up_once(settings: dict[str, str]) -> None:
    """The same issuer again changes nothing; another one, or no number, is refused."""
    passgate(*FOUND, settings=settings, typed=f"{PASSWORD}\n{PASSWORD}\n")
    issuers = ("3388000000012345678", "3388000000012345678", "3388000000099999999", "../x")
    words = [("merchant", "google", "--merchant=cafe", f"--issuer={each}") for each in issuers]
    first, again, other, none = (passgate(*each, settings=settings) for each in words)

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert "Café's cards go to Google Wallet" in first.output
    assert other.exit_code == 1
    assert "under issuer 3388000000012345678 already" in other.output
    assert none.exit_code == 1
    assert "is a number" in none.output


def test_a_sender_of_texts_is_one_merchants(settings: dict[str, str]) -> None:
    """What another has, or no network takes, is refused; taken away it is free again."""
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    passgate(*FOUND, settings=settings, typed=typed)
    passgate(*FOUND, "--slug=bar", settings=settings, typed=typed)

    def assign(slug: str, *words: str) -> Result:
        return passgate("merchant", "sms-sender", f"--merchant={slug}", *words, settings=settings)

    given, other = assign("cafe", "--sender=+352621123456"), assign("bar", "--sender=Bar")
    stolen = assign("bar", "--sender=+352621123456")
    wrong = [assign("bar", f"--sender={each}") for each in ("+0352621", "12345", "Ünïcode", "")]
    wrong += [assign("bar"), assign("bar", "--none", "--sender=Bar 2")]
    freed, moved = assign("cafe", "--none"), assign("bar", "--sender=+352621123456")

    assert {each.exit_code for each in (given, other, freed, moved)} == {0}, moved.output
    assert "text messages come from +352621123456" in given.output
    assert "Another merchant sends under this number or name." in stolen.output
    assert {each.exit_code for each in (stolen, *wrong)} == {1}


def test_a_key_is_made_shown_once_and_revoked(settings: dict[str, str]) -> None:
    """By the whole key, or by what is left of it without the secret."""
    passgate(*FOUND, settings=settings, typed=f"{PASSWORD}\n{PASSWORD}\n")
    made = passgate(
        "api-key",
        "create",
        "--merchant=cafe",
        "--name=Till software",
        "--scope=cards:read",
        "--scope=stamps:write",
        settings=settings,
    )
    key = made.output.strip()
    assert read_api_key(key) is not None

    revoked = passgate("api-key", "revoke", key.rpartition("_")[0], settings=settings)
    again = passgate("api-key", "revoke", key, settings=settings)

    assert revoked.output.strip() == "Revoked."
    assert "nothing was changed" in again.output


def test_a_demo_is_never_filled_into_production(settings: dict[str, str]) -> None:
    """Its passwords are printed in the README."""
    settings |= {"PASSGATE_ENVIRONMENT": "production", "PASSGATE_PUBLIC_URL": "https://c.example"}

    refused = passgate("seed", settings=settings)

    assert refused.exit_code == 1
    assert "no place in production" in refused.output


def test_development_certificates_are_made_and_kept(tmp_path: Path) -> None:
    """The second time nothing is made anew."""
    first = passgate("certs", f"--folder={tmp_path}")
    made = {path: path.read_bytes() for path in tmp_path.rglob("*.pem")}
    passgate("certs", f"--folder={tmp_path}")

    assert first.exit_code == 0
    assert made
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.pem")} == made
