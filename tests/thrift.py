"""What costs a test much and tells it nothing: paid once for each process, or made cheap."""

from typing import Any

import jinja2
from aiohttp import web_app

from gateway.services.people import secrets

_compile = jinja2.Environment.compile
_compiled: dict[tuple[object, ...], object] = {}


def hash_cheaply() -> None:
    """Hash PINs and passwords in microseconds; what they really cost has a test of its own."""
    secrets.MEMORY_KIBIBYTES, secrets.PASSES = 8, 1


def remember_templates() -> None:
    """Compile each template once, not once for each test that serves pages (0.3 s).

    The same text, read with the same options from the same file, gives the same code.
    """
    jinja2.Environment.compile = _compile_once  # type: ignore[assignment, method-assign]


def forget_applications() -> None:
    """Let go of the applications of past tests: aiohttp remembers a thousand of their doors.

    They fill a gigabyte in the end, which the collector walks through again and again.
    """
    web_app._cached_build_middleware.cache_clear()


def _compile_once(environment: jinja2.Environment, *text: Any, **options: Any) -> object:  # noqa: ANN401 -- jinja2's own
    ways = (environment.autoescape, environment.trim_blocks, environment.lstrip_blocks)
    key = (type(environment), *ways, *text, *sorted(options.items()))
    if key not in _compiled:
        _compiled[key] = _compile(environment, *text, **options)
    return _compiled[key]
