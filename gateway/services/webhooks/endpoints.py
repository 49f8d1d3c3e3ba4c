"""Endpoints: added, changed, disabled, enabled and deleted by whoever looks after them."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from gateway.domain.errors import Invalid
from gateway.domain.webhook_urls import check_url
from gateway.domain.webhooks import (
    DisabledReason,
    EndpointStatus,
    SigningSecrets,
    check_events,
)
from gateway.services.webhooks.office import Keeper, record
from gateway.services.webhooks.refusals import TooManyEndpoints
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.unit import Unit

DESCRIPTION_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointWish:
    """Where a merchant wants which events to go, and how they call it."""

    url: str = field(repr=False)
    events: tuple[str, ...]
    description: str = ""

    def check(self, keeper: Keeper) -> None:
        """Raise `Invalid` with a sentence for the field that is wrong."""
        check_url(self.url, local=keeper.office.local)
        check_events(self.events)
        is_plain = self.description.isprintable()
        if len(self.description) > DESCRIPTION_CHARACTERS_MAX or not is_plain:
            sentence = f"Please use at most {DESCRIPTION_CHARACTERS_MAX} characters on one line."
            raise Invalid("Please check the description.", errors={"description": sentence})


async def add_endpoint(
    unit: Unit, wish: EndpointWish, keeper: Keeper
) -> tuple[WebhookEndpoint, bytes]:
    """Keep a new endpoint; return it with its signing secret, which nobody is shown again.

    Raises `Invalid` or `TooManyEndpoints`.
    """
    wish.check(keeper)
    office, endpoint_id = keeper.office, keeper.office.new_id()
    secret = office.new_signing_secret()
    endpoint = WebhookEndpoint(
        id=endpoint_id,
        url=wish.url,
        description=wish.description,
        events=wish.events,
        secrets=office.safe.seal(SigningSecrets(current=secret), unit.merchant_id, endpoint_id),
        created_at=unit.now,
    )
    if not await unit.webhook_endpoints.add(endpoint):
        raise TooManyEndpoints
    await record(unit, keeper, "added", endpoint)
    return endpoint, secret


async def change_endpoint(
    unit: Unit, endpoint_id: UUID, wish: EndpointWish, keeper: Keeper, *, revision: int
) -> WebhookEndpoint:
    """Send other events from now on, or elsewhere; what waits goes there, too.

    `revision` is the one the keeper saw. Raises `Invalid`, `NotFound` or `ChangedMeanwhile`.
    """
    wish.check(keeper)
    endpoint = await unit.webhook_endpoints.one(endpoint_id)
    changed = replace(endpoint, url=wish.url, description=wish.description, events=wish.events)
    return await _change(unit, changed, keeper, "changed", revision)


async def enable_endpoint(
    unit: Unit, endpoint_id: UUID, keeper: Keeper, *, revision: int
) -> WebhookEndpoint:
    """Send again, also what still waits from before; raises `NotFound` or `ChangedMeanwhile`."""
    endpoint = await unit.webhook_endpoints.one(endpoint_id)
    enabled = replace(endpoint, status=EndpointStatus.ENABLED, disabled_reason=None)
    return await _change(unit, enabled, keeper, "enabled", revision)


async def disable_endpoint(
    unit: Unit, endpoint_id: UUID, keeper: Keeper, *, revision: int
) -> WebhookEndpoint:
    """Send nothing until it is enabled; raises `NotFound` or `ChangedMeanwhile`."""
    endpoint = await unit.webhook_endpoints.one(endpoint_id)
    disabled = replace(
        endpoint, status=EndpointStatus.DISABLED, disabled_reason=DisabledReason.MERCHANT
    )
    return await _change(unit, disabled, keeper, "disabled", revision)


async def delete_endpoint(
    unit: Unit, endpoint_id: UUID, keeper: Keeper, *, revision: int
) -> WebhookEndpoint:
    """Send nothing ever again, and return what there was.

    Raises `NotFound` or `ChangedMeanwhile`.
    """
    endpoint = await unit.webhook_endpoints.one(endpoint_id)
    await unit.webhook_endpoints.delete(endpoint_id, unit.now, revision=revision)
    await record(unit, keeper, "deleted", endpoint)
    return endpoint


async def rotate_secret(
    unit: Unit, endpoint_id: UUID, keeper: Keeper, *, revision: int
) -> tuple[WebhookEndpoint, bytes]:
    """Sign with a new secret, and for a day with the old one as well; return the new one.

    Raises `NotFound` or `ChangedMeanwhile`.
    """
    office, endpoint = keeper.office, await unit.webhook_endpoints.one(endpoint_id)
    secret = office.new_signing_secret()
    secrets = office.safe.open(endpoint.secrets, unit.merchant_id, endpoint_id)
    sealed = office.safe.seal(secrets.rotated(secret, unit.now), unit.merchant_id, endpoint_id)
    changed = replace(endpoint, secrets=sealed)
    return await _change(unit, changed, keeper, "secret_rotated", revision), secret


async def _change(
    unit: Unit, endpoint: WebhookEndpoint, keeper: Keeper, action: str, revision: int
) -> WebhookEndpoint:
    # Somebody looks after it: from now on it has its full time again to come right.
    changed = replace(endpoint, failing_since=None)
    await unit.webhook_endpoints.change(changed, revision=revision)
    await record(unit, keeper, action, changed)
    return replace(changed, revision=revision + 1)
