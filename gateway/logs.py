"""Logs: one JSON object per line on standard output, with the request's or job's id in each."""

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import structlog

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

_DATABASE_LIBRARIES = {"asyncpg", "sqlalchemy"}
_transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configure_logs(level: str, *, process: str) -> None:
    """Send our events and the libraries' records through one pipe; `level` as in the settings.

    What a library logs below warning is left out: some (arq) write arguments into their lines.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(describe_error),
    ]
    render = structlog.processors.JSONRenderer(_json)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)

    records = logging.StreamHandler(sys.stdout)
    records.addFilter(_is_ours_to_tell)
    records.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(level=max(LEVELS[level], logging.WARNING), handlers=[records], force=True)
    logging.captureWarnings(capture=True)


def describe_error(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """Return an error and what it came from, without variables and without a database's words.

    PostgreSQL and its drivers quote what was written, addresses included, in the message itself
    and in what led to it; of those errors the type and the SQLSTATE are told.
    """
    quoting = dict(_quoting(exc_info[1], is_quoting=False))
    described = _transform(exc_info)
    for told in _all_told(described):
        known = (told["exc_type"], told["exc_value"])
        if known in quoting:
            told["exc_value"], told["exc_notes"] = quoting[known], []
    return described


def _quoting(
    error: BaseException | None, *, is_quoting: bool
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield type and text of each error that quotes, with what is told instead."""
    if error is None:
        return
    is_quoting = is_quoting or type(error).__module__.partition(".")[0] in _DATABASE_LIBRARIES
    if is_quoting:
        state = getattr(error, "sqlstate", None) or getattr(
            getattr(error, "orig", None), "sqlstate", None
        )
        yield (type(error).__name__, str(error)), f"SQLSTATE {state}" if state else ""
    shown_context = None if error.__suppress_context__ else error.__context__
    yield from _quoting(error.__cause__ or shown_context, is_quoting=is_quoting)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _quoting(each, is_quoting=is_quoting)


def _all_told(described: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for told in described:
        yield told
        for group in told["exceptions"]:
            yield from _all_told(group)


def _json(event: object, default: Callable[[object], object]) -> str:
    """Write a line with msgspec, which takes a tenth of the standard library's time."""
    return msgspec.json.encode(event, enc_hook=default).decode()


def _is_ours_to_tell(record: logging.LogRecord) -> bool:
    """Leave out requests that aiohttp cannot read: it quotes them, headers with secrets too."""
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__module__ != "aiohttp.http_exceptions"
