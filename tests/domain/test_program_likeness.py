"""Programs that are much like each other: the same either way round, and only a caution."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.program_likeness import CAUTIONS_MAX, Caution, are_alike, cautions
from gateway.domain.programs import Look, Program, ProgramStatus, ProgramVersion
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.schedules import Schedule, Weekday
from gateway.domain.rules.stamps import PunchRule, ValidHours
from tests.plans import hybrid_plan, points_plan, punch_plan, stamp_plan, tier_plan

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HERE, THERE = UUID(int=11), UUID(int=12)

HOURS = st.builds(ValidHours, start=st.integers(0, 23), end=st.integers(0, 24))
SCHEDULES = st.builds(
    Schedule,
    weekdays=st.lists(st.sampled_from(Weekday), max_size=2, unique=True).map(tuple),
    hours=st.lists(HOURS, max_size=2).map(tuple),
)
MOMENTS = st.none() | st.integers(-3, 3).map(lambda days: NOW + days * DAY)


def a_program(number: int = 1, plan: Plan | None = None, **fields: object) -> Program:
    """Return a program that runs."""
    program_id = UUID(int=number)
    version = ProgramVersion(
        id=UUID(int=100 + number),
        program_id=program_id,
        number=1,
        name=f"Card {number}",
        plan=plan or stamp_plan(),
        look=Look(),
    )
    program = Program(id=program_id, status=ProgramStatus.ACTIVE, revision=1, version=version)
    return replace(program, **fields)  # type: ignore[arg-type]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Draw a program of few enough kinds, places and times that two of them often meet."""
    kind = draw(st.sampled_from([stamp_plan(), punch_plan(), points_plan(), hybrid_plan()]))
    places = st.lists(st.sampled_from([HERE, THERE]), max_size=2, unique=True).map(tuple)
    rules = kind.rules
    if isinstance(rules[0], PunchRule):
        rules = (replace(rules[0], valid_hours=draw(st.none() | HOURS)),)
    plan = replace(kind, rules=rules, locations=draw(places), schedule=draw(SCHEDULES))
    return a_program(
        draw(st.integers(1, 9)),
        plan,
        status=draw(st.sampled_from(ProgramStatus)),
        starts_at=draw(MOMENTS),
        ends_at=draw(MOMENTS),
        deleted_at=draw(st.none() | st.just(NOW)),
    )


@given(programs(), programs())
def test_likeness_is_the_same_either_way_round(one: Program, other: Program) -> None:
    """Whichever of two was there first, its merchant is told the same."""
    assert are_alike(one, other) == are_alike(other, one)


@given(programs(), programs())
def test_what_ended_or_was_deleted_is_like_nothing(one: Program, other: Program) -> None:
    """Nobody can be asked for its card."""
    for gone in (replace(other, status=ProgramStatus.ENDED), replace(other, deleted_at=NOW)):
        assert not are_alike(one, gone)
        assert cautions(one, [gone]) == cautions(gone, [one]) == ()


@given(programs())
def test_what_may_run_at_all_is_like_its_own_copy(program: Program) -> None:
    """A duplicate asks the same of the same customers, whatever that is."""
    able = replace(
        program,
        status=ProgramStatus.ACTIVE,
        deleted_at=None,
        starts_at=None,
        ends_at=None,
        version=replace(program.version, plan=replace(program.version.plan, schedule=Schedule())),
    )
    copy = replace(able, id=UUID(int=99), status=ProgramStatus.DRAFT)
    assert are_alike(able, copy)
    assert [each.code for each in cautions(copy, [able])] == ["much_like_another"]
    assert cautions(able, [able]) == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (stamp_plan(3), stamp_plan(10, "Tea"), True),
        (stamp_plan(), punch_plan(), False),
        (stamp_plan(), hybrid_plan(), True),
        (points_plan(), tier_plan(), True),
    ],
)
def test_the_leading_rule_decides(one: Plan, other: Plan, *, expected: bool) -> None:
    """What a card shows first is what customers know it by; how much it takes does not matter."""
    assert are_alike(a_program(1, one), a_program(2, other)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((), (HERE,), True),
        ((HERE,), (), True),
        ((HERE,), (THERE, HERE), True),
        ((HERE,), (THERE,), False),
    ],
)
def test_they_share_a_place(
    one: tuple[UUID, ...], other: tuple[UUID, ...], *, expected: bool
) -> None:
    """No place named is every place."""
    plans = (replace(stamp_plan(), locations=places) for places in (one, other))
    assert are_alike(*map(a_program, (1, 2), plans)) is expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (None, None, True),
        (NOW + DAY, None, True),
        (NOW + 2 * DAY, None, False),
        (None, NOW, False),
        (None, NOW + timedelta(seconds=1), True),
    ],
)
def test_they_run_at_the_same_time(
    starts: datetime | None, ends: datetime | None, *, expected: bool
) -> None:
    """One that begins when the other is over follows it."""
    running = a_program(1, starts_at=NOW, ends_at=NOW + 2 * DAY)
    assert are_alike(a_program(2, starts_at=starts, ends_at=ends), running) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Schedule(), Schedule(weekdays=(Weekday.MONDAY,)), True),
        (Schedule(weekdays=(Weekday.SUNDAY,)), Schedule(weekdays=(Weekday.MONDAY,)), False),
        (Schedule(), Schedule(hours=(ValidHours(start=7, end=11),)), True),
        (
            Schedule(hours=(ValidHours(start=7, end=11),)),
            Schedule(hours=(ValidHours(start=11, end=14),)),
            False,
        ),
        (
            Schedule(hours=(ValidHours(start=22, end=2),)),
            Schedule(hours=(ValidHours(start=2, end=22),)),
            False,
        ),
        (
            Schedule(hours=(ValidHours(start=22, end=2),)),
            Schedule(hours=(ValidHours(start=20, end=23),)),
            True,
        ),
        (
            Schedule(hours=(ValidHours(start=22, end=2),)),
            Schedule(hours=(ValidHours(start=1, end=2),)),
            True,
        ),
        (
            Schedule(hours=(ValidHours(start=22, end=2),)),
            Schedule(hours=(ValidHours(start=9, end=12), ValidHours(start=1, end=3))),
            True,
        ),
    ],
)
def test_they_hold_on_the_same_days_and_hours(
    one: Schedule, other: Schedule, *, expected: bool
) -> None:
    """Monday's card and Sunday's, breakfast's and lunch's are never asked for together."""
    plans = (replace(stamp_plan(), schedule=schedule) for schedule in (one, other))
    assert are_alike(*map(a_program, (1, 2), plans)) is expected


def test_the_hours_of_a_punch_card_count_too() -> None:
    """Where its schedule leaves none of them, it is like nothing."""
    early, late = ValidHours(start=7, end=11), ValidHours(start=11, end=15)
    rule = punch_plan().rules[0]
    assert isinstance(rule, PunchRule)
    breakfast = replace(punch_plan(), rules=(replace(rule, valid_hours=early),))
    lunch = replace(punch_plan(), rules=(replace(rule, valid_hours=late),))
    never = replace(breakfast, schedule=Schedule(hours=(late,)))
    assert are_alike(a_program(1, breakfast), a_program(2, punch_plan()))
    assert not are_alike(a_program(1, breakfast), a_program(2, lunch))
    assert not are_alike(a_program(1, never), a_program(2, never))


def test_a_caution_names_the_other_and_points_at_the_rule() -> None:
    """The rule is where the merchant would change something; a few names are enough."""
    plan = hybrid_plan()
    backwards = replace(plan, rules=plan.rules[::-1])
    (told,) = cautions(a_program(1, backwards), [a_program(2)])
    assert told == Caution(
        "much_like_another",
        f"/plan/rules/{len(plan.rules) - 1}",
        "“Card 2” runs at the same places and times and counts the same way. "
        "Customers may not know which card to show.",
    )
    many = [a_program(number) for number in range(2, 12)]
    assert len(cautions(a_program(1), many)) == CAUTIONS_MAX
