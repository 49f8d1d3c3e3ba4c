"""Looks at everything an installation depends on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from gateway.doctor.apple import examine_apple
from gateway.doctor.findings import Finding, Level, kind_of
from gateway.doctor.google import examine_google
from gateway.doctor.servers import examine_apns, examine_redis
from gateway.settings import Settings, SettingsError, read_settings
from gateway.storage.database import OUTAGES
from gateway.storage.server.examining import (
    LOOKS_LIKE_ANOTHER_DATABASE,
    DatabaseFacts,
    GoogleProgram,
    examine_database,
)
from gateway.storage.server.migrating import newest_revision

AskGoogle = Callable[[Settings, Sequence[GoogleProgram]], Awaitable[list[Finding]]]

CLOCK_SKEW_MAX = timedelta(seconds=2)
ROOM_MONTHS_MIN = 1
MONTHS_A_YEAR = 12


async def examine(
    variables: Mapping[str, str], now: datetime, ask_google: AskGoogle | None = None
) -> list[Finding]:
    """Look at everything an installation depends on; nothing found holds a secret.

    `variables` is the environment. `ask_google` is called where Google itself may be asked.
    """
    try:
        settings = read_settings(variables)
    except SettingsError as wrong:
        return [Finding(Level.ILL, "settings", line.strip()) for line in _lines(wrong)]
    database, redis, apns = await asyncio.gather(
        _database(settings, now), examine_redis(settings), examine_apns(settings)
    )
    findings, facts = database
    programs = facts.google_programs if facts else ()
    told = await ask_google(settings, programs) if ask_google and settings.google_folder else []
    return [
        Finding(Level.WELL, "settings", f"complete, for {settings.environment}"),
        *findings,
        *redis,
        *examine_apple(settings, facts.pass_types if facts else (), now),
        *examine_google(settings, programs),
        *told,
        *apns,
    ]


def _lines(wrong: SettingsError) -> list[str]:
    return str(wrong).splitlines()[1:]


async def _database(
    settings: Settings, now: datetime
) -> tuple[list[Finding], DatabaseFacts | None]:
    findings: list[Finding] = []
    known: DatabaseFacts | None = None
    for subject, url in (
        ("database", settings.database_url),
        ("worker's database", settings.worker_database_url),
    ):
        try:
            facts = await examine_database(url)
        except (*OUTAGES, LOOKS_LIKE_ANOTHER_DATABASE) as error:
            place = urlsplit(url)
            sentence = (
                f"{place.hostname}:{place.port or 5432} does not let us in: {kind_of(error)}"
            )
            findings.append(Finding(Level.ILL, subject, sentence))
        else:
            known = facts
            findings += _about_database(subject, facts, now)
    return findings, known


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
