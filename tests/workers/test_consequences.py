"""Every fact has a consequence, and a fact nobody can read is told from one that can."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from gateway.domain.events.balances import PointsEarned, PointsExpiring
from gateway.domain.events.base import Event
from gateway.domain.events.cards import CardStamped, EarningReversed
from gateway.domain.events.catalogue import EVENTS
from gateway.domain.events.programs import ProgramEnded, ProgramPublished
from gateway.domain.events.rewards import (
    CatalogueChanged,
    RewardArchived,
    RewardCreated,
    RewardUpdated,
)
from gateway.domain.events.tiers import TierDowngradeAnnounced, TierDowngraded, TierUpgraded
from gateway.domain.events.wishes import CardLinkWanted, LanguageChosen
from gateway.domain.wording import MessageEvent
from gateway.storage.queues.outbox import Fact
from workers.consequences import (
    ChangeLook,
    Notify,
    TellOfEnd,
    UnreadableFactError,
    UpdatePasses,
    consequences,
    follows,
)
from workers.continuations import CardsToChange, CardsToTell

ONE, TWO, NOBODY = UUID(int=1), UUID(int=2), UUID(int=0)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_consequence(event: type[Event]) -> None:
    """Nothing that the services announce is unknown to the workers."""
    data = {
        "card_id": str(ONE),
        "program_id": str(TWO),
        "unit": "point",
        "amount": 5,
        "expires_at": "2026-12-31T23:00:00+00:00",
        "before": "gold",
        "moves_on": "2026-12-31",
        "redeemable_until": "2026-12-31T23:00:00+00:00",
    }

    found = consequences(event.type, data)

    assert {type(each) for each in found} <= {UpdatePasses, ChangeLook, Notify, TellOfEnd}


def test_a_stamp_updates_the_card_and_tells_its_customer() -> None:
    """What an event writes about itself is read back as the same card."""
    event = CardStamped(card_id=ONE, transaction_id=TWO, unit="stamp", stamps=1, balance=3)

    assert consequences(event.type, event.data()) == (
        UpdatePasses(ONE),
        Notify(MessageEvent.STAMP, ONE),
    )


@pytest.mark.parametrize(
    ("event", "about"),
    [
        (
            PointsEarned(card_id=ONE, transaction_id=TWO, points=12, balance=30, pending=0),
            MessageEvent.STAMP,
        ),
        (TierUpgraded(card_id=ONE, before=None, tier="gold"), MessageEvent.TIER_CHANGE),
        (TierDowngraded(card_id=ONE, before="gold", tier=None), MessageEvent.TIER_CHANGE),
    ],
)
def test_points_and_levels_are_told_like_stamps(event: Event, about: MessageEvent) -> None:
    """The card shows them, and its customer hears of them; the level is read from the card."""
    assert consequences(event.type, event.data()) == (UpdatePasses(ONE), Notify(about, ONE))


def test_what_ends_soon_is_told_with_how_much_and_until_when() -> None:
    """Nothing on the card changed: only its customer hears of it."""
    ending = {"unit": "point", "amount": 120, "expires_at": "2026-12-31T23:00:00+00:00"}
    event = PointsExpiring(
        card_id=ONE, unit="point", amount=120, expires_at="2026-12-31T23:00:00+00:00"
    )

    assert consequences(event.type, event.data()) == (Notify(MessageEvent.EXPIRING, ONE, ending),)


def test_a_level_that_may_still_be_kept_is_told_with_the_day_it_ends() -> None:
    """The card says so beside its level, and its customer hears which level it is, and when."""
    event = TierDowngradeAnnounced(
        card_id=ONE, before="gold", tier="silver", moves_on="2026-12-31"
    )

    falling = {"before": "gold", "moves_on": "2026-12-31"}
    assert consequences(event.type, event.data()) == (
        UpdatePasses(ONE),
        Notify(MessageEvent.TIER_NOTICE, ONE, falling),
    )


def test_who_wants_their_link_is_welcomed_again_and_nobody_else_hears_of_it() -> None:
    """The card itself changes nowhere, and the fact is no event that a webhook may ask for."""
    event = CardLinkWanted(card_id=ONE)

    assert consequences(event.type, event.data()) == (Notify(MessageEvent.WELCOME, ONE),)
    assert CardLinkWanted not in EVENTS


def test_another_language_changes_the_card_and_nobody_is_told() -> None:
    """Its passes are written anew, and no webhook may ask for it."""
    event = LanguageChosen(card_id=ONE)

    assert consequences(event.type, event.data()) == (UpdatePasses(ONE),)
    assert LanguageChosen not in EVENTS


def test_a_correction_is_no_news_for_the_customer() -> None:
    """A stamp taken back changes the card, and nobody is written to about it."""
    fact = Fact(
        id=TWO,
        type=EarningReversed.type,
        data={"card_id": str(ONE)},
        announced_at=datetime(2026, 1, 1, tzinfo=UTC),
    )

    follow = follows([fact])

    assert follow.cards == {ONE: TWO}
    assert follow.notices == []


def test_a_long_change_of_look_goes_on_where_it_stopped() -> None:
    """A publication begins with the first card, its continuation after the last one changed."""
    published = ProgramPublished(program_id=ONE, program_version_id=TWO)
    rest = CardsToChange(program_id=ONE, after_card_id=TWO)

    assert consequences(published.type, published.data()) == (ChangeLook(ONE, NOBODY),)
    assert consequences(rest.type, rest.data()) == (ChangeLook(ONE, TWO),)


@pytest.mark.parametrize("kind", [RewardCreated, RewardUpdated, RewardArchived])
@pytest.mark.parametrize(
    ("unit", "followed"), [("point", (ChangeLook(ONE, NOBODY),)), ("stamp", ())]
)
def test_what_points_are_spent_on_stands_on_cards(
    kind: type[CatalogueChanged], unit: str, followed: tuple[ChangeLook, ...]
) -> None:
    """A change of the catalogue reaches wallets; what costs anything else is named on no card."""
    event = kind(
        reward_id=TWO, program_id=ONE, name="Cake", unit=unit, cost=5, stock=None, by="staff"
    )

    assert consequences(event.type, event.data()) == followed


def test_an_end_is_told_from_the_first_card_on_and_goes_on_where_it_stopped() -> None:
    """With until when what was collected can be used."""
    until = "2027-03-31T22:00:00+00:00"
    ended = ProgramEnded(
        program_id=ONE,
        name="Coffee card",
        rule_types=("stamps",),
        status="ended",
        previous_status="active",
        by="system",
        redeemable_until=until,
    )
    rest = CardsToTell(program_id=ONE, after_card_id=TWO, redeemable_until=until)

    assert consequences(ended.type, ended.data()) == (TellOfEnd(ONE, NOBODY, until),)
    assert consequences(rest.type, rest.data()) == (TellOfEnd(ONE, TWO, until),)


@pytest.mark.parametrize(
    ("fact_type", "data"),
    [
        ("loyalty.card.eaten", {"card_id": str(ONE)}),
        (CardStamped.type, {}),
        (CardStamped.type, {"card_id": "not an id"}),
        (CardStamped.type, {"card_id": 7}),
        (CardStamped.type, {"card_id": None}),
        (PointsExpiring.type, {"card_id": str(ONE), "unit": "point", "amount": 5}),
    ],
)
def test_an_unreadable_fact_says_so(fact_type: str, data: dict[str, object]) -> None:
    """An unknown type or missing, mistyped or broken data is one kind of error."""
    with pytest.raises(UnreadableFactError):
        consequences(fact_type, data)
