"""What a ledger should do, told in plain numbers: the model that ours is compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tests.storage.ledger_cards import LATER_DAYS, LOTTED, Card, Lot
from tests.storage.ledger_programs import SPENDING, Kind
from tests.storage.ledger_shapes import Books, Redemption, Sale, Step, Told, Visit

ENDINGS = {
    "redeem": ("redeemed", ("reserved", "redeemed")),
    "cancel": ("cancelled", None),
    "lapse": ("expired", None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A merchant's cards, by number, and everything that was done with them, by step."""

    kind: Kind
    cards: Mapping[int, Card]
    visits: Mapping[int, Visit] = field(default_factory=dict)
    sales: Mapping[int, Sale] = field(default_factory=dict)
    redemptions: Mapping[int, Redemption] = field(default_factory=dict)
    budget: int = 0

    @property
    def books(self) -> Books:
        """What the ledger should show."""
        lots: dict[tuple[int, str, str, int | None], int] = {}
        for number, card in self.cards.items():
            for lot in card.lots:
                key = number, lot.unit, lot.account, lot.ends
                lots[key] = lots.get(key, 0) + lot.left
        return Books(
            balances={
                (number, *key): amount
                for number, card in self.cards.items()
                for key, amount in card.balances.items()
                if amount
            },
            lots={key: left for key, left in lots.items() if left},
            changes={number: card.changes for number, card in self.cards.items()},
        )

    def after(self, step: Step) -> tuple["Model", Told]:
        """Return everything after a step, and what it is answered with."""
        if step.verb in _FOLLOWING:
            step = replace(step, card=self._living(step.card))
        model, told = getattr(self, f"_{step.verb}")(step)
        if told.code == "done" and step.verb in _SHOWING:
            told = replace(told, shown=model.shown(step.card))
        return model, told

    def _living(self, number: int) -> int:
        """Return the card that what is told of a card belongs to."""
        into = self.cards[number].into
        return number if into is None else self._living(into)

    def shown(self, number: int) -> int:
        """Return what a card shows: points that can be spent, or stamps that were collected."""
        there = self.cards[number].of(self.kind.unit)
        return there if self.kind.unit == "point" else max(there, 0)

    def taken_by(self, name: int) -> tuple[int, list[Lot]]:
        """Return which card a redemption is of, and the lots it took from."""
        redemption = self.redemptions[name]
        card = self.cards[redemption.card]
        return redemption.card, [
            card.lots[place] for place, _ in card.taken[name, redemption.unit]
        ]

    def aged(self, number: int, before: int, ends: int) -> "Model":
        """Return the model in which what ends on one day ends on another."""
        return self._with(number, self.cards[number].aged(before, ends))

    def ripened(self, number: int) -> "Model":
        """Return the model in which what a card was given was held back long enough."""
        sales = {
            name: replace(sale, is_held=False) if sale.card == number else sale
            for name, sale in self.sales.items()
        }
        return replace(self._with(number, self.cards[number].ripened()), sales=sales)

    def _with(self, number: int, card: Card) -> "Model":
        return replace(self, cards={**self.cards, number: card})

    def _posted(self, number: int, card: Card) -> "Model":
        changed = replace(card, changes=self.cards[number].changes + 1)
        return self._with(number, changed)

    def _visit(self, step: Step) -> tuple["Model", Told]:
        card, kind = self.cards[step.card], self.kind
        if kind.visit_refusal:
            return self, Told(kind.visit_refusal)
        lot = Lot(unit=kind.unit, account="available", left=kind.visit, by=step.name)
        model = self._posted(step.card, card.given("issued", lot))
        visits = {**self.visits, step.name: Visit(card=step.card)}
        return replace(model, visits=visits), Told("done", {kind.unit: kind.visit})

    def _undo(self, step: Step) -> tuple["Model", Told]:
        card, kind = self.cards[step.card], self.kind
        if self.visits[step.target].is_undone:
            return self, Told("already_reversed")
        if card.of(kind.unit) < kind.visit:
            return self, Told("not_reversible")
        way = "available", "issued"
        card = card.moved(step.name, kind.unit, way, kind.visit, (step.target,))
        visits = {**self.visits, step.target: Visit(card=step.card, is_undone=True)}
        model = replace(self._posted(step.card, card), visits=visits)
        return model, Told("done", {kind.unit: kind.visit})

    def _sale(self, step: Step) -> tuple["Model", Told]:
        sale = self.sales.get(step.target)
        if sale is None:
            sale = self._new_sale(step)
        if sale.card != step.card:
            return self, Told("sale_of_another_card")
        paid, refunded = max(sale.paid, step.amount), max(sale.refunded, step.refunded)
        return self._settled(step, sale, replace(sale, paid=paid, refunded=refunded))

    def _new_sale(self, step: Step) -> Sale:
        return Sale(
            card=step.card,
            paid=0,
            refunded=0,
            room=self._room(step.card),
            before=self._collected(step.card),
            is_held=self.kind.holds_back,
        )

    def _room(self, number: int) -> int:
        """Return how much the caps still leave for a card now."""
        if not self.kind.room:
            return 0
        per_card, per_program = self.kind.room
        return max(min(per_card - self.cards[number].punched, per_program - self.budget), 0)

    def _collected(self, number: int) -> int:
        card = self.cards[number]
        return card.of(self.kind.unit) + card.of(self.kind.unit, "pending")

    def _settled(self, step: Step, old: Sale, new: Sale) -> tuple["Model", Told]:
        card = self.cards[step.card]
        own = old.given.get(self.kind.unit, 0)
        # Others may have used the room meanwhile, and collected before a sale that gave nothing.
        room = min(new.room, self._room(step.card) + own)
        new = new if own else replace(new, before=self._collected(step.card))
        given = self.kind.worth(new.net, room, new.before)
        vouchers = 0
        if self.kind.threshold:
            card, vouchers = _spent(card, new.net - old.net, self.kind.threshold)
            given[SPENDING] = old.given.get(SPENDING, 0) + vouchers
        changes = {
            unit: given.get(unit, 0) - old.given.get(unit, 0) for unit in {**given, **old.given}
        }
        for unit, change in changes.items():
            card = self._changed(step, card, old, (unit, change))
        punches = changes["stamp"] if self.kind.room else 0
        card = replace(card, punched=card.punched + punches)
        by = old.by
        model = self
        if new.net != old.net:
            model, by = self._posted(step.card, card), (*old.by, step.name)
        sales = {**self.sales, step.target: replace(new, given=given, by=by)}
        budget = max(self.budget + punches, 0)
        moved = {unit: change for unit, change in changes.items() if change}
        return replace(model, sales=sales, budget=budget), Told("done", moved)

    def _changed(self, step: Step, card: Card, sale: Sale, change: tuple[str, int]) -> Card:
        """Give what a sale gives more, or take what it gives less: first of its own lots."""
        unit, amount = change
        held = sale.is_held and not unit.startswith("voucher:")
        if amount > 0:
            account = "pending" if held else "available"
            lot = Lot(unit=unit, account=account, left=amount, by=step.name, ends=self.kind.ends)
            return card.given("issued", lot)
        pending = min(-amount, card.of(unit, "pending")) if held else 0
        for account, part in (("pending", pending), ("available", -amount - pending)):
            if part:
                card = card.moved(step.name, unit, (account, "issued"), part, sale.by)
        return card

    def _reserve(self, step: Step) -> tuple["Model", Told]:
        """What ended goes first, by a transaction of its own."""
        before = self.cards[step.card]
        swept = self._with(step.card, before.expired(-1 - step.name).changed(before))
        return swept._set_aside(step)

    def _set_aside(self, step: Step) -> tuple["Model", Told]:
        card = self.cards[step.card]
        unit, cost = self.kind.prices[step.other]
        if card.is_merged:
            return self, Told("card_blocked")
        if card.of(unit) < cost:
            return self, Told("not_enough")
        model = self._posted(
            step.card, card.moved(step.name, unit, ("available", "reserved"), cost)
        )
        reserved = Redemption(card=step.card, unit=unit, cost=cost)
        return replace(model, redemptions={**self.redemptions, step.name: reserved}), Told("done")

    def _end(self, step: Step) -> tuple["Model", Told]:
        found = self.redemptions[step.target]
        if found.status != "reserved":
            return self, Told("redemption_closed")
        status, way = ENDINGS[step.verb]
        card = self.cards[step.card]
        if way:
            card = card.moved(step.name, found.unit, way, found.cost)
        else:
            card = card.put_back(step.name, found.unit, "reserved", found.cost, step.target)
        return self._ended(step, card, status)

    _redeem = _cancel = _lapse = _end

    def _take_back(self, step: Step) -> tuple["Model", Told]:
        found, card = self.redemptions[step.target], self.cards[step.card]
        if found.status != "redeemed":
            return self, Told("redemption_closed")
        if card.is_merged:
            return self, Told("card_blocked")
        card = card.put_back(step.name, found.unit, "redeemed", found.cost, step.target)
        return self._ended(step, card, "reversed")

    def _ended(self, step: Step, card: Card, status: str) -> tuple["Model", Told]:
        ended = replace(self.redemptions[step.target], status=status)
        redemptions = {**self.redemptions, step.target: ended}
        return replace(self._posted(step.card, card), redemptions=redemptions), Told("done")

    def _adjust(self, step: Step) -> tuple["Model", Told]:
        card, unit = self.cards[step.card], self.kind.unit
        if card.is_merged:
            return self, Told("card_merged")
        if step.amount < 0 and card.of(unit) + step.amount < 0:
            return self, Told("below_zero")
        if step.amount > 0:
            lot = Lot(
                unit=unit,
                account="available",
                left=step.amount,
                by=step.name,
                ends=self.kind.ends,
            )
            card = card.given("adjusted", lot)
        else:
            card = card.moved(step.name, unit, ("available", "adjusted"), -step.amount)
        return self._posted(step.card, card), Told("done")

    def _transfer(self, step: Step) -> tuple["Model", Told]:
        giver, unit = self.cards[step.card], self.kind.unit
        if refusal := self._pair_refusal(step):
            return self, Told(refusal)
        if giver.of(unit) < step.amount:
            return self, Told("not_enough")
        left = giver.moved(step.name, unit, ("available", "adjusted"), step.amount)
        parts = [
            replace(giver.lots[place], left=amount)
            for place, amount in left.taken[step.name, unit]
        ]
        model = self._posted(step.card, left)
        taker = _entered(self.cards[step.other], step.name, parts)
        return model._posted(step.other, taker), Told("done", {unit: step.amount})

    def _merge(self, step: Step) -> tuple["Model", Told]:
        giver, taker = self.cards[step.card], self.cards[step.other]
        if refusal := self._pair_refusal(step):
            return self, Told(refusal)
        if any(amount for (_, account), amount in giver.balances.items() if account == "reserved"):
            return self, Told("reservations_open")
        model, moved = self._everything_moved(step)
        giver, taker = model.cards[step.card], model.cards[step.other]
        sales = {
            name: replace(sale, card=step.other) if sale.card == step.card else sale
            for name, sale in self.sales.items()
        }
        threshold = self.kind.threshold or 1
        count = max(each.spent - each.granted * threshold for each in (giver, taker))
        granted = max(giver.granted, taker.granted)
        cards = {
            **model.cards,
            step.card: replace(giver, into=step.other),
            step.other: replace(
                taker,
                punched=taker.punched + giver.punched,
                granted=granted,
                spent=granted * threshold + count,
            ),
        }
        return replace(model, cards=cards, sales=sales), Told("done", moved)

    def _everything_moved(self, step: Step) -> tuple["Model", dict[str, int]]:
        giver, taker = self.cards[step.card], self.cards[step.other]
        moved: dict[str, int] = {}
        parts = [lot for lot in giver.lots if lot.left]
        parts.sort(key=lambda lot: LATER_DAYS * 2 if lot.ends is None else lot.ends)
        owed = {
            unit: -amount
            for (unit, account), amount in giver.balances.items()
            if account == "available" and amount < 0
        }
        taker = _entered(taker, step.name, parts)
        for lot in parts:
            giver = giver.moved(step.name, lot.unit, (lot.account, "adjusted"), lot.left)
            moved[lot.unit] = moved.get(lot.unit, 0) + lot.left
        for unit, amount in owed.items():
            paid = Lot(unit=unit, account="available", left=amount, by=step.name)
            giver = giver.given("adjusted", paid)
            taker = taker.moved(step.name, unit, ("available", "adjusted"), amount)
            moved[unit] = moved.get(unit, 0) - amount
        if not moved:
            return self, {}
        model = self._posted(step.card, giver)._posted(step.other, taker)
        return model, {unit: amount for unit, amount in moved.items() if amount}

    def _pair_refusal(self, step: Step) -> str:
        if step.card == step.other:
            return "same_card"
        is_merged = self.cards[step.card].is_merged or self.cards[step.other].is_merged
        return "card_merged" if is_merged else ""

    def _release(self, step: Step) -> tuple["Model", Told]:
        before = self.cards[step.card]
        return self._with(step.card, before.released(step.name).changed(before)), Told("done")

    def _expire(self, step: Step) -> tuple["Model", Told]:
        before = self.cards[step.card]
        return self._with(step.card, before.expired(step.name).changed(before)), Told("done")


_FOLLOWING = {"visit", "sale"}
_SHOWING = {"visit", "undo", "sale", "reserve", "redeem", "cancel", "lapse", "take_back"}


def _spent(card: Card, change: int, threshold: int) -> tuple[Card, int]:
    """Return the card with more or less spent, and the rewards that this gives or takes."""
    spent = max(card.spent + change, 0)
    granted = spent // threshold
    return replace(card, spent=spent, granted=granted), granted - card.granted


def _entered(card: Card, by: int, parts: Iterable[Lot]) -> Card:
    for lot in parts:
        assert lot.account in LOTTED, "only lots move between cards"
        card = card.given("adjusted", replace(lot, by=by))
    return card
