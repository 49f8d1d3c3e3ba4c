"""Invariants I1 to I9: double entry, immutability, one effect per key and receipt."""

from collections.abc import Mapping

# Each query returns a row per violation, with a sentence, of the merchant `:merchant`.
QUERIES: Mapping[str, str] = {
    "I1_transactions_sum_to_zero": """
        SELECT format('transaction %s sums to %s %s', transaction_id, sum(delta), unit)
        FROM entries WHERE merchant_id = :merchant
        GROUP BY card_id, occurred_at, transaction_id, unit HAVING sum(delta) <> 0
    """,
    "I1_transactions_have_entries": """
        SELECT format('transaction %s moved nothing', t.id)
        FROM transactions t WHERE t.merchant_id = :merchant
        AND t.earnings = 0 AND t.visits = 0 AND t.spent = 0 AND t.given = '{}' AND NOT EXISTS (
            SELECT FROM entries e WHERE e.merchant_id = t.merchant_id AND e.card_id = t.card_id
            AND e.occurred_at = t.occurred_at AND e.transaction_id = t.id)
    """,
    "I1_programs_sum_to_zero": """
        SELECT format('program %s is off by %s %s', c.program_id, sum(a.balance), a.unit)
        FROM accounts a JOIN cards c ON c.merchant_id = a.merchant_id AND c.id = a.card_id
        WHERE a.merchant_id = :merchant
        GROUP BY c.program_id, a.unit HAVING sum(a.balance) <> 0
    """,
    "I2_entries_continue_each_other": """
        SELECT format('card %s %s/%s #%s does not continue #%s',
                      card_id, unit, account, seq, seq_before)
        FROM (
            SELECT e.*, lag(seq, 1, 0::bigint) OVER line AS seq_before,
                   lag(balance_after, 1, 0::bigint) OVER line AS balance_before
            FROM entries e WHERE merchant_id = :merchant
            WINDOW line AS (PARTITION BY card_id, unit, account ORDER BY seq)
        ) AS e
        WHERE seq <> seq_before + 1 OR balance_after <> balance_before + delta
    """,
    "I2_accounts_equal_their_entries": """
        SELECT format('card %s %s/%s says %s after #%s, its entries %s after #%s',
                      coalesce(a.card_id, e.card_id), coalesce(a.unit, e.unit),
                      coalesce(a.account, e.account), a.balance, a.seq, e.balance, e.seq)
        FROM (SELECT * FROM accounts WHERE merchant_id = :merchant) AS a
        FULL JOIN (
            SELECT card_id, unit, account, sum(delta) AS balance, count(*) AS seq
            FROM entries WHERE merchant_id = :merchant GROUP BY card_id, unit, account
        ) AS e USING (card_id, unit, account)
        WHERE coalesce(a.balance, 0) <> coalesce(e.balance, 0)
            OR coalesce(a.seq, 0) <> coalesce(e.seq, 0)
    """,
    "I3_only_what_may_leaves_less_than_nothing": """
        SELECT format('card %s %s/%s #%s is below zero', e.card_id, e.unit, e.account, e.seq)
        FROM entries e JOIN transactions t ON t.merchant_id = e.merchant_id
            AND t.occurred_at = e.occurred_at AND t.id = e.transaction_id
        WHERE e.merchant_id = :merchant AND e.balance_after < 0 AND e.delta < 0
            AND e.account NOT IN ('issued', 'adjusted')
            AND NOT (e.account = 'available' AND t.kind IN ('refund', 'adjust', 'transfer'))
    """,
    "I4_reversals_take_back_what_was_given": """
        SELECT format('transaction %s is reversed by %s, which does not undo it',
                      r.transaction_id, r.reversed_by)
        FROM reversals r WHERE r.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM transactions given
            JOIN transactions taken ON taken.merchant_id = given.merchant_id
                AND taken.card_id = given.card_id AND taken.id = r.reversed_by
            WHERE given.merchant_id = r.merchant_id AND given.id = r.transaction_id
                AND given.kind IN ('earn', 'redeem') AND taken.kind = 'reverse')
        UNION ALL
        SELECT format('transaction %s reverses nothing', t.id)
        FROM transactions t WHERE t.merchant_id = :merchant AND t.kind = 'reverse'
            AND NOT EXISTS (SELECT FROM reversals r WHERE r.merchant_id = t.merchant_id
                            AND r.reversed_by = t.id)
    """,
    "I5_answers_and_transactions_are_one": """
        WITH answered AS (
            SELECT body::jsonb->>'transaction_id' AS id FROM idempotency_keys
            WHERE merchant_id = :merchant AND status = 200
                AND body::jsonb->>'transaction_id' IS NOT NULL
        )
        SELECT format('transaction %s was answered %s times', id, count(*))
        FROM answered GROUP BY id HAVING count(*) > 1
        UNION ALL
        SELECT format('transaction %s was answered and is not there', a.id)
        FROM answered a WHERE NOT EXISTS (
            SELECT FROM transactions t WHERE t.merchant_id = :merchant AND t.id = a.id::uuid)
    """,
    "I6_receipts_count_once": """
        SELECT format('source event %s has no transaction', s.source_event_id)
        FROM source_events s WHERE s.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM transactions t
            WHERE t.merchant_id = s.merchant_id AND t.id = s.transaction_id)
            AND NOT EXISTS (
                SELECT FROM sales x WHERE x.merchant_id = s.merchant_id
                    AND s.transaction_id IS NULL
                    AND x.source = s.source AND x.reference = s.source_event_id)
        UNION ALL
        SELECT format('the receipt of sale %s is free for a visit', x.id)
        FROM sales x WHERE x.merchant_id = :merchant AND NOT EXISTS (
            SELECT FROM source_events s
            WHERE s.merchant_id = x.merchant_id AND s.source = x.source
                AND s.source_event_id = x.reference AND s.transaction_id IS NULL)
        UNION ALL
        SELECT format('sale %s has %s earnings', sale_id, sum(earnings))
        FROM transactions WHERE merchant_id = :merchant AND sale_id IS NOT NULL
        GROUP BY sale_id HAVING sum(earnings) NOT IN (0, 1)
    """,
    "I7_refusals_wrote_nothing": """
        SELECT format('key %s was refused and has a transaction', key)
        FROM idempotency_keys WHERE merchant_id = :merchant AND status >= 400
            AND body::jsonb ? 'transaction_id' AND EXISTS (
                SELECT FROM transactions t WHERE t.merchant_id = :merchant
                    AND t.id::text = body::jsonb->>'transaction_id'
                    AND t.occurred_at >= idempotency_keys.created_at)
    """,
    "I8_versions_count_changes": """
        SELECT format('card %s is at version %s after %s changes', c.id, c.version, c.chain_number)
        FROM cards c WHERE c.merchant_id = :merchant AND c.version < 1 + c.chain_number
    """,
    "I9_chains_have_no_gap": """
        SELECT format('card %s #%s at %s follows #%s', card_id, number, occurred_at, before)
        FROM (
            SELECT card_id, number, occurred_at,
                   lag(number, 1, 0::bigint) OVER line AS before,
                   lag(occurred_at) OVER line AS earlier
            FROM transactions WHERE merchant_id = :merchant
            WINDOW line AS (PARTITION BY card_id ORDER BY number)
        ) AS t
        WHERE number <> before + 1 OR occurred_at < earlier
        UNION ALL
        SELECT format('card %s says #%s, its transactions #%s', c.id, c.chain_number, t.number)
        FROM cards c JOIN LATERAL (
            SELECT coalesce(max(number), 0) AS number FROM transactions t
            WHERE t.merchant_id = c.merchant_id AND t.card_id = c.id
        ) AS t ON true
        WHERE c.merchant_id = :merchant AND c.chain_number <> t.number
    """,
}
