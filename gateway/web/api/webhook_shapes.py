"""Webhook endpoints and their delivery log as the API writes and reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from gateway.domain.errors import Invalid
from gateway.domain.webhook_urls import URL_CHARACTERS_MAX
from gateway.domain.webhooks import (
    EVERYTHING,
    FILTER_NAMES_MAX,
    DisabledReason,
    EndpointStatus,
)
from gateway.presenters.webhook_signatures import secret_text
from gateway.services.webhooks.endpoints import DESCRIPTION_CHARACTERS_MAX, EndpointWish
from gateway.storage.events.webhook_attempts import WebhookAttempt
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.web.parsing.queries import PageRows
from gateway.web.refusals import BodyInvalid

PAGE_ROWS = 50

Moment = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-21T08:00:00Z"])]


class EndpointDesign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where which events are to be sent: by name, as a family `loyalty.card.*`, or all: `*`."""

    url: Annotated[
        str,
        msgspec.Meta(max_length=URL_CHARACTERS_MAX, examples=["https://shop.example/webhooks"]),
    ]
    events: Annotated[list[str], msgspec.Meta(max_length=FILTER_NAMES_MAX)] = msgspec.field(
        default_factory=lambda: [EVERYTHING]
    )
    description: Annotated[str, msgspec.Meta(max_length=DESCRIPTION_CHARACTERS_MAX)] = ""

    def read(self) -> EndpointWish:
        """Return the wish as the services take it."""
        return EndpointWish(
            url=self.url, events=tuple(self.events), description=self.description.strip()
        )


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook endpoint; `failing_since` is its first failure after its last success."""

    id: UUID
    url: str
    description: str
    events: list[str]
    status: EndpointStatus
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    revision: int
    created_at: datetime


class Endpoints(msgspec.Struct, frozen=True):
    """The merchant's webhook endpoints, oldest first."""

    items: list[Endpoint]


class EndpointWithSecret(msgspec.Struct, frozen=True):
    """A webhook endpoint with its new signing secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


class LogPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the delivery log."""

    limit: PageRows = PAGE_ROWS
    cursor: str | None = None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try: `status` is null where no answer came, `type` once the event is no longer kept."""

    id: UUID
    message_id: UUID
    type: str | None
    number: int
    outcome: str
    status: int | None
    milliseconds: int
    excerpt: str
    attempted_at: datetime


class Attempts(msgspec.Struct, frozen=True):
    """A page of the delivery log, newest first; `next_cursor` is null on the last one."""

    items: list[Attempt]
    next_cursor: str | None = None


class SentTest(msgspec.Struct, frozen=True):
    """The test event that is on its way."""

    message_id: UUID


class Replay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to send again: one message, or all from `since` until before `until` (now)."""

    message_id: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


class Replayed(msgspec.Struct, frozen=True):
    """How many messages are being sent again."""

    messages: int


@contextmanager
def faults_by_pointer() -> Iterator[None]:
    """Turn what the rules find fault with into pointers into the body (RFC 6901)."""
    try:
        yield
    except Invalid as invalid:
        faults = invalid.detail.get("errors")
        if not isinstance(faults, dict):
            raise
        errors = [{"pointer": f"/{name}", "detail": text} for name, text in faults.items()]
        raise BodyInvalid(invalid.sentence, errors=errors) from None


def shown(endpoint: WebhookEndpoint) -> Endpoint:
    """Return an endpoint as answers carry it."""
    return Endpoint(
        id=endpoint.id,
        url=endpoint.url,
        description=endpoint.description,
        events=list(endpoint.events),
        status=endpoint.status,
        disabled_reason=endpoint.disabled_reason,
        failing_since=endpoint.failing_since,
        old_secret_until=endpoint.secrets.old_until,
        revision=endpoint.revision,
        created_at=endpoint.created_at,
    )


def shown_with_secret(endpoint: WebhookEndpoint, secret: bytes) -> EndpointWithSecret:
    """Return an endpoint with its secret as its receiver is given it."""
    return EndpointWithSecret(shown(endpoint), secret_text(secret))


def shown_attempt(attempt: WebhookAttempt) -> Attempt:
    """Return a line of the delivery log as answers carry it."""
    return Attempt(
        id=attempt.id,
        message_id=attempt.message_id,
        type=attempt.message_type,
        number=attempt.number,
        outcome=attempt.outcome,
        status=attempt.status,
        milliseconds=attempt.milliseconds,
        excerpt=attempt.excerpt,
        attempted_at=attempt.attempted_at,
    )
