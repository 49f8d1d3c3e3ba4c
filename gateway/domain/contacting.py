"""Whether a customer may be contacted now: consent, stop lists, budget, and quiet hours."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.domain.consents import Consents, Medium, Purpose, agrees
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel, SkipReason

SUNDAY = 6
CONTACTS_A_DAY_MAX = 20
CONTACTS_A_WEEK_MAX = 50
_FRANCE = "FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """When nothing may ring, by the recipient's own clock; `begins` equal to `ends` is never."""

    begins: time = time(21)
    ends: time = time(8)
    sundays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBudget:
    """How many offers one customer gets at most, over wallet, mail and SMS together."""

    a_day: int = 3
    a_week: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPolicy:
    """A merchant's manners."""

    quiet: QuietHours = field(default_factory=QuietHours)
    budget: ContactBudget = field(default_factory=ContactBudget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What is known of a recipient at one moment.

    `is_reachable` says that the channel leads anywhere: there is an address or a pass.
    `offers_today` and `offers_this_week` count what was sent in the last 24 hours and 7 days.
    """

    consents: Consents
    is_reachable: bool
    is_suppressed: bool
    is_card_usable: bool
    time_zone: str
    offers_today: int = 0
    offers_this_week: int = 0


@dataclass(frozen=True, slots=True)
class Go:
    """Send it."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not before this moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Skip:
    """Never send it."""

    reason: SkipReason


Judgement = Go | Later | Skip


def judge(
    channel: Channel, purpose: Purpose, reach: Reach, policy: ContactPolicy, now: datetime
) -> Judgement:
    """Decide about one message; called when it is released and again when it is sent.

    In this order: the address, the stop list, the consent, the card, the budget, the hour.
    """
    reason = _why_never(channel, purpose, reach, policy.budget)
    if reason is not None:
        return Skip(reason)
    if not _rings(channel, purpose):
        return Go()
    ends_at = quiet_until(policy.quiet, reach.time_zone, now)
    return Later(ends_at) if ends_at else Go()


def quiet_until(quiet: QuietHours, time_zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours that `now` lies in are over, or None outside of them."""
    local = now.astimezone(ZoneInfo(time_zone))
    if not _is_quiet(quiet, local):
        return None
    ends = local.replace(
        hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0, fold=0
    )
    while ends <= local or (quiet.sundays and ends.weekday() == SUNDAY):
        ends += timedelta(days=1)
    return ends.astimezone(now.tzinfo)


def default_policy(country: str) -> ContactPolicy:
    """Return the manners a merchant of this country (ISO 3166) begins with.

    France allows offers by SMS from 8 to 22 and not on Sundays.
    https://help.klaviyo.com/hc/en-us/articles/115002779311
    """
    if country == _FRANCE:
        return ContactPolicy(quiet=QuietHours(begins=time(22), sundays=True))
    return ContactPolicy()


def check_policy(policy: ContactPolicy) -> None:
    """Raise `Invalid` with a sentence per field for a policy nobody can mean."""
    faults = {}
    if not 0 <= policy.budget.a_day <= CONTACTS_A_DAY_MAX:
        faults["a_day"] = f"Please choose from 0 to {CONTACTS_A_DAY_MAX}."
    if not policy.budget.a_day <= policy.budget.a_week <= CONTACTS_A_WEEK_MAX:
        faults["a_week"] = (
            f"Please choose at least what a day allows, and at most {CONTACTS_A_WEEK_MAX}."
        )
    if faults:
        raise Invalid("Please check the limits.", errors=faults)


def _why_never(
    channel: Channel, purpose: Purpose, reach: Reach, budget: ContactBudget
) -> SkipReason | None:
    medium = channel.medium
    if not reach.is_reachable:
        return SkipReason.NOT_IN_WALLET if medium is Medium.WALLET else SkipReason.NO_ADDRESS
    if reach.is_suppressed:
        return SkipReason.SUPPRESSED
    if not agrees(reach.consents, medium, purpose):
        return SkipReason.NO_CONSENT
    if not reach.is_card_usable:
        return SkipReason.CARD_BLOCKED
    if purpose is Purpose.MARKETING and (
        reach.offers_today >= budget.a_day or reach.offers_this_week >= budget.a_week
    ):
        return SkipReason.CONTACT_BUDGET
    return None


def _rings(channel: Channel, purpose: Purpose) -> bool:
    """Whether the message makes a noise that the customer did not just ask for."""
    return channel is Channel.SMS or (
        purpose is Purpose.MARKETING and channel.medium is Medium.WALLET
    )


def _is_quiet(quiet: QuietHours, local: datetime) -> bool:
    if quiet.sundays and local.weekday() == SUNDAY:
        return True
    at, begins, ends = local.time(), quiet.begins, quiet.ends
    if begins <= ends:
        return begins <= at < ends
    return at >= begins or at < ends
