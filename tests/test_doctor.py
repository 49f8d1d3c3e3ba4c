"""The doctor finds each illness it is there for, and shows no secret while at it."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.doctor.examining import examine
from gateway.doctor.findings import Finding, Level, is_ill, table
from sandbox.apns.stand_in import ApnsStandIn, StandInIdentity
from sandbox.certificates import TEAM_IDENTIFIER
from sandbox.installation import DEMO_PASS_TYPE, write_apple_folder
from tests.database import Database
from tests.googles import ISSUER, make_key_file
from tests.shops import open_shop, opened

NOW = datetime.now(UTC)
AWAY = "postgresql://a:b@127.0.0.1:1/x"


@pytest.fixture
async def healthy(
    database: Database, redis_url: str, tmp_path: Path
) -> AsyncIterator[dict[str, str]]:
    """Everything an installation needs, and it is well."""
    chain = write_apple_folder(tmp_path)
    async with opened(database.app_dsn) as ready:
        shop = await open_shop(ready)
    superuser = await asyncpg.connect(database.superuser_dsn)
    await superuser.execute(
        "INSERT INTO apple_pass_types VALUES ($1, $2, $3, 'Shop')",
        shop.merchant_id,
        DEMO_PASS_TYPE,
        TEAM_IDENTIFIER,
    )
    await superuser.execute("INSERT INTO google_issuers VALUES ($1, $2)", shop.merchant_id, ISSUER)
    await superuser.close()
    make_key_file(tmp_path / "google", "http://127.0.0.1:1")
    identity = StandInIdentity(chain.server_certificate, chain.server_key, (chain.root,))
    async with ApnsStandIn(identity) as apns:
        yield {
            "PASSGATE_ENVIRONMENT": "development",
            "PASSGATE_PUBLIC_URL": "http://127.0.0.1:8080",
            "PASSGATE_DATABASE_URL": database.app_dsn,
            "PASSGATE_WORKER_DATABASE_URL": database.worker_dsn,
            "PASSGATE_REDIS_URL": redis_url,
            "PASSGATE_SECRET_KEY": base64.b64encode(b"s" * 32).decode(),
            "PASSGATE_PIN_PEPPER": base64.b64encode(b"p" * 32).decode(),
            "PASSGATE_APPLE_FOLDER": str(tmp_path / "apple"),
            "PASSGATE_APNS_URL": f"https://127.0.0.1:{apns.port}",
            "PASSGATE_APNS_CA": str(chain.root),
            "PASSGATE_GOOGLE_FOLDER": str(tmp_path / "google"),
            "PASSGATE_GOOGLE_URL": "http://127.0.0.1:1",
        }


def worst(findings: list[Finding], subject: str) -> Finding:
    """Return the most alarming thing said about a subject."""
    order = [Level.WELL, Level.SOON, Level.ILL]
    about = [finding for finding in findings if finding.subject == subject]
    return max(about, key=lambda finding: order.index(finding.level))


async def test_a_healthy_installation_is_told_so(healthy: dict[str, str]) -> None:
    """Every part is looked at and nothing is complained about."""
    findings = await examine(healthy, datetime.now(UTC))

    assert [each for each in findings if each.level is not Level.WELL] == []
    assert {each.subject for each in findings} == {
        "settings",
        "database",
        "worker's database",
        "redis",
        DEMO_PASS_TYPE,
        "apns",
        ISSUER,
        "google",
    }


async def test_no_secret_is_ever_shown(healthy: dict[str, str], database: Database) -> None:
    """Neither when all is well nor when nothing answers."""
    secrets = {"test-app", "test-worker", "test-owner", healthy["PASSGATE_SECRET_KEY"]}
    broken = healthy | {
        "PASSGATE_DATABASE_URL": "postgresql://user:hidden-1@127.0.0.1:1/x",
        "PASSGATE_WORKER_DATABASE_URL": database.app_dsn.replace("test-app", "hidden-2"),
        "PASSGATE_REDIS_URL": "redis://:hidden-3@127.0.0.1:1/0",
    }

    for variables in (healthy, broken):
        shown = table(await examine(variables, datetime.now(UTC)))
        assert not [each for each in (*secrets, "hidden") if each in shown]


@pytest.mark.parametrize(
    ("change", "subject", "level", "sentence"),
    [
        ({"PASSGATE_PORT": "x"}, "settings", Level.ILL, "PASSGATE_PORT"),
        (
            {"PASSGATE_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"},
            "database",
            Level.ILL,
            "127.0.0.1:1",
        ),
        ({"PASSGATE_REDIS_URL": "redis://127.0.0.1:1/0"}, "redis", Level.SOON, "stamps go on"),
        ({"PASSGATE_APNS_URL": "https://127.0.0.1:1"}, "apns", Level.ILL, "cannot be reached"),
        ({"PASSGATE_APNS_CA": ""}, "apns", Level.ILL, "SSLCertVerificationError"),
        ({"PASSGATE_APPLE_FOLDER": ""}, "apple", Level.ILL, "not set"),
        ({"PASSGATE_GOOGLE_FOLDER": ""}, "google", Level.ILL, "not set"),
    ],
)
async def test_what_is_wrong_is_named(
    healthy: dict[str, str], change: dict[str, str], subject: str, level: Level, sentence: str
) -> None:
    """Settings, servers, the push service and the certificates."""
    finding = worst(await examine(healthy | change, datetime.now(UTC)), subject)

    assert finding.level is level
    assert sentence in finding.sentence


async def test_a_role_that_sees_all_merchants_is_trouble(
    healthy: dict[str, str], database: Database
) -> None:
    """The owner or a superuser would serve without row-level security."""
    changed = healthy | {"PASSGATE_DATABASE_URL": database.superuser_dsn}

    finding = worst(await examine(changed, datetime.now(UTC)), "database")

    assert finding.level is Level.ILL
    assert "row-level security" in finding.sentence


async def test_a_certificate_that_ends_is_announced_in_time(healthy: dict[str, str]) -> None:
    """Thirty days before, and as trouble once it has ended."""
    soon, late = NOW + timedelta(days=380), NOW + timedelta(days=400)

    before = worst(await examine(healthy, soon), DEMO_PASS_TYPE)
    after = worst(await examine(healthy, late), DEMO_PASS_TYPE)

    assert (before.level, after.level) == (Level.SOON, Level.ILL)
    assert "ends on" in before.sentence
    assert "ended on" in after.sentence


async def test_a_clock_that_is_wrong_is_noticed(healthy: dict[str, str]) -> None:
    """Tokens and signatures depend on it."""
    finding = worst(await examine(healthy, datetime.now(UTC) + timedelta(seconds=30)), "clock")

    assert finding.level is Level.ILL


async def test_a_pass_type_without_its_certificate_is_trouble(
    healthy: dict[str, str], tmp_path: Path
) -> None:
    """Missing, or of somebody else."""
    mine = tmp_path / "apple" / DEMO_PASS_TYPE
    mine.rename(tmp_path / "apple" / "pass.com.example.other")

    findings = await examine(healthy, datetime.now(UTC))

    assert "no certificate" in worst(findings, DEMO_PASS_TYPE).sentence
    other = worst(findings, "pass.com.example.other")
    assert (other.level, other.sentence) == (
        Level.ILL,
        f"holds the certificate of {DEMO_PASS_TYPE}",
    )


async def test_a_service_account_that_is_missing_unused_or_broken_is_named(
    healthy: dict[str, str], tmp_path: Path
) -> None:
    """By its issuer, without a word of the key."""
    other = "3388000000099999999"
    (tmp_path / "google" / ISSUER).rename(tmp_path / "google" / other)
    findings = await examine(healthy, datetime.now(UTC))
    (tmp_path / "google" / other / "service-account.json").write_text('{"private_key": "hidden"}')
    broken = worst(await examine(healthy, datetime.now(UTC)), other)

    missing, unused = worst(findings, ISSUER), worst(findings, other)
    assert (missing.level, "no service-account.json" in missing.sentence) == (Level.ILL, True)
    assert (unused.level, "no merchant uses it" in unused.sentence) == (Level.SOON, True)
    assert (broken.level, "unusable" in broken.sentence) == (Level.ILL, True)
    assert "hidden" not in broken.sentence


async def test_partitions_that_run_out_are_noticed(healthy: dict[str, str]) -> None:
    """Months before a stamp could not be written any more."""
    finding = worst(await examine(healthy, NOW + timedelta(days=120)), "database")

    assert "partition" in finding.sentence


def test_trouble_is_an_exit_code() -> None:
    """So that a deployment can depend on it."""
    shown = CliRunner().invoke(main, ["doctor"], env={})

    assert shown.exit_code == 1
    assert "TROUBLE" in shown.output
    assert not is_ill([Finding(Level.SOON, "redis", "x")])
