"""Invariant I20: what is left of a card's lots is what the card has."""

from collections.abc import Mapping

# What was put back into a lot that is over (a consumption not above zero) lets all of it end
# later, and once more.
QUERIES: Mapping[str, str] = {
    "I20_open_lots_sum_to_the_balance": """
        SELECT format('card %s has %s %s/%s and lots of %s', card_id, a.balance, unit, account,
                      l.remaining)
        FROM (
            SELECT card_id, unit, account, balance FROM accounts
            WHERE merchant_id = :merchant AND account IN ('pending', 'available')
        ) AS a FULL JOIN (
            SELECT card_id, unit, account, sum(remaining) AS remaining FROM lots
            WHERE merchant_id = :merchant AND remaining > 0 GROUP BY card_id, unit, account
        ) AS l USING (card_id, unit, account)
        WHERE greatest(coalesce(a.balance, 0), 0) <> coalesce(l.remaining, 0)
    """,
    "I20_lots_are_what_was_not_taken": """
        SELECT format('lot %s of card %s has %s left after %s of %s was taken',
                      l.transaction_id, l.card_id, l.remaining, coalesce(c.taken, 0), l.amount)
        FROM lots l LEFT JOIN (
            SELECT card_id, lot_transaction_id, unit, lot_number, sum(amount) AS taken
            FROM consumptions WHERE merchant_id = :merchant
            GROUP BY card_id, lot_transaction_id, unit, lot_number
        ) AS c ON c.card_id = l.card_id AND c.lot_transaction_id = l.transaction_id
            AND c.unit = l.unit AND c.lot_number = l.number
        WHERE l.merchant_id = :merchant AND l.remaining <> l.amount - coalesce(c.taken, 0)
    """,
    "I20_lots_expire_once": """
        SELECT format('lot %s of card %s expired %s times', c.lot_transaction_id, c.card_id,
                      count(*))
        FROM consumptions c JOIN transactions t ON t.merchant_id = c.merchant_id
            AND t.card_id = c.card_id AND t.id = c.transaction_id
        WHERE c.merchant_id = :merchant AND t.kind = 'expire'
        GROUP BY c.card_id, c.lot_transaction_id, c.unit, c.lot_number
        HAVING count(*) > 1 + (
            SELECT count(*) FROM consumptions back WHERE back.merchant_id = :merchant
                AND back.card_id = c.card_id AND back.unit = c.unit AND back.amount <= 0
                AND back.lot_transaction_id = c.lot_transaction_id
                AND back.lot_number = c.lot_number)
    """,
    "I20_nothing_expires_early": """
        SELECT format('lot %s of card %s expired at %s before %s', c.lot_transaction_id,
                      c.card_id, t.occurred_at, l.expires_at)
        FROM consumptions c
        JOIN transactions t ON t.merchant_id = c.merchant_id AND t.card_id = c.card_id
            AND t.id = c.transaction_id
        JOIN lots l ON l.merchant_id = c.merchant_id AND l.card_id = c.card_id
            AND l.transaction_id = c.lot_transaction_id AND l.unit = c.unit
            AND l.number = c.lot_number
        WHERE c.merchant_id = :merchant AND t.kind = 'expire' AND l.expires_at > t.occurred_at
            AND NOT EXISTS (
                SELECT FROM consumptions back WHERE back.merchant_id = c.merchant_id
                    AND back.card_id = c.card_id AND back.unit = c.unit AND back.amount <= 0
                    AND back.lot_transaction_id = c.lot_transaction_id
                    AND back.lot_number = c.lot_number)
    """,
}
