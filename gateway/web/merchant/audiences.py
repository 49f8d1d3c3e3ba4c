"""For whom a program is: a saved segment, chosen in its form, is copied into its plan."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.domain.configurations.faults import ConfigurationInvalid, Fault
from gateway.domain.configurations.reading import read
from gateway.domain.configurations.writing import written
from gateway.domain.segments import Segment
from gateway.presenters.segment_words import segment_words
from gateway.storage.cards.segments import SavedSegment
from gateway.web.merchant.plan_fields import Document, currency_of
from gateway.web.parsing import strict_json
from gateway.web.refusals import JsonRefusal

AUDIENCE = "audience"
"""The name of the field; empty leaves the plan's audience as it is."""
EVERYBODY = "everybody"
AUDIENCE_POINTER = "/plan/audience"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceChoice:
    """What the field offers: the merchant's segments, and the words for what the plan says now.

    `words` is empty for everybody; `source` is the segment with the plan's conditions, if any.
    """

    segments: Sequence[SavedSegment]
    words: str = ""
    source: str = ""


def with_audience(fields: Mapping[str, str], segments: Sequence[SavedSegment]) -> dict[str, str]:
    """Return the form with what was chosen copied into its plan, and nothing chosen any more.

    A plan that cannot be read stays as it was typed, for the rules to find fault with. Raises
    `ConfigurationInvalid` for a segment that is not there.
    """
    chosen = fields.get(AUDIENCE, "")
    known = {str(each.id): each.segment for each in segments}
    if chosen and chosen != EVERYBODY and chosen not in known:
        raise ConfigurationInvalid([Fault(AUDIENCE_POINTER, "This segment does not exist.")])
    plan = _plan(fields)
    if not chosen or plan is None:
        return dict(fields)
    plan.pop("audience", None)
    if chosen != EVERYBODY:
        plan["audience"] = written(known[chosen])
    text = json.dumps(plan, indent=2, ensure_ascii=False)
    return dict(fields) | {"plan": text, AUDIENCE: ""}


def audience_choice(fields: Mapping[str, str], segments: Sequence[SavedSegment]) -> AudienceChoice:
    """Return what the field offers beside the plan that stands in the form."""
    plan = _plan(fields) or {}
    if not plan.get("audience"):
        return AudienceChoice(segments=segments)
    try:
        audience = read(Segment, plan["audience"])
    except ConfigurationInvalid:
        return AudienceChoice(segments=segments, words="the conditions in the plan below")
    return AudienceChoice(
        segments=segments,
        words=segment_words(audience, currency_of(plan)),
        source=next((each.name for each in segments if each.segment == audience), ""),
    )


def _plan(fields: Mapping[str, str]) -> Document | None:
    try:
        plan = strict_json.load(fields.get("plan", "").encode("utf-8", "replace"))
    except JsonRefusal:
        return None
    return plan if isinstance(plan, dict) else None
