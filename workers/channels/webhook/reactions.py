"""What an endpoint's answer, or the lack of one, means for a webhook."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientSSLError,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
)

from workers.channels.base import DELIVERED, Gone, Outcome, Permanent, Temporary
from workers.channels.retry_after import retry_after_seconds
from workers.channels.webhook.guard import BlockedAddress

_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
NO_CONNECTION = Temporary("NoConnection")
BAD_URL = Permanent("BadUrl")
# The particular before the general.
_FAILURES: tuple[tuple[type[Exception], Outcome], ...] = (
    (InvalidURL, BAD_URL),
    (NonHttpUrlClientError, BAD_URL),
    (ClientSSLError, Temporary("TlsError")),
    (ClientConnectorDNSError, Temporary("NoSuchHost")),
    (ClientConnectorError, NO_CONNECTION),
    (ConnectionTimeoutError, NO_CONNECTION),
    (TimeoutError, Temporary("NoAnswer")),
)


def react(status: int, headers: Mapping[str, str]) -> Outcome:
    """Turn an answer into what follows: any 2xx is success, 410 ends the endpoint.

    A redirect is a failure like any other status, since it could lead inside.
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    reason = f"Status{status}"
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return DELIVERED
    if status == HTTPStatus.GONE:
        return Permanent(reason, Gone())
    return Temporary(reason, retry_after_seconds(headers) if status in _BUSY else None)


def react_to_failure(error: ClientError | OSError) -> Outcome:
    """Name why no answer came; an endpoint may be put right, so that nearly all is temporary."""
    if isinstance(error, ClientConnectorError) and isinstance(error.os_error, BlockedAddress):
        return Temporary("BlockedAddress")
    for kind, outcome in _FAILURES:
        if isinstance(error, kind):
            return outcome
    return Temporary("BrokenAnswer")
