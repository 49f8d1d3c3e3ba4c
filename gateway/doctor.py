"""Says what is configured, what expires and what cannot be reached."""

import asyncio
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.apple_folder import AppleFolder, SignerMissing
from gateway.settings import Settings, SettingsError, read_settings
from gateway.storage.database import OUTAGES
from gateway.storage.people.merchants import PassType
from gateway.storage.server.examining import (
    LOOKS_LIKE_ANOTHER_DATABASE,
    DatabaseFacts,
    examine_database,
)
from gateway.storage.server.migrating import newest_revision
from passes.apple.signing.signer import Signer
from passes.errors import UnusableSigner

REACH_SECONDS_MAX = 5.0
CLOCK_SKEW_MAX = timedelta(seconds=2)
ROOM_MONTHS_MIN = 1
MONTHS_A_YEAR = 12
NEEDED_POLICY = "noeviction"
APPLE = "Apple Inc."
HTTPS_PORT = 443


class Level(StrEnum):
    """How bad a finding is."""

    WELL = "ok"
    SOON = "soon"
    ILL = "TROUBLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how it is."""

    level: Level
    subject: str
    sentence: str


async def examine(variables: Mapping[str, str], now: datetime) -> list[Finding]:
    """Look at everything an installation depends on; nothing found holds a secret.

    `variables` is the environment.
    """
    try:
        settings = read_settings(variables)
    except SettingsError as wrong:
        return [Finding(Level.ILL, "settings", line.strip()) for line in _lines(wrong)]
    database, redis, apns = await asyncio.gather(
        _database(settings, now), _redis(settings), _apns(settings)
    )
    findings, pass_types = database
    return [
        Finding(Level.WELL, "settings", f"complete, for {settings.environment}"),
        *findings,
        *redis,
        *_apple(settings, pass_types, now),
        *apns,
    ]


def is_ill(findings: Iterable[Finding]) -> bool:
    """Say whether something needs attention before customers notice."""
    return any(finding.level is Level.ILL for finding in findings)


def table(findings: Iterable[Finding]) -> str:
    """Return the findings as lines a person can read down."""
    lines = list(findings)
    width = max((len(finding.subject) for finding in lines), default=0)
    return "\n".join(
        f"{finding.level:<8}{finding.subject:<{width + 2}}{finding.sentence}" for finding in lines
    )


def _lines(wrong: SettingsError) -> list[str]:
    return str(wrong).splitlines()[1:]


async def _database(
    settings: Settings, now: datetime
) -> tuple[list[Finding], tuple[PassType, ...]]:
    findings: list[Finding] = []
    pass_types: tuple[PassType, ...] = ()
    for subject, url in (
        ("database", settings.database_url),
        ("worker's database", settings.worker_database_url),
    ):
        try:
            facts = await examine_database(url)
        except (*OUTAGES, LOOKS_LIKE_ANOTHER_DATABASE) as error:
            place = urlsplit(url)
            sentence = f"{place.hostname}:{place.port or 5432} does not let us in: {_kind(error)}"
            findings.append(Finding(Level.ILL, subject, sentence))
        else:
            pass_types = facts.pass_types
            findings += _about_database(subject, facts, now)
    return findings, pass_types


def _about_database(subject: str, facts: DatabaseFacts, now: datetime) -> Iterator[Finding]:
    newest = newest_revision()
    yield Finding(Level.WELL, subject, f"PostgreSQL {facts.version} answers")
    if facts.revision == newest:
        yield Finding(Level.WELL, subject, f"the schema is this version's, {newest}")
    else:
        sentence = (
            f"the schema is at {facts.revision or 'nothing'}, not {newest}: passgate migrate"
        )
        yield Finding(Level.ILL, subject, sentence)
    if facts.bypasses_row_security or facts.owns_tables:
        sentence = "this role is not held by row-level security: merchants are not kept apart"
        yield Finding(Level.ILL, subject, sentence)
    if facts.room_until is not None and _months_left(facts.room_until, now) < ROOM_MONTHS_MIN:
        sentence = f"there is no partition after {facts.room_until}: does a worker run?"
        yield Finding(Level.ILL, subject, sentence)
    skew = abs(facts.clock - now)
    if skew > CLOCK_SKEW_MAX:
        sentence = (
            f"this machine's clock and the database's are {skew.total_seconds():.0f} s apart"
        )
        yield Finding(Level.ILL, "clock", sentence)


def _months_left(last_month: str, now: datetime) -> int:
    year, month = (int(part) for part in last_month.split("-"))
    return (year - now.year) * MONTHS_A_YEAR + month - now.month


async def _redis(settings: Settings) -> list[Finding]:
    try:
        async with (
            asyncio.timeout(REACH_SECONDS_MAX),
            Redis.from_url(settings.redis_url, decode_responses=True) as redis,
        ):
            await redis.ping()
            policy = await _policy(redis)
    except (RedisError, OSError, TimeoutError) as error:
        sentence = f"does not answer ({_kind(error)}): stamps go on, workers look by themselves"
        return [Finding(Level.SOON, "redis", sentence)]
    if policy not in {NEEDED_POLICY, None}:
        sentence = f"maxmemory-policy is {policy}; it must be {NEEDED_POLICY}, or bells are lost"
        return [Finding(Level.ILL, "redis", sentence)]
    return [Finding(Level.WELL, "redis", "answers" + (f", policy {policy}" if policy else ""))]


async def _policy(redis: Redis) -> str | None:
    """Return the eviction policy, or None where the server does not tell."""
    try:
        told = await redis.config_get("maxmemory-policy")
    except RedisError:
        return None
    return str(told["maxmemory-policy"]) if told else None


def _apple(
    settings: Settings, pass_types: tuple[PassType, ...], now: datetime
) -> Iterator[Finding]:
    folder = settings.apple_folder
    if folder is None:
        level = Level.ILL if pass_types else Level.SOON
        yield Finding(level, "apple", "PASSGATE_APPLE_FOLDER is not set: no Apple Wallet")
        return
    merchants_own = {pass_type.identifier: pass_type for pass_type in pass_types}
    signers = AppleFolder(folder)
    for identifier in sorted({*merchants_own, *_names(folder)}):
        own = merchants_own.get(identifier)
        yield from _about_pass_type(signers, identifier, own, settings, now)


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.is_dir()]


def _about_pass_type(
    signers: AppleFolder,
    identifier: str,
    own: PassType | None,
    settings: Settings,
    now: datetime,
) -> Iterator[Finding]:
    try:
        signer = signers.signer(identifier)
    except SignerMissing:
        yield Finding(Level.ILL, identifier, "a merchant uses it, and there is no certificate")
        return
    except UnusableSigner as unusable:
        yield Finding(Level.ILL, identifier, str(unusable))
        return
    issuer = signer.intermediate.subject.rfc4514_string()
    if settings.is_production and APPLE not in issuer:
        yield Finding(Level.ILL, identifier, f"no phone trusts its issuer, {issuer}")
    yield from _about_owner(signer, identifier, own)
    yield from _about_life(signer, identifier, now)


def _about_owner(signer: Signer, identifier: str, own: PassType | None) -> Iterator[Finding]:
    if signer.pass_type_identifier != identifier:
        sentence = f"holds the certificate of {signer.pass_type_identifier}"
        yield Finding(Level.ILL, identifier, sentence)
    if own is None:
        yield Finding(Level.SOON, identifier, "no merchant uses it")
    elif own.team_identifier != signer.team_identifier:
        sentence = f"belongs to team {signer.team_identifier}, not {own.team_identifier}"
        yield Finding(Level.ILL, identifier, sentence)


def _about_life(signer: Signer, identifier: str, now: datetime) -> Iterator[Finding]:
    for warning in signer.expiry_warnings(now):
        level = Level.SOON if warning.days_left >= 0 else Level.ILL
        yield Finding(level, identifier, warning.sentence)
    if signer.not_after > now:
        sentence = f"team {signer.team_identifier}, good until {signer.not_after:%Y-%m-%d}"
        yield Finding(Level.WELL, identifier, sentence)


async def _apns(settings: Settings) -> list[Finding]:
    """Shake hands with APNs, as far as one can without a push."""
    place = urlsplit(settings.apns_url)
    context = ssl.create_default_context(cafile=settings.apns_ca)
    context.set_alpn_protocols(["h2"])
    try:
        async with asyncio.timeout(REACH_SECONDS_MAX):
            _, writer = await asyncio.open_connection(
                place.hostname, place.port or HTTPS_PORT, ssl=context
            )
    except (OSError, TimeoutError) as error:
        sentence = f"{place.hostname} cannot be reached: {_kind(error)}"
        return [Finding(Level.ILL, "apns", sentence)]
    protocol = writer.get_extra_info("ssl_object").selected_alpn_protocol()
    writer.close()
    if protocol != "h2":
        sentence = f"{place.hostname} does not speak HTTP/2: is something in between?"
        return [Finding(Level.ILL, "apns", sentence)]
    return [Finding(Level.WELL, "apns", f"{place.hostname} shakes hands over HTTP/2")]


def _kind(error: BaseException) -> str:
    """Name an error without its text, which may quote an address with a password."""
    return type(error).__name__
