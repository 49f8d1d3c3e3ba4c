"""The form of a program: what was typed, what it means, and what is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.writing import written
from gateway.domain.program_life import ENDS, STARTS, schedule_faults
from gateway.domain.programs import Look, Program, version_faults
from gateway.domain.rules.faults import read_plan
from gateway.services.merchants.designing import Design, Term
from gateway.web.merchant.audiences import AUDIENCE, AUDIENCE_POINTER
from gateway.web.merchant.plan_fields import Document, PlanField, plan_fields, put, typed
from gateway.web.parsing import strict_json
from gateway.web.refusals import JsonRefusal

PLAN = "/plan"
PLAN_CHARACTERS_MAX = 40_000
_MOMENT = "%Y-%m-%dT%H:%M"

PALETTES = (
    Look(background="#1f4d3a", foreground="#ffffff", label="#cfe5d8"),
    Look(background="#4a2c20", foreground="#fff6ea", label="#e8cdb6"),
    Look(background="#1d2f5e", foreground="#ffffff", label="#c6d3f5"),
    Look(background="#7a1f3d", foreground="#fff4f7", label="#f5c9d7"),
    Look(background="#f3e3c3", foreground="#2e2413", label="#5f4d2c"),
    Look(background="#1b1a19", foreground="#f7d774", label="#c9c3b6"),
)
"""Colours that go together and can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignForm:
    """The form as it is shown: a text per field, and a sentence per mistake, by its pointer.

    `plan_fields` are the settings that have fields of their own; the rest is in the text `plan`.
    """

    fields: Mapping[str, str]
    plan_fields: Sequence[PlanField]
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @property
    def other_mistakes(self) -> Mapping[str, str]:
        """What is wrong in the plan where no field shows it, by pointers into the plan."""
        shown = {PLAN + each.pointer for each in self.plan_fields}
        return {
            pointer.removeprefix(PLAN): sentence
            for pointer, sentence in self.mistakes.items()
            if pointer.startswith(PLAN)
            and pointer not in shown
            and not self._is_of_chosen_segment(pointer)
        }

    @property
    def audience_mistake(self) -> str:
        """What is wrong with the segment that was chosen."""
        return next(
            (self.mistakes[each] for each in self.mistakes if self._is_of_chosen_segment(each)), ""
        )

    def _is_of_chosen_segment(self, pointer: str) -> bool:
        """Say whether a fault is in a segment, whose conditions do not stand in the plan yet."""
        return bool(self.fields.get(AUDIENCE)) and pointer.startswith(AUDIENCE_POINTER)


def new_form(name: str, description: str, look: Look, plan: Document) -> DesignForm:
    """Return the form of a program that is not kept yet."""
    words = {
        "name": name,
        "description": description,
        "starts_at": "",
        "ends_at": "",
        AUDIENCE: "",
    }
    return _form(words | _colours(look), plan)


def form_of(program: Program, zone: str) -> DesignForm:
    """Return the form filled in with a program, its moments by the clock of a time zone."""
    version = program.version
    words = {
        "name": version.name,
        "description": version.description,
        "starts_at": _local(program.starts_at, zone),
        "ends_at": _local(program.ends_at, zone),
        AUDIENCE: "",
    }
    return _form(words | _colours(version.look), written(version.plan))


def read_design(fields: Mapping[str, str], zone: str) -> Design:
    """Return what the form asks for; raises `ConfigurationInvalid` with every fault."""
    given = {name: text.strip() for name, text in fields.items()}
    look = Look(**{name: given.get(name, "").lower() for name in _colours(Look())})
    description = given.get("description", "").replace("\r\n", "\n")
    faults = list(version_faults(given.get("name", ""), look, description))
    starts_at = _moment(given, STARTS, zone, faults)
    ends_at = _moment(given, ENDS, zone, faults)
    faults += schedule_faults(starts_at, ends_at)
    plan = None
    try:
        plan = read_plan(_document(given))
    except ConfigurationInvalid as invalid:
        faults += (Fault(PLAN + each.pointer, each.sentence) for each in invalid.faults)
    if faults or plan is None:
        raise ConfigurationInvalid(faults)
    return Design(
        name=given.get("name", ""),
        plan=plan,
        look=look,
        description=description,
        term=Term(starts_at=starts_at, ends_at=ends_at),
    )


def corrected(fields: Mapping[str, str], invalid: ConfigurationInvalid) -> DesignForm:
    """Return the form as it was typed, with what is wrong."""
    names = ("name", "description", "starts_at", "ends_at", AUDIENCE, *_colours(Look()))
    mistakes = {fault.pointer: fault.sentence for fault in invalid.faults}
    plan_text = fields.get("plan", "")
    try:
        document = _document(fields)
    except ConfigurationInvalid:
        document = {}
    shown = plan_fields(document) if document else ()
    texts = {each.pointer: fields.get(each.pointer, "") for each in shown}
    typed_words = {name: fields.get(name, "") for name in names}
    return DesignForm(
        fields=typed_words | texts | {"plan": plan_text}, plan_fields=shown, mistakes=mistakes
    )


def _form(words: dict[str, str], plan: Document) -> DesignForm:
    shown = plan_fields(plan)
    texts = {each.pointer: typed(plan, each) for each in shown}
    text = json.dumps(plan, indent=2, ensure_ascii=False)
    return DesignForm(fields=words | texts | {"plan": text}, plan_fields=shown)


def _document(fields: Mapping[str, str]) -> Document:
    """Return the plan that was typed: its text, and over it what stands in fields of its own."""
    text = fields.get("plan", "")
    if len(text) > PLAN_CHARACTERS_MAX:
        raise ConfigurationInvalid([Fault("", "This text is too long.")])
    try:
        plan = strict_json.load(text.encode("utf-8", "replace"))
    except JsonRefusal as refusal:
        line = refusal.detail.get("line")
        where = f" Look at line {line}." if line else ""
        raise ConfigurationInvalid([Fault("", refusal.sentence + where)]) from None
    if not isinstance(plan, dict):
        raise ConfigurationInvalid([Fault("", "This must be an object.")])
    for each in plan_fields(plan):
        if each.pointer in fields:
            put(plan, each, fields[each.pointer].strip())
    return plan


def _moment(
    given: Mapping[str, str], pointer: str, zone: str, faults: list[Fault]
) -> datetime | None:
    text = given.get(pointer.removeprefix("/"), "")
    if not text:
        return None
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        faults.append(Fault(pointer, "Please give a day and a time."))
        return None


def _local(moment: datetime | None, zone: str) -> str:
    return "" if moment is None else moment.astimezone(ZoneInfo(zone)).strftime(_MOMENT)


def _colours(look: Look) -> dict[str, str]:
    return {
        "background": look.background,
        "foreground": look.foreground,
        "label": look.label,
    }
