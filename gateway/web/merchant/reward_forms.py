"""The form of a reward: what was typed, what it means, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.rewards import RESERVATION_MINUTES, RewardDesign
from gateway.domain.wording import Language

NUMBER_DIGITS_MAX = 12
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
"""What a browser's `datetime-local` field sends: a time on the wall, without a zone."""
TEXTS = ("name", "unit", "category", "description", "terms", "image", "tier_min")
NUMBERS = ("cost", "per_member_max", "reservation_minutes")
MOMENTS = ("valid_from", "valid_until")
TICKS = ("needs_fulfilment", "active")
WORDS = ("name", "description", "terms")
LOCALISED = "localised/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardForm:
    """The form as it is shown: a text per field, and a sentence per mistake.

    The name in French is the field `localised/fr/name`, and a mistake there has that name too.
    """

    fields: Mapping[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")

    @property
    def has_words(self) -> bool:
        """Whether anything is written in other languages."""
        return any(self.fields[name] for name in self.fields if name.startswith(LOCALISED))


def read_value(fields: Mapping[str, str], zone: str) -> dict[str, object]:
    """Return what was typed as the JSON of a `RewardDesign`, its moments on the wall of `zone`.

    What cannot be read is left as it is, for the rules to find fault with.
    """
    value: dict[str, object] = {name: _text(fields, name) for name in TEXTS}
    value |= {name: number_of(fields.get(name, "")) for name in NUMBERS}
    value |= {name: _moment(fields.get(name, ""), zone) for name in MOMENTS}
    value |= {name: bool(fields.get(name)) for name in TICKS}
    value["localised"] = {
        str(language): words for language in Language if (words := _words(fields, language))
    }
    given = {name: each for name, each in value.items() if each is not None}
    return {"name": "", "cost": 0} | given


def number_of(typed: str) -> int | str | None:
    """Return a number, None for nothing, and as it was typed what is none."""
    text = typed.strip()
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= NUMBER_DIGITS_MAX
    return int(text) if is_number else text or None


def empty_form(unit: str) -> RewardForm:
    """Return what a new reward begins with."""
    fields = {"unit": unit, "reservation_minutes": str(RESERVATION_MINUTES), "active": "on"}
    return RewardForm(fields=fields)


def form_of(design: RewardDesign, zone: str) -> RewardForm:
    """Return the form filled in with a reward."""
    filled = {name: getattr(design, name) for name in (*TEXTS, *NUMBERS)}
    filled |= {name: _wall(getattr(design, name), zone) for name in MOMENTS}
    filled |= {name: "on" for name in TICKS if getattr(design, name)}
    for language, words in design.localised.items():
        filled |= {f"{LOCALISED}{language}/{name}": getattr(words, name) for name in WORDS}
    return RewardForm(
        fields={name: str(value) for name, value in filled.items() if value is not None}
    )


def corrected(fields: Mapping[str, str], invalid: ConfigurationInvalid) -> RewardForm:
    """Return the form as it was typed, with what is wrong."""
    mistakes = {fault.pointer.removeprefix("/"): fault.sentence for fault in invalid.faults}
    return RewardForm(fields=fields, mistakes=mistakes)


def _text(fields: Mapping[str, str], name: str) -> str | None:
    """Return a text on one line, as rewards have them, or None for nothing."""
    return " ".join(fields.get(name, "").split()) or None


def _words(fields: Mapping[str, str], language: Language) -> dict[str, object]:
    typed = {name: _text(fields, f"{LOCALISED}{language}/{name}") for name in WORDS}
    given: dict[str, object] = {name: text for name, text in typed.items() if text}
    return {"name": ""} | given if given else {}


def _moment(typed: str, zone: str) -> str | None:
    text = typed.strip()
    try:
        wall = datetime.strptime(text, MOMENT_FORMAT)  # noqa: DTZ007 -- the zone follows
    except ValueError:
        return text or None
    return wall.replace(tzinfo=ZoneInfo(zone)).isoformat()


def _wall(moment: datetime | None, zone: str) -> str | None:
    return moment.astimezone(ZoneInfo(zone)).strftime(MOMENT_FORMAT) if moment else None
