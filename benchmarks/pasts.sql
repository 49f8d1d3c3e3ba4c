-- Gives the cards of a merchant from one number to another a past of so many stamps each, spread
-- over the last days: transactions, entries, lots, days and balances agree, and every lot is open
-- and ends at a moment of its own.
-- Only the hashes are not made, which no operation of a card reads.
CREATE OR REPLACE FUNCTION bench_past(first int, last int, stamps int) RETURNS void
LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE span interval := interval '20 days';
BEGIN
    CREATE TEMPORARY TABLE past ON COMMIT DROP AS
    SELECT b.merchant_id, b.card_id, b.program_version_id, b.location_id, k AS number,
        moment, (moment AT TIME ZONE 'UTC')::date AS day,
        uuidv7(moment - clock_timestamp()) AS id,
        row_number() OVER (PARTITION BY b.card_id, (moment AT TIME ZONE 'UTC')::date
                           ORDER BY k) AS turn
    FROM bench_numbers b CROSS JOIN generate_series(1, stamps) k
    CROSS JOIN LATERAL (
        SELECT now() - interval '2 days' - span * (stamps - k) / stamps
            - (b.n % 1000) * interval '1 second' AS moment) m
    WHERE b.n BETWEEN first AND last;

    INSERT INTO transactions
        (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id, source,
         remote_address, user_agent, explanation, number, hash, business_day, earnings, visits,
         spent, given, actor, happened_at)
    SELECT merchant_id, moment, id, card_id, program_version_id, 'earn', location_id, 'staff',
        '192.0.2.1', 'benchmark',
        '[{"rule": "stamps", "unit": "stamp", "matched": true, "wanted": 1, "given": 1,
           "reason": "given", "sentence": ""}]', number, sha256(''), day, 1,
        (turn = 1)::int, 0, '{"stamps": 1}', 'till:bench', moment
    FROM past;
    INSERT INTO entries
        (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
         balance_after)
    SELECT merchant_id, card_id, 'stamp', account, number, moment, id, sign, sign * number
    FROM past CROSS JOIN (VALUES ('issued', -1), ('available', 1)) AS side(account, sign);
    INSERT INTO lots
        (merchant_id, card_id, transaction_id, unit, number, account, amount, remaining,
         earned_at, expires_at)
    SELECT merchant_id, card_id, id, 'stamp', 0, 'available', 1, 1, moment,
        moment + interval '1 year'
    FROM past;
    INSERT INTO card_days
        (merchant_id, card_id, day, earnings, visits, spent, points, given)
    SELECT merchant_id, card_id, day, count(*), 1, 0, 0, jsonb_build_object('stamps', count(*))
    FROM past GROUP BY merchant_id, card_id, day;
    UPDATE accounts a SET seq = stamps,
        balance = CASE a.account WHEN 'issued' THEN -stamps ELSE stamps END
    FROM bench_numbers b WHERE b.n BETWEEN first AND last
        AND a.merchant_id = b.merchant_id AND a.card_id = b.card_id AND a.unit = 'stamp';
    UPDATE cards c SET version = stamps + 1, chain_number = stamps,
        last_earned_at = now() - interval '2 days' - (b.n % 1000) * interval '1 second',
        visits_total = (SELECT count(*) FROM card_days d
                        WHERE d.merchant_id = c.merchant_id AND d.card_id = c.id)
    FROM bench_numbers b WHERE b.n BETWEEN first AND last
        AND c.merchant_id = b.merchant_id AND c.id = b.card_id;
END $$;
