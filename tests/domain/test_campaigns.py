"""A campaign's rules: where each command leads, and which plans can be carried out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from uuid import UUID

import pytest

from gateway.domain.campaigns import (
    AHEAD_MAX,
    Audience,
    CampaignCannot,
    CampaignCommand,
    CampaignStatus,
    Content,
    Plan,
    check_plan,
    check_time,
    next_status,
)
from gateway.domain.errors import Invalid
from gateway.domain.messages import Channel

NOW = datetime(2026, 11, 21, tzinfo=UTC)
S, C = CampaignStatus, CampaignCommand
PLAN = Plan(
    name="Cake",
    channels=tuple(Channel),
    contents={"en": Content(subject="Cake", body="Come.", sms="Come.", wallet="Come.")},
    per_minute_max=60,
)
WAYS = {
    (S.DRAFT, C.SCHEDULE): S.SCHEDULED,
    (S.DRAFT, C.CANCEL): S.CANCELLED,
    (S.SCHEDULED, C.UNSCHEDULE): S.DRAFT,
    (S.SCHEDULED, C.CANCEL): S.CANCELLED,
    (S.SCHEDULED, C.PREPARE): S.PREPARING,
    (S.PREPARING, C.BEGIN): S.SENDING,
    (S.PREPARING, C.CANCEL): S.CANCELLED,
    (S.PREPARING, C.FAIL): S.FAILED,
    (S.SENDING, C.PAUSE): S.PAUSED,
    (S.SENDING, C.CANCEL): S.CANCELLED,
    (S.SENDING, C.FINISH): S.SENT,
    (S.SENDING, C.FAIL): S.FAILED,
    (S.PAUSED, C.RESUME): S.SENDING,
    (S.PAUSED, C.CANCEL): S.CANCELLED,
}


@pytest.mark.parametrize(("status", "command"), list(product(S, C)))
def test_each_command_leads_where_it_should(
    status: CampaignStatus, command: CampaignCommand
) -> None:
    """There is a way from here, or a refusal that says from where there is none."""
    expected = WAYS.get((status, command))
    if expected is not None:
        assert next_status(status, command) is expected
        return
    with pytest.raises(CampaignCannot) as refused:
        next_status(status, command)
    assert refused.value.detail == {"status": status}
    assert refused.value.sentence == f"A campaign that is {status} cannot {command}."


@pytest.mark.parametrize("status", S)
def test_what_is_over_stays_over(status: CampaignStatus) -> None:
    """From an end no command leads anywhere; from everywhere else some do."""
    assert status.is_over is not any(before is status for before, _ in WAYS)


def test_everybody_is_an_audience_that_leaves_nobody_out() -> None:
    """A program alone leaves out none of its holders; any other filter may."""
    assert Audience().is_everybody
    assert not Audience(language="fr").is_everybody
    assert not Audience(stamps_min=0).is_everybody
    assert not Audience(tier="gold").is_everybody
    assert not Audience(segment_id=UUID(int=1)).is_everybody


def test_a_good_plan_is_let_through() -> None:
    """With words for every channel in the language that stands in, and nothing out of range."""
    check_plan(PLAN, "en")
    check_plan(replace(PLAN, per_minute_max=None, audience=Audience(stamps_min=1)), "en")
    least = Audience(stamps_min=0, stamps_max=0, visited_days_min=0, visited_days_max=0)
    check_plan(replace(PLAN, name="a" * 80, per_minute_max=1, audience=least), "en")
    check_plan(replace(PLAN, audience=Audience(stamps_max=0, visited_days_max=0)), "en")
    most = Audience(stamps_max=10_000, visited_days_max=3_650)
    check_plan(replace(PLAN, per_minute_max=60_000, audience=most), "en")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"channels": ()}, "channels"),
        ({"contents": {}}, "contents"),
        ({"contents": {"fr": PLAN.contents["en"]}}, "contents"),
        ({"contents": {"en": Content(body="b", sms="s", wallet="w")}}, "contents"),
        ({"contents": {"en": Content(subject="s", body="b", wallet="w")}}, "contents"),
        ({"contents": {"en": Content(subject="s", body="b", sms="s")}}, "contents"),
        ({"per_minute_max": 0}, "per_minute_max"),
        ({"per_minute_max": 60_001}, "per_minute_max"),
        ({"audience": Audience(stamps_min=-1)}, "stamps_min"),
        ({"audience": Audience(stamps_min=3, stamps_max=2)}, "stamps_max"),
        ({"audience": Audience(visited_days_min=3_651)}, "visited_days_min"),
        ({"audience": Audience(visited_days_min=9, visited_days_max=8)}, "visited_days_max"),
        ({"audience": Audience(tier="g" * 21)}, "tier"),
    ],
)
def test_a_plan_nobody_can_carry_out_is_refused(changes: dict[str, object], field: str) -> None:
    """A sentence stands beside the field it is about, and nowhere else."""
    with pytest.raises(Invalid) as refused:
        check_plan(replace(PLAN, **changes), "en")  # type: ignore[arg-type]
    errors = refused.value.detail["errors"]
    assert isinstance(errors, dict)
    assert list(errors) == [field]
    assert refused.value.sentence == "Please check the campaign."


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Please give the campaign a name."),
        ({"channels": ()}, "channels", "Please choose at least one way to send it."),
        (
            {"contents": {}},
            "contents",
            f"Please write the text for {', '.join(Channel)} in en.",
        ),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], field: str, sentence: str) -> None:
    """In words that say what to do."""
    with pytest.raises(Invalid) as refused:
        check_plan(replace(PLAN, **changes), "en")  # type: ignore[arg-type]
    assert refused.value.detail == {"errors": {field: sentence}}


def test_a_campaign_begins_within_a_year() -> None:
    """The past means at once; years ahead is a slip of the finger."""
    check_time(NOW - timedelta(days=9), NOW)
    check_time(NOW + AHEAD_MAX, NOW)
    check_time(NOW - AHEAD_MAX, NOW)
    with pytest.raises(Invalid, match=r"^Please check the campaign\.$") as refused:
        check_time(NOW + AHEAD_MAX + timedelta(seconds=1), NOW)
    sentence = "Please choose a time within 365 days."
    assert refused.value.detail == {"errors": {"scheduled_at": sentence}}
    with pytest.raises(Invalid):
        check_time(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), NOW)
