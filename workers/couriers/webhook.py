"""The courier of webhooks: signs what an endpoint is told, and keeps a log of its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag

from gateway.domain.webhooks import EndpointStatus, SigningSecrets, next_try
from gateway.presenters.cloud_events import CONTENT_TYPE
from gateway.presenters.webhook_signatures import signed_headers
from gateway.services.webhooks.hearing_back import Answers, hear_back
from gateway.storage.events.signing_safe import SigningSafe
from gateway.storage.events.webhook_attempts import WebhookAttempt
from gateway.storage.events.webhook_endpoints import WebhookEndpoint
from gateway.storage.events.webhook_messages import WebhookMessage
from gateway.storage.queues.delivery_queue import Delivery, Verdict
from gateway.storage.unit import Unit, Units
from workers.channels.base import Delivered, Gone, Outcome, Permanent, Temporary
from workers.channels.webhook.channel import DEFAULT_LIMITS, WebhookChannel
from workers.channels.webhook.request import Answer, WebhookRequest
from workers.couriers.base import Ended
from workers.couriers.places import Places
from workers.reactions import Attempt, react

AT_ONCE_PER_ENDPOINT_MAX = 5
# Of all endpoints together: many of them at one host are no way to overrun it.
AT_ONCE_PER_HOST_MAX = 10
PLACE_SECONDS_MAX = 1.0
BUSY_SECONDS_MIN, BUSY_SECONDS_MAX = 1.0, 5.0
NO_PLACE = Temporary("EndpointBusy")
NOT_WANTED = Verdict(state="done", reason="EndpointDisabled")
UNREADABLE = Verdict(state="dead", reason="SecretUnreadable")
NOT_KEPT = Verdict(state="done", reason="MessageNoLongerKept")
NO_ANSWER = Answer(None, round(DEFAULT_LIMITS.total_seconds * 1000))


@dataclass(slots=True)
class WebhookParcel:
    """A message on its way to an endpoint; `answer` is filled in by who sends it."""

    delivery_id: UUID
    endpoint_id: UUID
    message_id: UUID
    url: str = field(repr=False)
    secrets: SigningSecrets
    body: bytes = field(repr=False)
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What signing takes: the safe of the secrets, the clock, and ids for the log."""

    safe: SigningSafe
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]


class WebhookCourier:
    """Sends each message at least once; its id, the same at every try, tells repetitions apart.

    The endpoint is read anew before each try: a new address or secret holds for what waits, too.
    """

    channel = "webhook"
    seconds_max = DEFAULT_LIMITS.total_seconds + 2 * PLACE_SECONDS_MAX + 2.0

    def __init__(self, units: Units, channel: WebhookChannel, signing: Signing) -> None:
        """Take the merchants' units, the way out, and what signing takes."""
        self._units = units
        self._webhooks = channel
        self._signing = signing
        self._places = Places(AT_ONCE_PER_ENDPOINT_MAX, PLACE_SECONDS_MAX)
        self._hosts = Places(AT_ONCE_PER_HOST_MAX, PLACE_SECONDS_MAX)
        self._log = structlog.get_logger()

    async def look_up(self, sent: Sequence[Delivery]) -> list[WebhookParcel | Verdict]:
        """Return each message with where it goes and what signs it now."""
        found: dict[UUID, WebhookParcel | Verdict] = {}
        for merchant_id in {delivery.merchant_id for delivery in sent}:
            mine = [delivery for delivery in sent if delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                found |= await self._look_up_some(unit, mine)
        return [found[delivery.id] for delivery in sent]

    async def send(self, parcel: WebhookParcel) -> Outcome:
        """Sign and post once, unless the endpoint or its host has enough to do."""
        async with (
            self._places.one(parcel.endpoint_id) as is_ours,
            self._hosts.one(urlsplit(parcel.url).hostname) as is_free,
        ):
            if not (is_ours and is_free):
                return NO_PLACE
            now = self._signing.now()
            headers = signed_headers(
                parcel.message_id, now, parcel.body, parcel.secrets.valid(now)
            )
            headers["Content-Type"] = CONTENT_TYPE
            request = WebhookRequest(parcel.delivery_id, parcel.url, headers, parcel.body)
            outcome, parcel.answer = await self._webhooks.send(request)
        return outcome

    def react(self, outcome: Outcome, attempt: Attempt) -> Verdict:
        """Try again by the schedule, later where the receiver asks for it, and in the end not."""
        if outcome == NO_PLACE:
            pause = BUSY_SECONDS_MIN + attempt.lot * (BUSY_SECONDS_MAX - BUSY_SECONDS_MIN)
            return _later(attempt, NO_PLACE.reason, pause, counted=False)
        if isinstance(outcome, Delivered | Permanent):
            return react(outcome, attempt)
        scheduled = next_try(attempt.number, attempt.lot)
        if scheduled is None:
            return Verdict(state="dead", reason=outcome.reason)
        asked = outcome.retry_after_seconds if isinstance(outcome, Temporary) else None
        return _later(attempt, outcome.reason, max(scheduled, asked or 0.0))

    async def settle(self, ended: Sequence[Ended[WebhookParcel]]) -> list[Verdict]:
        """Write the delivery log, and leave alone who is gone or has failed for too long."""
        tried = [each for each in ended if each.outcome != NO_PLACE]
        for merchant_id in {each.delivery.merchant_id for each in tried}:
            mine = [each for each in tried if each.delivery.merchant_id == merchant_id]
            async with self._units(merchant_id) as unit:
                await unit.webhook_attempts.add([self._logged(each) for each in mine])
                disabled = await hear_back(unit, _answers(mine), self._signing.new_id)
            for endpoint_id in disabled:
                self._log.warning("webhook_endpoint_disabled", endpoint=str(endpoint_id))
        return [each.verdict for each in ended]

    async def _look_up_some(
        self, unit: Unit, sent: Sequence[Delivery]
    ) -> dict[UUID, WebhookParcel | Verdict]:
        endpoints = await unit.webhook_endpoints.some({UUID(each.topic) for each in sent})
        messages = await unit.webhook_messages.some({UUID(each.target) for each in sent})
        return {
            delivery.id: self._parcel(
                delivery, endpoints.get(UUID(delivery.topic)), messages.get(UUID(delivery.target))
            )
            for delivery in sent
        }

    def _parcel(
        self,
        delivery: Delivery,
        endpoint: WebhookEndpoint | None,
        message: WebhookMessage | None,
    ) -> WebhookParcel | Verdict:
        if endpoint is None or endpoint.status is not EndpointStatus.ENABLED:
            return NOT_WANTED
        if message is None:
            return NOT_KEPT
        try:
            secrets = self._signing.safe.open(endpoint.secrets, delivery.merchant_id, endpoint.id)
        except InvalidTag:
            # One that was sealed with a key we no longer have; the others are looked up, too.
            return UNREADABLE
        return WebhookParcel(
            delivery_id=delivery.id,
            endpoint_id=endpoint.id,
            message_id=message.id,
            url=endpoint.url,
            secrets=secrets,
            body=message.body,
        )

    def _logged(self, ended: Ended[WebhookParcel]) -> WebhookAttempt:
        answer, outcome = ended.parcel.answer, ended.outcome
        return WebhookAttempt(
            id=self._signing.new_id(),
            endpoint_id=ended.parcel.endpoint_id,
            message_id=ended.parcel.message_id,
            number=ended.attempt.number,
            status=answer.status,
            outcome=type(outcome).__name__ if isinstance(outcome, Delivered) else outcome.reason,
            milliseconds=answer.milliseconds,
            excerpt=answer.excerpt,
            attempted_at=ended.attempt.ended_at,
        )


def _answers(ended: Sequence[Ended[WebhookParcel]]) -> Answers:
    heard, failed, gone = set(), set(), set()
    for each in ended:
        endpoint_id = each.parcel.endpoint_id
        match each.outcome:
            case Delivered():
                heard.add(endpoint_id)
            case Permanent(_, Gone()):
                gone.add(endpoint_id)
            case _:
                failed.add(endpoint_id)
    return Answers(heard=heard, failed=failed, gone=gone)


def _later(attempt: Attempt, reason: str, seconds: float, *, counted: bool = True) -> Verdict:
    next_at = attempt.ended_at + timedelta(seconds=seconds)
    return Verdict(state="waiting", reason=reason, next_at=next_at, counted=counted)
