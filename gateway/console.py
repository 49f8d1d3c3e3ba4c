"""What every command needs: its settings, the opened resources, and failing in plain words."""

import os
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

import click
import uvloop

from gateway.domain.errors import Refusal
from gateway.resources import Resources, open_resources
from gateway.settings import Settings, SettingsError, read_settings
from gateway.storage.database import OUTAGES

Result = TypeVar("Result")


class Failure(click.ClickException):
    """A command cannot go on; the text is what the person at the keyboard reads."""


def settings_of_environment() -> Settings:
    """Return this process's settings; a `Failure` lists everything wrong with them."""
    try:
        return read_settings(os.environ)
    except SettingsError as wrong:
        raise Failure(str(wrong)) from None


def run_until_done(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's work; a refusal or a server that does not answer becomes a `Failure`."""
    try:
        return uvloop.run(work)
    except Refusal as refusal:
        raise Failure(refusal.sentence) from None
    except OUTAGES as outage:
        raise Failure(
            f"The database does not answer ({type(outage).__name__}); see passgate doctor."
        ) from None


def opened(settings: Settings) -> AbstractAsyncContextManager[Resources]:
    """Open everything as the web process does."""
    return open_resources(settings, url=settings.database_url)


def with_resources(work: Callable[[Resources], Awaitable[None]]) -> None:
    """Read the settings, open everything, and do `work`."""
    settings = settings_of_environment()

    async def do() -> None:
        async with opened(settings) as resources:
            await work(resources)

    run_until_done(do())


@contextmanager
def development() -> Iterator[None]:
    """Say what to install when an import finds that the sandbox's own parts are missing."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Failure(f"{missing.name} is missing: pip install 'passgate[sandbox]'") from None
