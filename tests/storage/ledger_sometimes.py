"""What a run of the ledger's machine has to have seen, so that it proves something."""

from collections.abc import Iterator, Sequence

from tests.storage.ledger_cards import GRACE_DAYS, Card
from tests.storage.ledger_model import Model
from tests.storage.ledger_programs import HALF, SPENDING
from tests.storage.ledger_shapes import Step, Told

_VERBS = (
    "visit",
    "sale",
    "undo",
    "reserve",
    "redeem",
    "cancel",
    "lapse",
    "take_back",
    "adjust",
    "transfer",
    "merge",
    "expire",
    "release",
)
SOMETIMES = {
    *(f"{verb} done" for verb in _VERBS),
    "refused",
    "refunded in part",
    "refunded in all",
    "late state of a sale",
    "raised sale",
    "followed to another card",
    "owing",
    "capped",
    "milestone",
    "voucher taken back",
    "something released",
    "something expired",
    "back after its end",
    "replayed",
    "refusal replayed",
    "key reused",
    "at once",
    "rush",
    "one sale at once",
    "same key at once",
    "race lost",
}


def notable(
    before: Model, after: Model, steps: Sequence[Step], answers: Sequence[Told]
) -> Iterator[str]:
    """Yield what is worth counting of steps taken at once."""
    for step, told in zip(steps, answers, strict=True):
        yield f"{step.verb} done" if told.code == "done" else "refused"
        if step.verb in {"visit", "sale"} and before.cards[step.card].is_merged:
            yield from ["followed to another card"] * (told.code == "done")
        if step.verb == "sale" and step.target in before.sales and told.code == "done":
            yield from _later_state(before, step, told)
        if told.moved.get(HALF, 0) > 0:
            yield "milestone"
    for number, card in after.cards.items():
        yield from _changes(before.cards[number], card)
    if any(sale.room == 0 for sale in after.sales.values()) and after.kind.room:
        yield "capped"


def _later_state(before: Model, step: Step, told: Told) -> Iterator[str]:
    sale = before.sales[step.target]
    if step.refunded > sale.refunded:
        yield "refunded in all" if step.refunded == step.amount else "refunded in part"
    if step.amount > sale.paid:
        yield "raised sale"
    if step.amount < sale.paid and step.refunded < sale.refunded:
        yield "late state of a sale"
    if min(told.moved.get(SPENDING, 0), told.moved.get(HALF, 0)) < 0:
        yield "voucher taken back"


def _changes(before: Card, after: Card) -> Iterator[str]:
    if any(
        amount < 0 and account == "available" for (_, account), amount in after.balances.items()
    ):
        yield "owing"
    if any(lot.ends == GRACE_DAYS for lot in after.lots):
        yield "back after its end"
    for (unit, account), amount in after.balances.items():
        if account == "expired" and amount > before.of(unit, "expired"):
            yield "something expired"
        if account == "pending" and amount < before.of(unit, "pending"):
            yield "something released"
