"""What looking after webhooks takes, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.domain.people import Origin, Principal
from gateway.domain.webhook_urls import HostAndPort
from gateway.storage.events.signing_safe import SigningSafe
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.people.audit import Record
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOffice:
    """Everything endpoints are made with, the same for all merchants.

    `site` is where this installation is reached, without a slash at the end; `local` names what
    of a developer's machine may be reached; `new_signing_secret()` returns random bytes.
    """

    safe: SigningSafe
    site: str
    local: frozenset[HostAndPort]
    new_id: Callable[[], UUID]
    new_signing_secret: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Who looks after a merchant's endpoints, from where, and with what."""

    principal: Principal
    origin: Origin
    office: WebhookOffice


async def record(unit: Unit, keeper: Keeper, action: str, endpoint: WebhookEndpoint) -> None:
    """Write into the audit what was done to an endpoint; not its address, which may be secret."""
    entry = Record(
        id=keeper.office.new_id(),
        actor=keeper.principal.name,
        action=f"webhook_endpoint.{action}",
        subject=f"webhook_endpoint:{endpoint.id}",
        detail={"events": list(endpoint.events), "status": endpoint.status},
    )
    await unit.audit.add(entry, keeper.origin, unit.now)
