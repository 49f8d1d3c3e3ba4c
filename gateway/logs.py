"""Logs: one JSON object per line on standard output, with the request's or job's id in each."""

import logging
import sys
from collections.abc import Callable

import msgspec
import structlog

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure_logs(level: str, *, process: str) -> None:
    """Send our events and the libraries' records through one pipe; `level` as in the settings.

    What a library logs below warning is left out: some (arq) write arguments into their lines.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        _without_values,
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


def _without_values(
    _logger: object, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Cut PostgreSQL's DETAIL off an error: it quotes the row, addresses included."""
    for error in event.get("exception", ()):
        error["exc_value"] = error["exc_value"].partition("\nDETAIL:")[0]
    return event


def _json(event: object, default: Callable[[object], object]) -> str:
    """Write a line with msgspec, which takes a tenth of the standard library's time."""
    return msgspec.json.encode(event, enc_hook=default).decode()


def _is_ours_to_tell(record: logging.LogRecord) -> bool:
    """Leave out requests that aiohttp cannot read: it quotes them, headers with secrets too."""
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__module__ != "aiohttp.http_exceptions"
