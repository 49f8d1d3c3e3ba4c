"""Qualifying: which lines of a sale count, and for how much after tax and refunds."""

from dataclasses import dataclass
from fractions import Fraction

from gateway.domain.errors import Invalid
from gateway.domain.ledger import AMOUNT_MAX
from gateway.domain.rules.happenings import Line, Sale

QUANTITY_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """A line as it counts: `amount` in minor units, and how many of its items were kept.

    Of an item that was refunded in part, a part is kept.
    """

    category: str | None
    amount: int
    items: Fraction


def fault(sale: Sale, currency: str) -> Invalid | None:
    """Return why a sale cannot be right, in the plan's currency, or None."""
    if sale.currency != currency:
        return Invalid(f"This program counts {currency}, not {sale.currency}.")
    if not 0 <= sale.total_paid <= AMOUNT_MAX:
        return Invalid(f"A purchase is 0 to {AMOUNT_MAX:,} of the smallest coin.")
    if not 0 <= sale.total_refunded <= sale.total_paid:
        return Invalid("No more can be refunded than was paid.")
    return _line_fault(sale) if sale.lines else None


def _line_fault(sale: Sale) -> Invalid | None:
    if not all(_is_sound(line) for line in sale.lines):
        return Invalid("A line of this purchase has an amount or quantity that cannot be.")
    if sum(line.amount for line in sale.lines) != sale.total_paid:
        return Invalid("The lines do not add up to what was paid.")
    if sum(line.refunded for line in sale.lines) > sale.total_refunded:
        return Invalid("The lines say that more was refunded than the purchase does.")
    return None


def _is_sound(line: Line) -> bool:
    within = 0 <= line.tax <= line.amount and 0 <= line.refunded <= line.amount
    return within and 1 <= line.quantity <= QUANTITY_MAX


def nets(sale: Sale) -> tuple[int, ...]:
    """Return what is left of each line once all refunds are taken off; together `sale.net`.

    Refunds that no line names are shared in proportion to what is left of each line, in whole
    minor units by the largest remainder; of equal remainders the earlier line gets it.
    """
    left = [line.amount - line.refunded for line in _lines(sale)]
    total = sum(left)
    unlisted = total - sale.net
    if not unlisted:
        return tuple(left)
    shares = [divmod(unlisted * amount, total) for amount in left]
    missing = unlisted - sum(whole for whole, _ in shares)
    order = sorted(range(len(shares)), key=lambda place: -shares[place][1])
    extra = set(order[:missing])
    return tuple(
        amount - whole - (place in extra)
        for place, (amount, (whole, _)) in enumerate(zip(left, shares, strict=True))
    )


def counted(sale: Sale, excluded: tuple[str, ...], *, is_before_tax: bool) -> tuple[Counted, ...]:
    """Return the lines that count and of which something is left.

    Before tax, a line that was refunded in part has the same share of its tax taken off, rounded
    half up to a whole minor unit.
    """
    return tuple(
        Counted(line.category, _taxed(line, net, is_before_tax=is_before_tax), _kept(line, net))
        for line, net in zip(_lines(sale), nets(sale), strict=True)
        if net and line.category not in excluded
    )


def of_category(lines: tuple[Counted, ...], category: str | None) -> tuple[Counted, ...]:
    """Return the lines of a category; None is all of them."""
    return tuple(line for line in lines if category in {None, line.category})


def total(lines: tuple[Counted, ...]) -> int:
    """Return what lines come to, in minor units."""
    return sum(line.amount for line in lines)


def _lines(sale: Sale) -> tuple[Line, ...]:
    return sale.lines or (Line(amount=sale.total_paid),)


def _taxed(line: Line, net: int, *, is_before_tax: bool) -> int:
    if not is_before_tax:
        return net
    return net - (2 * line.tax * net + line.amount) // (2 * line.amount)


def _kept(line: Line, net: int) -> Fraction:
    return Fraction(line.quantity * net, line.amount)
