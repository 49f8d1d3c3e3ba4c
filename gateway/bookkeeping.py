"""The auditor's commands: examine, verify, export and rebuild a merchant's ledger, and report."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import msgspec

from gateway.console import Failure, run_until_done, with_resources
from gateway.presenters.ledger_lines import Line, read, written
from gateway.presenters.report_tables import report_table
from gateway.resources import Resources
from gateway.services.ledger.checkpointing import make_checkpoint
from gateway.services.ledger.exporting import export_lines, verify_lines
from gateway.services.ledger.reporting import report
from gateway.services.ledger.signing import Signer
from gateway.services.ledger.verifying import Verdict, verify_live
from gateway.storage.unit import Unit

merchant_option = click.option("--merchant", "slug", required=True, help="Its name in addresses.")


@click.group("ledger")
def ledger() -> None:
    """A merchant's ledger: is it whole, is it what was written, what does it say."""


@ledger.command("invariants")
@merchant_option
def look_at_invariants(slug: str) -> None:
    """Look for anything that must never be; exits with 1 when there is something."""

    async def look(unit: Unit) -> None:
        _tell(await unit.audits.violations(), "Every invariant holds.")

    _with_unit(slug, look)


@ledger.command("verify")
@click.option("--merchant", "slug", help="Its name in addresses: verify the live database.")
@click.option(
    "--export", "source", type=click.File("rb"), help="Verify an export, without any server."
)
def verify_ledger(slug: str | None, source: IO[bytes] | None) -> None:
    """Verify chains and signed checkpoints; exits with 1 when anything was altered or cut.

    \b
    passgate ledger verify --merchant cafe-lumiere
    passgate ledger verify --export ledger.jsonl
    """  # noqa: D301 - click's mark for lines to leave alone
    if source is not None:
        _pronounce(run_until_done(verify_lines(_lines(source))))
        return
    if slug is None:
        raise Failure("Please give either --merchant or --export.")

    async def verify(unit: Unit) -> None:
        _pronounce(await verify_live(unit))

    _with_unit(slug, verify)


@ledger.command("export")
@merchant_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_ledger(slug: str, file: Path) -> None:
    """Write a merchant's ledger to FILE as lines of JSON, with nothing personal in it."""

    async def export(unit: Unit) -> None:
        with file.open("wb") as target:
            async for line in export_lines(unit):
                target.write(written(line))
        click.echo(f"{file}")

    _with_unit(slug, export)


@ledger.command("checkpoint")
@merchant_option
def sign_checkpoint(slug: str) -> None:
    """Sign what grew since the last checkpoint, as the worker does each hour."""

    async def sign(resources: Resources, unit: Unit) -> None:
        signed = await make_checkpoint(unit, Signer.of(resources.keys.checkpoints))
        click.echo(f"Checkpoint {signed.checkpoint.number}." if signed else "Nothing grew.")

    _with_both(slug, sign)


@ledger.command("rebuild")
@merchant_option
@click.option("--check", is_flag=True, help="Change nothing, and exit with 1 when it would.")
def rebuild_ledger(slug: str, *, check: bool) -> None:
    """Compute anew, from the transactions, everything that is kept for speed."""

    async def rebuild(unit: Unit) -> None:
        if check:
            _tell(await unit.audits.differences(), "Every projection is what it should be.")
            return
        for name, rows in (await unit.audits.rebuild()).items():
            click.echo(f"{name}: {rows} changed")

    _with_unit(slug, rebuild)


@ledger.command("report")
@merchant_option
@click.option("--program", "program_id", type=click.UUID, required=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day after the last."
)
def report_program(slug: str, program_id: UUID, since: datetime, until: datetime) -> None:
    """Tell what a program issued, redeemed and owes, and how each number is computed.

    Days begin at midnight where the merchant is.

    \b
    passgate ledger report --merchant cafe-lumiere --program 0192f0c1-… \\
        --since 2026-01-01 --until 2026-04-01
    """  # noqa: D301 - click's mark for lines to leave alone

    async def tell(unit: Unit) -> None:
        zone = ZoneInfo(await unit.merchants.time_zone())
        begin, end = since.replace(tzinfo=zone), until.replace(tzinfo=zone)
        found = await report(unit, program_id, begin, end)
        columns = [(each.flow, each.valuation) for each in found.units]
        currency = found.program.version.plan.currency
        click.echo(report_table(columns, found.deadlines, currency))

    _with_unit(slug, tell)


def _lines(source: IO[bytes]) -> Iterator[Line]:
    for number, line in enumerate(source, start=1):
        try:
            yield read(line)
        except msgspec.DecodeError as error:
            raise Failure(f"Line {number} is not a line of an export: {error}") from None


def _pronounce(verdict: Verdict) -> None:
    click.echo(
        f"{verdict.cards} cards, {verdict.transactions} transactions, "
        f"{verdict.checkpoints} checkpoints"
    )
    for key in sorted(verdict.keys):
        click.echo(f"signed with {key}")
    _tell(verdict.faults, "The ledger is what was written.")


def _tell(sentences: list[str], all_is_well: str) -> None:
    for sentence in sentences:
        click.echo(sentence)
    if sentences:
        sys.exit(1)
    click.echo(all_is_well)


def _with_unit(slug: str, work: Callable[[Unit], Awaitable[None]]) -> None:
    async def do(_resources: Resources, unit: Unit) -> None:
        await work(unit)

    _with_both(slug, do)


def _with_both(slug: str, work: Callable[[Resources, Unit], Awaitable[None]]) -> None:
    async def do(resources: Resources) -> None:
        async with resources.database.directory() as directory:
            merchant = await directory.merchant(slug)
        async with resources.database.patient(merchant.id) as unit:
            await work(resources, unit)

    with_resources(do)
