"""The form of a campaign: what was typed, what it means, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.domain.campaigns import Audience, Campaign, Content, Plan
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel
from gateway.domain.wording import Language

NUMBER_DIGITS_MAX = 6
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
"""What a browser's `datetime-local` field sends: a time on the wall, without a zone."""
NUMBERS = ("stamps_min", "stamps_max", "visited_days_min", "visited_days_max", "per_minute_max")
TEXTS = ("subject", "body", "sms", "wallet")
_UNREADABLE = -1
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignForm:
    """The form as it is shown: a text per field, and a sentence per mistake.

    What is written in French by SMS is the field `fr.sms`, and a mistake there has that name too.
    """

    fields: Mapping[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")


def read_plan(fields: Mapping[str, str]) -> Plan:
    """Return what the form asks for; what cannot be read, is left to the rules to refuse."""
    numbers = {name: _number(fields.get(name, "")) for name in NUMBERS}
    return Plan(
        name=fields.get("name", "").strip(),
        channels=tuple(channel for channel in Channel if fields.get(channel)),
        contents=_contents(fields),
        audience=Audience(
            program_id=_id(fields.get("program_id", "")),
            location_id=_id(fields.get("location_id", "")),
            language=fields.get("language") or None,
            stamps_min=numbers["stamps_min"],
            stamps_max=numbers["stamps_max"],
            visited_days_min=numbers["visited_days_min"],
            visited_days_max=numbers["visited_days_max"],
            tier=fields.get("tier") or None,
            segment_id=_id(fields.get("segment_id", "")),
        ),
        per_minute_max=numbers["per_minute_max"],
    )


def read_moment(typed: str, zone: str) -> datetime | None:
    """Return the moment of a time on the wall of `zone`; None for no time, which means now.

    Raises `Invalid` for what is no time.
    """
    if not typed.strip():
        return None
    try:
        wall = datetime.strptime(typed.strip(), MOMENT_FORMAT)  # noqa: DTZ007 -- the zone follows
    except ValueError:
        errors = {"scheduled_at": "Please choose a day and a time."}
        raise Invalid("Please check the campaign.", errors=errors) from None
    return wall.replace(tzinfo=ZoneInfo(zone))


def form_of(campaign: Campaign | None, default_channels: tuple[Channel, ...]) -> CampaignForm:
    """Return the form filled in with a campaign, or with what a new one begins with."""
    if campaign is None:
        return CampaignForm(fields=dict.fromkeys(default_channels, "on"))
    plan, audience = campaign.plan, campaign.plan.audience
    filled = {
        "name": plan.name,
        "program_id": audience.program_id,
        "location_id": audience.location_id,
        "language": audience.language,
        "stamps_min": audience.stamps_min,
        "stamps_max": audience.stamps_max,
        "visited_days_min": audience.visited_days_min,
        "visited_days_max": audience.visited_days_max,
        "tier": audience.tier,
        "segment_id": audience.segment_id,
        "per_minute_max": plan.per_minute_max,
    } | dict.fromkeys(plan.channels, "on")
    for language, content in plan.contents.items():
        for text in TEXTS:
            filled[f"{language}.{text}"] = getattr(content, text)
    return CampaignForm(
        fields={name: str(value) for name, value in filled.items() if value is not None}
    )


def corrected(fields: Mapping[str, str], invalid: Invalid) -> CampaignForm:
    """Return the form as it was typed, with what is wrong."""
    errors = invalid.detail.get("errors", {})
    assert isinstance(errors, dict), "one sentence per field"
    mistakes = {name.removeprefix("contents."): sentence for name, sentence in errors.items()}
    return CampaignForm(fields=fields, mistakes=mistakes)


def _contents(fields: Mapping[str, str]) -> dict[str, Content]:
    """Return what was written, language by language; browsers end lines by CR LF."""
    written = {
        language: Content(
            **{
                text: fields.get(f"{language}.{text}", "").replace("\r\n", "\n").strip()
                for text in TEXTS
            }
        )
        for language in Language
    }
    return {
        str(language): content for language, content in written.items() if content != Content()
    }


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX
    return int(text) if is_number else _UNREADABLE


def _id(text: str) -> UUID | None:
    """Return an id; one that cannot exist is nobody's."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return _NOBODY
