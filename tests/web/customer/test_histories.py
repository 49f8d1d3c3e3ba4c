"""A card's history and deadlines, in the words of its customer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.ledger import Account, TransactionKind
from gateway.domain.merging import Part
from gateway.domain.rules.outcomes import Explanation
from gateway.domain.wording import Language
from gateway.storage.cards.transaction_rows import HistoryLine, Movement
from gateway.web.customer.histories import DEADLINES_MAX, LINES_MAX, Reader, tell, tell_deadlines
from tests.plans import hybrid_plan, spending_plan

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
READER = Reader(Language.EN, ZoneInfo("Europe/Luxembourg"))


def line(
    kind: TransactionKind, *movements: tuple[str, Account, int], undone: bool = False
) -> HistoryLine:
    """Return a transaction that moved so much of each unit's account."""
    return HistoryLine(
        transaction_id=UUID(int=1),
        number=1,
        kind=kind,
        occurred_at=NOON,
        movements=tuple(
            Movement(unit=unit, account=account, delta=delta, balance_after=0)
            for unit, account, delta in movements
        ),
        reversed=undone,
        sale_id=None,
        reason=None,
        location_id=None,
        staff_id=None,
        source="till",
        explanations=(),
    )


@pytest.mark.parametrize(
    ("happened", "words", "amounts"),
    [
        (
            line(
                TransactionKind.EARN,
                ("stamp", Account.AVAILABLE, 1),
                ("point", Account.PENDING, 1200),
                ("remainder:stamps", Account.AVAILABLE, 40),
            ),
            "Collected",
            "+1 stamp, +1,200 points",
        ),
        (
            line(TransactionKind.EARN, ("voucher:spending", Account.AVAILABLE, 1)),
            "Collected",
            "+A cake",
        ),
        (line(TransactionKind.EARN), "Collected", ""),
        (
            line(
                TransactionKind.RELEASE,
                ("point", Account.PENDING, -80),
                ("point", Account.AVAILABLE, 80),
            ),
            "Can be used now",
            "+80 points",
        ),
        (
            line(
                TransactionKind.REDEEM,
                ("stamp", Account.RESERVED, -3),
                ("stamp", Account.REDEEMED, 3),
            ),
            "Reward collected",
            "\u22123 stamps",
        ),
        (
            line(TransactionKind.EXPIRE, ("point", Account.AVAILABLE, -1)),
            "Expired",
            "\u22121 point",
        ),
        (
            line(TransactionKind.REFUND, ("point", Account.AVAILABLE, -12)),
            "Refund of a purchase",
            "\u221212 points",
        ),
        (
            line(TransactionKind.ADJUST, ("point", Account.AVAILABLE, 50)),
            "Corrected by the shop",
            "+50 points",
        ),
    ],
)
def test_what_happened_is_told_in_plain_words(
    happened: HistoryLine, words: str, amounts: str
) -> None:
    """With all that came and went, but for what was too little for a stamp."""
    plan = spending_plan() if "cake" in amounts else hybrid_plan()
    (told,) = tell([happened], plan, READER)

    assert (told.words, told.amounts, told.text) == (words, amounts, "Fri 20 Nov, 13:00")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.EN, ("Nothing collected", "Nothing in this purchase counts.")),
        (Language.FR, ("Rien collecté", "Rien dans cet achat ne compte.")),
        (Language.DE, ("Nichts gesammelt", "Nichts an diesem Einkauf zählt.")),
        (Language.LB, ("Näischt gesammelt", "Näischt un dësem Akaf zielt.")),
    ],
)
def test_a_visit_that_gave_nothing_says_why(language: Language, told: tuple[str, str]) -> None:
    """By the code that the rules gave, in the customer's language."""
    said = Explanation(
        rule="stamps", unit="stamp", matched=False, wanted=0, given=0, reason="nothing_counts"
    )
    empty = replace(line(TransactionKind.EARN), explanations=(said,))
    brought = replace(
        line(TransactionKind.EARN, ("stamp", Account.AVAILABLE, 1)), explanations=(said,)
    )
    nothing, something = tell([empty, brought], hybrid_plan(), replace(READER, language=language))

    assert (nothing.words, nothing.why) == told
    assert something.why == ""


@pytest.mark.parametrize(
    ("language", "told", "deadline"),
    [
        (Language.FR, ("Collecté", "+1 tampon", "ven. 20 nov., 13:00"), "120 points"),
        (Language.DE, ("Gesammelt", "+1 Stempel", "Fr 20. Nov., 13:00"), "120 Punkte"),
        (Language.LB, ("Gesammelt", "+1 Stempel", "Fr 20. Nov., 13:00"), "120 Punkten"),
    ],
)
def test_a_history_is_told_in_its_customers_language(
    language: Language, told: tuple[str, str, str], deadline: str
) -> None:
    """Words, amounts and moments; what ends as well."""
    reader = replace(READER, language=language)
    earned = line(TransactionKind.EARN, ("stamp", Account.AVAILABLE, 1))
    (first,) = tell([earned], hybrid_plan(), reader)
    part = Part(
        unit="point",
        account=Account.AVAILABLE,
        amount=120,
        usable_from=None,
        expires_at=NOON,
    )
    (ending,) = tell_deadlines([part], hybrid_plan(), reader)

    assert (first.words, first.amounts, first.text) == told
    assert ending.amount == deadline


def test_what_was_undone_or_only_set_aside_is_not_told() -> None:
    """A customer reads what they have, not what staff pressed."""
    quiet = (TransactionKind.RESERVE, TransactionKind.CANCEL, TransactionKind.LAPSE)
    lines = [line(kind) for kind in (*quiet, TransactionKind.REVERSE)]
    lines.append(line(TransactionKind.EARN, undone=True))

    assert tell(lines, hybrid_plan(), READER) == []
    assert len(tell([line(TransactionKind.EARN)] * 9, hybrid_plan(), READER)) == LINES_MAX


def test_what_ends_is_told_with_its_last_day_at_the_shop() -> None:
    """Soonest first; what ends as a day begins can be used up to the evening before."""
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)

    def part(unit: str, days: int) -> Part:
        return Part(
            unit=unit,
            account=Account.AVAILABLE,
            amount=120,
            usable_from=None,
            expires_at=midnight + timedelta(days=days),
        )

    parts = [part("remainder:stamps", 0), *(part("point", days) for days in range(9))]
    told = tell_deadlines(parts, hybrid_plan(), READER)

    assert len(told) == DEADLINES_MAX
    assert [(each.amount, each.text) for each in told[:2]] == [
        ("120 points", "31 December 2026"),
        ("120 points", "1 January 2027"),
    ]
