"""Invariants I10 to I13: cooldown, daily limit, stock, and how a redemption ends."""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    # Only visits that were told of at once: what a till tells of late, sales and visits by their
    # reference, is judged by when it happened.
    "I10_cooldown_was_kept": """
        SELECT format('card %s earned at %s and at %s', card_id, earlier, occurred_at)
        FROM (
            SELECT t.card_id, t.occurred_at,
                   (v.plan->'limits'->>'cooldown_minutes')::int AS minutes,
                   lag(t.occurred_at) OVER (PARTITION BY t.card_id ORDER BY t.number) AS earlier
            FROM transactions t JOIN program_versions v
                ON v.merchant_id = t.merchant_id AND v.id = t.program_version_id
            WHERE t.merchant_id = :merchant AND t.kind = 'earn' AND t.earnings > 0
                AND t.sale_id IS NULL
                AND NOT EXISTS (SELECT FROM source_events s WHERE s.merchant_id = t.merchant_id
                                AND s.transaction_id = t.id)
                AND NOT EXISTS (SELECT FROM reversals r WHERE r.merchant_id = t.merchant_id
                                AND r.transaction_id = t.id)
        ) AS t
        WHERE occurred_at < earlier + make_interval(mins => minutes)
    """,
    # What came with a merger was earned on another card, under that card's limit.
    "I11_daily_limit_was_kept": """
        SELECT format('card %s earned %s times on %s', d.card_id, d.earnings, d.day)
        FROM (
            SELECT merchant_id, card_id, business_day AS day, sum(earnings) AS earnings
            FROM transactions WHERE merchant_id = :merchant AND kind <> 'transfer'
            GROUP BY merchant_id, card_id, business_day
        ) AS d JOIN cards c ON c.merchant_id = d.merchant_id AND c.id = d.card_id
        JOIN (
            SELECT program_id, max((plan->'limits'->>'daily_limit')::int) AS most
            FROM program_versions WHERE merchant_id = :merchant GROUP BY program_id
        ) AS v ON v.program_id = c.program_id
        WHERE d.earnings > v.most
    """,
    # A share that was made smaller holds from then on.
    "I12_members_keep_to_their_share": """
        SELECT format('card %s took reward %s %s times', d.card_id, d.reward_id, count(*))
        FROM redemptions d JOIN rewards r ON r.merchant_id = d.merchant_id AND r.id = d.reward_id
        WHERE d.merchant_id = :merchant AND d.status IN ('reserved', 'redeemed')
            AND r.per_member_max IS NOT NULL
            AND NOT EXISTS (SELECT FROM audit a WHERE a.merchant_id = d.merchant_id
                            AND a.subject = 'reward:' || r.id AND a.action = 'reward.updated'
                            AND a.happened_at >= d.reserved_at)
        GROUP BY d.card_id, d.reward_id, r.per_member_max HAVING count(*) > r.per_member_max
    """,
    "I13_reservations_are_covered": """
        SELECT format('card %s has %s %s reserved for redemptions of %s',
                      card_id, a.balance, unit, r.cost)
        FROM (
            SELECT card_id, unit, balance FROM accounts
            WHERE merchant_id = :merchant AND account = 'reserved'
        ) AS a FULL JOIN (
            SELECT card_id, unit, sum(cost) AS cost FROM redemptions
            WHERE merchant_id = :merchant AND status = 'reserved' GROUP BY card_id, unit
        ) AS r USING (card_id, unit)
        WHERE coalesce(a.balance, 0) <> coalesce(r.cost, 0)
    """,
    "I13_redemptions_end_once": """
        SELECT format('card %s has %s %s redemptions and %s such transactions',
                      card_id, redemptions, kind, transactions)
        FROM (
            SELECT card_id, CASE status WHEN 'cancelled' THEN 'cancel'
                       WHEN 'expired' THEN 'lapse' ELSE 'redeem' END AS kind,
                   count(*) AS redemptions
            FROM redemptions WHERE merchant_id = :merchant AND status <> 'reserved'
            GROUP BY card_id, kind
        ) AS ended
        FULL JOIN (
            SELECT card_id, kind, count(*) AS transactions FROM transactions
            WHERE merchant_id = :merchant AND kind IN ('redeem', 'cancel', 'lapse')
            GROUP BY card_id, kind
        ) AS posted USING (card_id, kind)
        WHERE redemptions IS DISTINCT FROM transactions
    """,
}
