"""Everything passgate is, as one process tree on this machine: what `make run` starts."""

import argparse
import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from gateway.storage.server import migrating, roles
from sandbox import processes, servers
from sandbox.installation import (
    DATABASE,
    Ports,
    child_variables,
    open_secrets,
    role_url,
    write_apple_folder,
)
from sandbox.ports import HOST
from sandbox.server_folder import LOG_CHARACTERS_SHOWN_MAX, ServerError

FOLDER = Path(__file__).parents[1] / ".data"
READY_SECONDS_MAX = 30.0
WATCH_SECONDS = 0.2
POLL_SECONDS = 0.05
_STAND_INS = ("apns", "google", "mail", "sms")


class StartError(Exception):
    """Something did not start; the text is what the person at the keyboard reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One of our processes, the log it writes and the port that shows it is ready."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    port: int | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Start everything, say where, and stop everything on Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    for name, port in (("port", 8080), ("sandbox-port", 8090)):
        parser.add_argument(f"--{name}", type=int, default=port)
    for name in _STAND_INS:
        parser.add_argument(f"--{name}-port", type=int, default=getattr(Ports(), name))
    chosen = parser.parse_args(arguments)
    ports = Ports(
        web=chosen.port,
        sandbox=chosen.sandbox_port,
        **{name: getattr(chosen, f"{name}_port") for name in _STAND_INS},
    )
    # SIGINT too: a shell that starts us in the background has us ignore it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        _run(chosen.folder.resolve(), ports)
    except KeyboardInterrupt:
        _say("stopped")
    except (StartError, ServerError) as error:
        sys.exit(f"passgate stopped: {error}")


def _run(folder: Path, ports: Ports) -> None:
    began = time.monotonic()
    _refuse_busy(ports)
    folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        _say("starting PostgreSQL and Valkey")
        postgres = stack.enter_context(servers.postgres(folder / "postgres"))
        valkey = stack.enter_context(servers.valkey(folder / "valkey"))

        _say("migrating the database")
        urls = asyncio.run(_prepare(folder, postgres.dsn())) | {"REDIS_URL": valkey.url}

        _say("checking the development certificates")
        write_apple_folder(folder)
        variables = child_variables(os.environ, folder, ports, urls)
        log_ins = _seed(folder, variables)

        _say("starting the web process, a worker and the sandbox")
        children = stack.enter_context(_children(folder, ports, variables))
        _wait_until_ready(children)
        _say(f"ready in {time.monotonic() - began:.1f} s\n")
        _say(f"  open  http://127.0.0.1:{ports.sandbox}\n\n{log_ins}\nCtrl-C stops everything.")
        _watch(children)


async def _prepare(folder: Path, superuser_url: str) -> dict[str, str]:
    """Bring roles and schema up to date; returns the database URLs by their settings' names."""
    passwords = open_secrets(folder).passwords
    await roles.prepare_database(superuser_url, DATABASE, passwords)
    owner_url = role_url(superuser_url, roles.OWNER, passwords.owner)
    await migrating.migrate(owner_url)
    return {
        "OWNER_DATABASE_URL": owner_url,
        "DATABASE_URL": role_url(superuser_url, roles.APP, passwords.app),
        "WORKER_DATABASE_URL": role_url(superuser_url, roles.WORKER, passwords.worker),
    }


def _seed(folder: Path, variables: Mapping[str, str]) -> str:
    """Fill the database on the first start; returns the demo log-ins, which are kept."""
    kept = folder / "log-ins.txt"
    if not kept.exists():
        _say("filling in a demo merchant")
        seeding = subprocess.run(  # noqa: S603 - our own program
            [*_PROGRAM, "seed"], env=variables, check=False, capture_output=True, text=True
        )
        if seeding.returncode != 0:
            message = f"seeding failed\n{seeding.stderr[-LOG_CHARACTERS_SHOWN_MAX:]}"
            raise StartError(message)
        kept.touch(mode=0o600)
        kept.write_text(seeding.stdout)
    return kept.read_text()


@contextmanager
def _children(folder: Path, ports: Ports, variables: Mapping[str, str]) -> Iterator[list[Child]]:
    sandbox = ["sandbox", "--folder", str(folder)]
    sandbox += ["--port", str(ports.sandbox)]
    for name in _STAND_INS:
        sandbox += [f"--{name}-port", str(getattr(ports, name))]
    children: list[Child] = []
    try:
        children.append(_start("sandbox", sandbox, (folder, variables), port=ports.sandbox))
        children.append(_start("web", ["serve"], (folder, variables), port=ports.web))
        children.append(_start("worker", ["work"], (folder, variables)))
        yield children
    finally:
        # A second Ctrl-C must not interrupt the stopping, which has its own time limit.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            if child.process.poll() is None:
                child.process.terminate()
        for child in children:
            processes.stop(child.process)


def _start(
    name: str,
    arguments: list[str],
    place: tuple[Path, Mapping[str, str]],
    port: int | None = None,
) -> Child:
    folder, variables = place
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        program = processes.Program(
            arguments=[*_PROGRAM, *arguments], environment=variables, output=output
        )
        return Child(name=name, process=processes.start(program), log=log, port=port)


def _wait_until_ready(children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    for child in children:
        while child.port is not None and not _listens(child.port):
            _refuse_ended(children)
            if time.monotonic() > deadline:
                message = f"{child.name} does not answer; see {child.log}"
                raise StartError(message)
            time.sleep(POLL_SECONDS)


def _watch(children: list[Child]) -> None:
    while True:
        _refuse_ended(children)
        time.sleep(WATCH_SECONDS)


def _refuse_ended(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            words = child.log.read_text()[-LOG_CHARACTERS_SHOWN_MAX:]
            message = f"{child.name} ended by itself; {child.log} ends with:\n{words}"
            raise StartError(message)


def _refuse_busy(ports: Ports) -> None:
    if len(set(astuple(ports))) < len(astuple(ports)):
        message = "two of the ports are the same; see `make run ARGS=--help`"
        raise StartError(message)
    for port in astuple(ports):
        if _listens(port):
            message = f"port {port} is in use; stop what uses it, or see `make run ARGS=--help`"
            raise StartError(message)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((HOST, port)) == 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this program talks to a person


_PROGRAM = [sys.executable, "-m", "gateway"]

if __name__ == "__main__":
    main()
