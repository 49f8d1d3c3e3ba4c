"""Invariant I21: everything that is kept for speed equals what the transactions say.

What a merged card did on its days belongs to the one it went to.
"""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "I21_days_equal_their_transactions": """
        SELECT format('card %s on %s says %s earnings, %s visits, %s spent, its transactions '
                      '%s, %s, %s', card_id, day, d.earnings, d.visits, d.spent,
                      t.earnings, t.visits, t.spent)
        FROM (SELECT * FROM card_days WHERE merchant_id = :merchant) AS d
        FULL JOIN (
            SELECT coalesce(c.merged_into, c.id) AS card_id, t.business_day AS day,
                   sum(t.earnings) AS earnings, sum(t.visits) AS visits, sum(t.spent) AS spent
            FROM transactions t JOIN cards c ON c.merchant_id = t.merchant_id AND c.id = t.card_id
            WHERE t.merchant_id = :merchant
            GROUP BY coalesce(c.merged_into, c.id), t.business_day
        ) AS t USING (card_id, day)
        WHERE coalesce(d.earnings, 0) <> coalesce(t.earnings, 0)
            OR coalesce(d.visits, 0) <> coalesce(t.visits, 0)
            OR coalesce(d.spent, 0) <> coalesce(t.spent, 0)
    """,
    "I21_given_equals_its_transactions": """
        SELECT format('card %s on %s by rule %s says %s, its transactions %s',
                      card_id, day, rule, d.amount, t.amount)
        FROM (
            SELECT card_id, day, key AS rule, value::bigint AS amount
            FROM card_days, jsonb_each_text(given) WHERE merchant_id = :merchant
        ) AS d FULL JOIN (
            SELECT coalesce(c.merged_into, c.id) AS card_id, t.business_day AS day, g.key AS rule,
                   sum(g.value::bigint) AS amount
            FROM transactions t JOIN cards c ON c.merchant_id = t.merchant_id AND c.id = t.card_id
            CROSS JOIN jsonb_each_text(t.given) AS g
            WHERE t.merchant_id = :merchant
            GROUP BY coalesce(c.merged_into, c.id), t.business_day, g.key
        ) AS t USING (card_id, day, rule)
        WHERE coalesce(d.amount, 0) <> coalesce(t.amount, 0)
    """,
    "I21_points_equal_what_was_issued": """
        SELECT format('card %s on %s says %s points, its entries %s', card_id, day, d.points,
                      e.points)
        FROM (
            SELECT card_id, day, points FROM card_days WHERE merchant_id = :merchant
        ) AS d FULL JOIN (
            SELECT coalesce(c.merged_into, c.id) AS card_id, t.business_day AS day,
                   -sum(e.delta) AS points
            FROM entries e JOIN transactions t ON t.merchant_id = e.merchant_id
                AND t.occurred_at = e.occurred_at AND t.id = e.transaction_id
            JOIN cards c ON c.merchant_id = e.merchant_id AND c.id = e.card_id
            WHERE e.merchant_id = :merchant AND e.unit = 'point' AND e.account = 'issued'
            GROUP BY coalesce(c.merged_into, c.id), t.business_day
        ) AS e USING (card_id, day)
        WHERE coalesce(d.points, 0) <> coalesce(e.points, 0)
    """,
    "I21_totals_equal_their_days": """
        SELECT format('card %s says %s visits, %s spent, %s points, its days %s, %s, %s',
                      c.id, c.visits_total, c.spent_total, c.points_total, d.visits, d.spent,
                      d.points)
        FROM cards c LEFT JOIN (
            SELECT card_id, sum(visits) AS visits, sum(spent) AS spent, sum(points) AS points
            FROM card_days WHERE merchant_id = :merchant GROUP BY card_id
        ) AS d ON d.card_id = c.id
        WHERE c.merchant_id = :merchant AND (c.visits_total <> coalesce(d.visits, 0)
            OR c.spent_total <> coalesce(d.spent, 0) OR c.points_total <> coalesce(d.points, 0))
    """,
    "I21_tiers_are_their_last_move": """
        SELECT format('card %s is %s, its last move was to %s', c.id, c.tier, m.tier)
        FROM cards c LEFT JOIN LATERAL (
            SELECT tier FROM tier_moves m WHERE m.merchant_id = c.merchant_id
                AND m.card_id = c.id ORDER BY m.moved_at DESC, m.id DESC LIMIT 1
        ) AS m ON true
        WHERE c.merchant_id = :merchant AND c.tier IS DISTINCT FROM m.tier
    """,
    "I21_budgets_equal_what_was_given": """
        SELECT format('budget %s of program %s says %s, its cards %s', b.cap, b.program_id,
                      b.given, d.given)
        FROM program_budgets b CROSS JOIN LATERAL (
            SELECT coalesce(sum(g.value::bigint), 0) AS given
            FROM cards c JOIN card_days d ON d.merchant_id = c.merchant_id AND d.card_id = c.id
            CROSS JOIN jsonb_each_text(d.given) AS g
            WHERE c.merchant_id = b.merchant_id AND c.program_id = b.program_id
                AND g.key = split_part(b.cap, ':', 2)
        ) AS d
        WHERE b.merchant_id = :merchant AND split_part(b.cap, ':', 2) <> '' AND b.given < d.given
    """,
}
