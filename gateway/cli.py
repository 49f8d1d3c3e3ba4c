"""The command line: every process and chore of an installation, as `passgate <command>`."""

import asyncio
import os
import sys
from pathlib import Path

import click

from gateway import app, bookkeeping, chores
from gateway.console import Failure, development, opened, run_until_done, settings_of_environment
from gateway.doctor.examining import examine
from gateway.doctor.findings import is_ill, table
from gateway.logs import configure_logs
from gateway.resources import now
from gateway.storage.server import migrating

FOLDER = Path(".data")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 99})
@click.version_option(package_name="passgate")
def main() -> None:
    """Loyalty cards that reach the phone.

    \b
    Try it on this machine:    passgate run
    In production:             passgate migrate && passgate serve     (and: passgate work)
    Something seems wrong:     passgate doctor

    Settings are environment variables that begin with PASSGATE_; `passgate doctor` says which
    are missing.
    """  # noqa: D301 - click's mark for lines to leave alone


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(arguments: tuple[str, ...]) -> None:
    """Run everything on this machine: servers, web, worker, sandbox, demo.

    Needs no setting and no database; the same as `make run`. Ports: `passgate run --help`.
    """
    with development():
        from sandbox.run import main as run_everything  # noqa: PLC0415
    run_everything(arguments)


@main.command()
def serve() -> None:
    """Serve the API, the pages and the devices until SIGTERM.

    Start as many as you like behind a balancer that asks /readyz.
    """
    settings = settings_of_environment()
    configure_logs(settings.log_level, process="web")
    run_until_done(app.run(settings))


@main.command()
def work() -> None:
    """Do what follows a change: push to phones and tidy up, until SIGTERM.

    Start as many as you like.
    """
    from workers.main import work as work_on  # noqa: PLC0415

    settings = settings_of_environment()
    configure_logs(settings.log_level, process="worker")
    run_until_done(work_on(settings))


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
@click.option("--port", "sandbox", default=8090, show_default=True)
@click.option("--apns-port", "apns", default=8443, show_default=True)
@click.option("--google-port", "google", default=8444, show_default=True)
@click.option("--mail-port", "mail", default=8025, show_default=True)
@click.option("--sms-port", "sms", default=8446, show_default=True)
def sandbox(folder: Path, **ports: int) -> None:
    """Serve phones in the browser, and stand-ins for Apple, Google, mail and text messages.

    `--folder` is where `passgate certs` has put the certificates.
    """
    settings = settings_of_environment()
    with development():
        from sandbox.installation import Ports  # noqa: PLC0415
        from sandbox.serving import serve_sandbox  # noqa: PLC0415

    async def serve_until_stopped() -> None:
        stop = app.stop_on_signals()
        await serve_sandbox(folder, Ports(**ports), settings.public_url, stop)

    configure_logs(settings.log_level, process="sandbox")
    run_until_done(serve_until_stopped())


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema, all or nothing.

    Needs PASSGATE_OWNER_DATABASE_URL, the role that owns the tables.
    """
    owner_url = settings_of_environment().owner_database_url
    if owner_url is None:
        raise Failure("PASSGATE_OWNER_DATABASE_URL is missing: only its role can migrate.")
    run_until_done(migrating.migrate(owner_url))
    click.echo(f"The database stands at {migrating.newest_revision()}.")


@main.command()
def seed() -> None:
    """Fill in a demo merchant and print its log-ins; a second time changes nothing."""
    settings = settings_of_environment()
    if settings.is_production:
        raise Failure("A demo merchant has well-known passwords; it has no place in production.")
    with development():
        from sandbox import demo  # noqa: PLC0415

    async def fill() -> str:
        async with opened(settings) as resources:
            return await demo.seed(resources)

    click.echo(run_until_done(fill()))


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
def certs(folder: Path) -> None:
    """Make development certificates shaped like Apple's; what is there and valid stays.

    Wallet trusts none of them. The real ones come from Apple's developer portal and belong into
    PASSGATE_APPLE_FOLDER.
    """
    with development():
        from sandbox.installation import write_apple_folder  # noqa: PLC0415
    chain = write_apple_folder(folder)
    click.echo(f"{chain.folder}  the chain, from the root to the server's\n{folder / 'apple'}")


@main.command()
@click.option("--live", is_flag=True, help="Also ask Google about each issuer, class and link.")
def doctor(*, live: bool) -> None:
    """Say what is configured, what expires and what cannot be reached.

    Exits with 1 when something needs attention before customers notice.
    """
    from workers.channels.google.examining import ask_google  # noqa: PLC0415

    findings = asyncio.run(examine(os.environ, now(), ask_google if live else None))
    click.echo(table(findings))
    sys.exit(is_ill(findings))


main.add_command(chores.merchants)
main.add_command(chores.api_keys)
main.add_command(bookkeeping.ledger)
