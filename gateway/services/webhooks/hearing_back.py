"""Hearing back: what endpoints answered decides whether anything is sent there any more."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.webhooks import WebhookEndpointDisabled
from gateway.domain.people import Origin
from gateway.domain.webhooks import DisabledReason, reason_to_disable
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit

ACTOR = "passgate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Which endpoints took something, which did not, and which of those asked to be left alone."""

    heard: AbstractSet[UUID]
    failed: AbstractSet[UUID]
    gone: AbstractSet[UUID]


async def hear_back(unit: Unit, answers: Answers, new_id: Callable[[], UUID]) -> list[UUID]:
    """Remember the answers, and disable who is gone or has failed for long; return those."""
    failed = answers.failed - answers.heard
    await unit.webhook_endpoints.note_answers(answers.heard, failed, unit.now)
    disabled = []
    endpoints = await unit.webhook_endpoints.some(sorted(failed | answers.gone))
    for endpoint in endpoints.values():
        reason = reason_to_disable(
            is_gone=endpoint.id in answers.gone,
            failing_since=endpoint.failing_since,
            now=unit.now,
        )
        if reason is not None and await unit.webhook_endpoints.disable(endpoint.id, reason):
            await _tell(unit, endpoint, reason, new_id)
            disabled.append(endpoint.id)
    return disabled


async def _tell(
    unit: Unit, endpoint: WebhookEndpoint, reason: DisabledReason, new_id: Callable[[], UUID]
) -> None:
    unit.announce(WebhookEndpointDisabled(endpoint_id=endpoint.id, reason=reason))
    record = Record(
        id=new_id(),
        actor=ACTOR,
        action="webhook_endpoint.disabled",
        subject=f"webhook_endpoint:{endpoint.id}",
        detail={"reason": reason, "revision": endpoint.revision + 1},
    )
    await unit.audit.add(record, Origin(source="worker"), unit.now)
