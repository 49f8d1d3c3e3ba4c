"""Qualifying: the shares of a refund sum exactly, and only what counts is counted."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.ledger import AMOUNT_MAX
from gateway.domain.rules.happenings import Line, Sale
from gateway.domain.rules.qualifying import (
    QUANTITY_MAX,
    Counted,
    counted,
    fault,
    nets,
    of_category,
    total,
)

IMPOSSIBLE = "A line of this purchase has an amount or quantity that cannot be."


def a_sale(*lines: Line, paid: int | None = None, refunded: int = 0) -> Sale:
    paid = sum(line.amount for line in lines) if paid is None else paid
    return Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=lines)


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    amounts = draw(st.lists(st.integers(0, 2_000), max_size=6))
    lines = tuple(
        Line(
            amount=amount,
            tax=draw(st.integers(0, amount)),
            refunded=draw(st.integers(0, amount)),
            quantity=draw(st.integers(1, 4)),
            category=draw(st.sampled_from([None, "coffee", "tips"])),
        )
        for amount in amounts
    )
    paid = sum(amounts) if amounts else draw(st.integers(0, 2_000))
    listed = sum(line.refunded for line in lines)
    refunded = draw(st.integers(listed, paid))
    return Sale(currency="EUR", total_paid=paid, total_refunded=refunded, lines=lines)


@given(sales())
def test_what_is_left_of_the_lines_is_what_is_left_of_the_sale(sale: Sale) -> None:
    """Not a cent is lost or made, and no line has less than nothing or more than before."""
    left = nets(sale)
    assert sum(left) == sale.net
    lines = sale.lines or (Line(amount=sale.total_paid),)
    assert all(
        0 <= net <= line.amount - line.refunded for net, line in zip(left, lines, strict=True)
    )


@given(sales())
def test_a_share_is_less_than_a_coin_from_exact_proportion(sale: Sale) -> None:
    """Every line gives its share of what no line names, rounded up or down."""
    left = [line.amount - line.refunded for line in sale.lines]
    unlisted = sum(left) - sale.net
    for before, net in zip(left, nets(sale) if sale.lines else (), strict=True):
        exact = Fraction(unlisted * before, sum(left)) if sum(left) else Fraction(0)
        assert abs((before - net) - exact) < 1


@given(sales())
def test_before_tax_is_never_below_nothing_and_never_above_after_tax(sale: Sale) -> None:
    """Tax is a part of a line."""
    before = counted(sale, (), is_before_tax=True)
    after = counted(sale, (), is_before_tax=False)
    assert total(after) == sale.net
    assert all(0 <= low.amount <= high.amount for low, high in zip(before, after, strict=True))


def test_the_largest_remainder_gets_the_coin_and_of_equal_ones_the_earlier() -> None:
    """Ten cents from three lines of a euro, and from unequal ones."""
    three = [Line(amount=100)] * 3
    assert nets(a_sale(*three, refunded=10)) == (96, 97, 97)
    assert nets(a_sale(Line(amount=100), Line(amount=250), refunded=10)) == (97, 243)


def test_what_a_line_names_is_taken_from_it_first() -> None:
    """Only the rest of a refund is shared, by what is left."""
    sale = a_sale(Line(amount=500, refunded=500), Line(amount=300), refunded=600)
    assert nets(sale) == (0, 200)


def test_a_sale_without_lines_is_one_line_of_no_category() -> None:
    """It counts as a whole."""
    (line,) = counted(a_sale(paid=500, refunded=100), ("tips",), is_before_tax=False)
    assert line == Counted(None, 400, Fraction(4, 5))


def test_what_never_earns_and_what_was_refunded_wholly_is_left_out() -> None:
    """Tips do not count, nor does a line of which nothing is left."""
    sale = a_sale(
        Line(amount=100, category="tips"),
        Line(amount=300, category="coffee", quantity=3),
        Line(amount=200, category="cake", refunded=200),
        refunded=200,
    )
    assert counted(sale, ("tips",), is_before_tax=False) == (Counted("coffee", 300, Fraction(3)),)


def test_tax_is_taken_off_in_the_share_that_is_left() -> None:
    """Half of a line has half of its tax, half a cent up."""
    sale = a_sale(Line(amount=117, tax=17, refunded=58), refunded=58)
    (line,) = counted(sale, (), is_before_tax=True)
    assert line.amount == 59 - 9


def test_items_that_cost_the_same_are_kept_whole_whatever_the_shares() -> None:
    """Of three coffees one refunded without its line leaves two."""
    sale = a_sale(*[Line(amount=500)] * 3, refunded=500)
    assert sum(line.items for line in counted(sale, (), is_before_tax=False)) == 2


def test_lines_of_a_category() -> None:
    """None is all of them."""
    coffee, other = Counted("coffee", 1, Fraction(1)), Counted(None, 2, Fraction(1))
    assert of_category((coffee, other), "coffee") == (coffee,)
    assert of_category((coffee, other), None) == (coffee, other)


@pytest.mark.parametrize(
    ("sale", "sentence"),
    [
        (Sale(currency="USD", total_paid=1), "This program counts EUR, not USD."),
        (a_sale(paid=-1), f"A purchase is 0 to {AMOUNT_MAX:,} of the smallest coin."),
        (a_sale(paid=AMOUNT_MAX + 1), f"A purchase is 0 to {AMOUNT_MAX:,} of the smallest coin."),
        (a_sale(paid=10, refunded=11), "No more can be refunded than was paid."),
        (a_sale(paid=10, refunded=-1), "No more can be refunded than was paid."),
        (a_sale(Line(amount=9), paid=10), "The lines do not add up to what was paid."),
        (
            a_sale(Line(amount=10, refunded=2), refunded=1),
            "The lines say that more was refunded than the purchase does.",
        ),
        (a_sale(Line(amount=10, refunded=11), refunded=10), IMPOSSIBLE),
        (a_sale(Line(amount=10, refunded=-1), refunded=10), IMPOSSIBLE),
        (a_sale(Line(amount=10, tax=11)), IMPOSSIBLE),
        (a_sale(Line(amount=10, tax=-1)), IMPOSSIBLE),
        (a_sale(Line(amount=10, quantity=0)), IMPOSSIBLE),
        (a_sale(Line(amount=10, quantity=QUANTITY_MAX + 1)), IMPOSSIBLE),
        (a_sale(Line(amount=20), Line(amount=-10)), IMPOSSIBLE),
    ],
)
def test_a_sale_that_cannot_be_is_told_why(sale: Sale, sentence: str) -> None:
    """Every contradiction has a sentence."""
    found = fault(sale, "EUR")
    assert found is not None
    assert found.sentence == sentence


@pytest.mark.parametrize(
    "sale",
    [
        a_sale(paid=0),
        a_sale(paid=AMOUNT_MAX, refunded=AMOUNT_MAX),
        a_sale(Line(amount=10, tax=10, refunded=10, quantity=QUANTITY_MAX), refunded=10),
        a_sale(Line(amount=0)),
    ],
)
def test_a_sale_at_its_limits_is_right(sale: Sale) -> None:
    """What is just allowed is allowed."""
    assert fault(sale, "EUR") is None
