"""The form of a trial: what is compared with what a program promises, on how many customers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.writing import written
from gateway.domain.experiments import WEIGHTS_TOTAL
from gateway.domain.programs import Look, Program, version_faults
from gateway.domain.rules.faults import read_plan
from gateway.domain.rules.plan import Plan
from gateway.services.merchants.comparing import RIVAL_POINTER, Shares, Wish
from gateway.services.merchants.designing import Design, design_of
from gateway.storage.cards.program_lists import Published
from gateway.web.merchant.plan_fields import PlanField, plan_fields, put, typed

CHANGED, VERSION, DRAFT = "changed", "version:", "draft:"
"""What the field `rival` says: the settings in the form, a version by number, a draft by id."""
SHARES = ("share_a", "share_b", "hold_out")
PLAN = "plan"

_SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?")
_FIELD_OF = {"/variants/0/weight": "share_a", "/variants/1/weight": "share_b"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What there is to compare a program with: other versions of it, and the merchant's drafts."""

    program: Program
    versions: Sequence[Published]
    drafts: Sequence[Program]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialForm:
    """The form as it is shown: a text per field, and a sentence per mistake by the field's name.

    A setting of the plan is the field of its pointer; its mistake has `plan` before that.
    """

    fields: Mapping[str, str]
    plan_fields: Sequence[PlanField]
    mistakes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Return what stands in a field."""
        return self.fields.get(name, "")

    @property
    def other_mistakes(self) -> Sequence[str]:
        """What is wrong where no field shows it."""
        shown = {"name", "rival", "shares", *SHARES}
        shown |= {PLAN + each.pointer for each in self.plan_fields}
        return [sentence for name, sentence in self.mistakes.items() if name not in shown]


def new_trial(program: Program) -> TrialForm:
    """Return the form that a trial of a program begins with: halves, and nothing changed yet."""
    plan = written(program.version.plan)
    shown = plan_fields(plan)
    shares = {"share_a": "50", "share_b": "50", "hold_out": "0"}
    words = {"name": "", "rival": CHANGED, "revision": str(program.revision)}
    return TrialForm(
        fields=words | shares | {each.pointer: typed(plan, each) for each in shown},
        plan_fields=shown,
    )


def typed_trial(fields: Mapping[str, str], program: Program) -> TrialForm:
    """Return the form as it was typed."""
    return TrialForm(fields=fields, plan_fields=plan_fields(written(program.version.plan)))


def corrected(
    fields: Mapping[str, str], program: Program, invalid: ConfigurationInvalid
) -> TrialForm:
    """Return the form as it was typed, with what is wrong."""
    mistakes = {
        _FIELD_OF.get(fault.pointer, fault.pointer.removeprefix("/")): fault.sentence
        for fault in invalid.faults
    }
    return replace(typed_trial(fields, program), mistakes=mistakes)


def read_wish(fields: Mapping[str, str], bench: Bench) -> Wish:
    """Return what the form asks for; raises `ConfigurationInvalid` with every fault."""
    name = fields.get("name", "").strip()
    faults = [fault for fault in version_faults(name, Look()) if fault.pointer == "/name"]
    shares = {each: _share(fields.get(each, "")) for each in SHARES}
    faults += _share_faults(shares)
    rival: Design | int = 0
    try:
        rival = _rival(fields, bench)
    except ConfigurationInvalid as invalid:
        faults += invalid.faults
    if faults:
        raise ConfigurationInvalid(faults)
    held, other, hold_out = (shares[each] or 0 for each in SHARES)
    return Wish(name=name, rival=rival, shares=Shares(held=held, rival=other, hold_out=hold_out))


def _rival(fields: Mapping[str, str], bench: Bench) -> Design | int:
    chosen = fields.get("rival", "")
    held = design_of(bench.program.version)
    if chosen == CHANGED:
        return replace(held, plan=_changed_plan(fields, bench.program))
    for published in bench.versions:
        if chosen == f"{VERSION}{published.version.number}":
            return published.version.number
    for draft in bench.drafts:
        if chosen == f"{DRAFT}{draft.id}":
            return replace(held, plan=draft.version.plan, look=draft.version.look)
    raise ConfigurationInvalid([Fault(RIVAL_POINTER, "Please choose what B gets.")])


def _changed_plan(fields: Mapping[str, str], program: Program) -> Plan:
    plan = written(program.version.plan)
    for each in plan_fields(plan):
        if each.pointer in fields:
            put(plan, each, fields[each.pointer].strip())
    try:
        return read_plan(plan)
    except ConfigurationInvalid as invalid:
        raise ConfigurationInvalid(
            [Fault(f"/{PLAN}{each.pointer}", each.sentence) for each in invalid.faults]
        ) from None


def _share(text: str) -> int | None:
    """Return a share in ten-thousandths, or None for what is none: 33.3 % is 3,330."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        return None
    share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return share if share <= WEIGHTS_TOTAL else None


def _share_faults(shares: Mapping[str, int | None]) -> Iterator[Fault]:
    known = [share for share in shares.values() if share is not None]
    for name, share in shares.items():
        if share is None:
            yield Fault(f"/{name}", "Please give a share from 0 to 100.")
    if len(known) == len(shares) and sum(known) != WEIGHTS_TOTAL:
        yield Fault("/shares", f"The three shares come to {sum(known) / 100:g} %, not to 100 %.")
