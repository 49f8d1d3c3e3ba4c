"""The forms of messages: what was typed, what it means, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from gateway.domain.contacting import ContactBudget, ContactPolicy, QuietHours
from gateway.domain.errors import Invalid
from gateway.domain.wording import MessageEvent, Wording
from gateway.services.messages.wordings import EVENTS
from gateway.storage.messages.manners import MessageSettings
from gateway.web.parsing.revisions import revision_of

TICKED = "yes"
NUMBER_DIGITS_MAX = 3
_UNREADABLE = -1

EVENT_TITLES: Mapping[MessageEvent, tuple[str, str]] = {
    MessageEvent.WELCOME: ("Welcome", "when somebody joins"),
    MessageEvent.STAMP: ("Stamp", "after each visit"),
    MessageEvent.REWARD_EARNED: ("Reward ready", "when a card is full"),
    MessageEvent.REDEEMED: ("Reward collected", "when it was handed out"),
    MessageEvent.EXPIRING: ("Stamps run out", "before stamps or points expire"),
    MessageEvent.TIER_CHANGE: ("New level", "when a customer moves up or down"),
    MessageEvent.TIER_NOTICE: ("Level ends soon", "before a customer moves down"),
    MessageEvent.PROGRAM_ENDED: ("Program ended", "with the last day of what was collected"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MannersForm:
    """The form as it is shown: a text per field, the boxes, and a sentence per mistake."""

    fields: Mapping[str, str]
    is_loud: Mapping[MessageEvent, bool]
    revision: int
    mistakes: Mapping[str, str] = field(default_factory=dict)


def form_of(settings: MessageSettings, mistakes: Mapping[str, str] | None = None) -> MannersForm:
    """Return the form that shows these manners."""
    quiet, budget = settings.policy.quiet, settings.policy.budget
    return MannersForm(
        fields={
            "quiet_begins": f"{quiet.begins:%H:%M}",
            "quiet_ends": f"{quiet.ends:%H:%M}",
            "quiet_sundays": TICKED if quiet.sundays else "",
            "a_day": str(budget.a_day),
            "a_week": str(budget.a_week),
            "reply_to": settings.reply_to or "",
        },
        is_loud={event: event not in settings.silent_events for event in EVENTS},
        revision=settings.revision,
        mistakes=mistakes or {},
    )


def corrected(fields: Mapping[str, str], mistake: Invalid) -> MannersForm:
    """Return the form as it was typed, with what is wrong beside each field."""
    shown = form_of(MessageSettings(policy=ContactPolicy())).fields
    found = mistake.detail.get("errors")
    return MannersForm(
        fields={name: fields.get(name, "") for name in shown},
        is_loud={event: fields.get(event) == TICKED for event in EVENTS},
        revision=revision_of(fields),
        mistakes=found if isinstance(found, dict) else {},
    )


def read_manners(fields: Mapping[str, str], sms_sender: str | None) -> MessageSettings:
    """Return the manners that a form says, which says nothing about the sender of texts.

    Raises `Invalid` for a time that is none. A number that cannot be read is one that no rule
    allows.
    """
    return MessageSettings(
        policy=ContactPolicy(
            quiet=QuietHours(
                begins=_time(fields, "quiet_begins"),
                ends=_time(fields, "quiet_ends"),
                sundays=fields.get("quiet_sundays") == TICKED,
            ),
            budget=ContactBudget(a_day=_number(fields, "a_day"), a_week=_number(fields, "a_week")),
        ),
        silent_events=frozenset(event for event in EVENTS if fields.get(event) != TICKED),
        reply_to=fields.get("reply_to", "").strip().lower() or None,
        sms_sender=sms_sender,
        revision=revision_of(fields),
    )


def read_wording(fields: Mapping[str, str]) -> Wording:
    """Return the words of a form, with the line ends they are kept with."""
    return Wording(body=_lines(fields.get("body", "")), subject=_lines(fields.get("subject", "")))


def _lines(text: str) -> str:
    """Return a form's text with line feeds alone, as browsers send both (RFC 7578 §4.2)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _time(fields: Mapping[str, str], name: str) -> time:
    try:
        hour, minute = fields.get(name, "").split(":")[:2]
        return time(_digits(hour, 2), _digits(minute, 2))
    except ValueError:
        raise Invalid(errors={name: "Please give a time such as 21:00."}) from None


def _number(fields: Mapping[str, str], name: str) -> int:
    return _digits(fields.get(name, "").strip(), NUMBER_DIGITS_MAX)


def _digits(text: str, digits_max: int) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= digits_max
    return int(text) if is_number else _UNREADABLE
