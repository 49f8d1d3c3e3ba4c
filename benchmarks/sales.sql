-- The limit of a sale: one function that writes what a sale and its points write, and decides
-- nothing. The cards are those of stamps.sql.
CREATE FUNCTION bench_sale(number int) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    it bench_numbers; moment timestamptz; transaction uuid := uuidv7(); sale uuid := uuidv7();
    place bigint; link bytea; points bigint := 23;
    issued bigint; issued_seq bigint; available bigint; available_seq bigint;
BEGIN
    SELECT * INTO it FROM bench_numbers WHERE n = number;
    SELECT chain_number + 1, chain_hash INTO place, link FROM cards
    WHERE merchant_id = it.merchant_id AND id = it.card_id FOR NO KEY UPDATE;
    moment := clock_timestamp();
    INSERT INTO sales
        (merchant_id, id, card_id, source, reference, currency, total_paid, total_refunded, lines,
         program_version_id, location_id, occurred_at, business_day, basis, given, transactions,
         revision, changed_at)
    VALUES (it.merchant_id, sale, it.card_id, 'bench', sale::text, 'EUR', 1240, 0,
            '[{"category": "coffee", "quantity": 2, "amount": 900, "tax": 0, "refunded": 0},
              {"category": "pastry", "quantity": 1, "amount": 340, "tax": 0, "refunded": 0}]',
            it.program_version_id, it.location_id, moment, moment::date,
            '{"earned_at": "2026-11-21T10:00:00.000000Z", "tier": null, "multipliers": {},
              "clock": {"time_zone": "Europe/Luxembourg", "cutoff_hour": 4}, "promotions": [],
              "closed": [], "headroom": {}, "carried": {}, "collected": {}, "owed": {},
              "spent": {"": 1240}, "earned": true}',
            '[["points", "point", 23]]', ARRAY[transaction], 1, moment);
    INSERT INTO idempotency_keys
        (merchant_id, principal, key, fingerprint, status, body, created_at)
    VALUES (it.merchant_id, 'till:bench', transaction::text, '\x66', 200,
            repeat('x', 700), moment);
    UPDATE accounts SET balance = balance - points, seq = seq + 1
    WHERE merchant_id = it.merchant_id AND card_id = it.card_id AND unit = 'point'
        AND account = 'issued' RETURNING balance, seq INTO issued, issued_seq;
    UPDATE accounts SET balance = balance + points, seq = seq + 1
    WHERE merchant_id = it.merchant_id AND card_id = it.card_id AND unit = 'point'
        AND account = 'available' RETURNING balance, seq INTO available, available_seq;
    link := sha256(link || convert_to(concat_ws(E'\n', it.merchant_id, it.card_id, place,
        transaction, 'earn', (extract(epoch FROM moment) * 1000000)::bigint,
        it.program_version_id, to_char(moment::date, 'YYYY-MM-DD'), 1, 1, 1240, '-',
        concat_ws('/', 'point/available', available_seq, points, available) || ','
        || concat_ws('/', 'point/issued', issued_seq, -points, issued)), 'UTF8'));
    UPDATE cards SET version = version + 1, last_earned_at = moment,
        visits_total = visits_total + 1, spent_total = spent_total + 1240,
        points_total = points_total + points, chain_number = place, chain_hash = link
    WHERE merchant_id = it.merchant_id AND id = it.card_id;
    INSERT INTO transactions
        (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id, source,
         remote_address, user_agent, earned_before, explanation, number, hash, business_day,
         earnings, visits, spent, given, sale_id, actor, happened_at)
    VALUES (it.merchant_id, moment, transaction, it.card_id, it.program_version_id, 'earn',
            it.location_id, 'staff', '192.0.2.1', 'benchmark', moment,
            '[{"rule": "points", "unit": "point", "matched": true, "wanted": 23, "given": 23,
               "reason": "given", "sentence": ""}]', place, link, moment::date, 1, 1, 1240,
            '{"points": 23}', sale, 'till:bench', moment);
    INSERT INTO entries
        (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
         balance_after)
    VALUES (it.merchant_id, it.card_id, 'point', 'issued', issued_seq, moment, transaction,
            -points, issued),
           (it.merchant_id, it.card_id, 'point', 'available', available_seq, moment, transaction,
            points, available);
    INSERT INTO card_days AS d
        (merchant_id, card_id, day, earnings, visits, spent, points, given)
    VALUES (it.merchant_id, it.card_id, moment::date, 1, 1, 1240, points, '{"points": 23}')
    ON CONFLICT ON CONSTRAINT card_days_pkey DO UPDATE SET earnings = d.earnings + 1,
        spent = d.spent + 1240, points = d.points + excluded.points,
        given = jsonb_build_object('points', (d.given->>'points')::bigint + 23);
    INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number, account, amount,
        remaining, earned_at)
    VALUES (it.merchant_id, it.card_id, transaction, 'point', 0, 'available', points, points,
            moment);
    INSERT INTO outbox (merchant_id, id, type, data, announced_at)
    VALUES (it.merchant_id, sale, 'loyalty.sale.recorded',
            jsonb_build_object('card_id', it.card_id, 'sale_id', sale,
                               'transaction_id', transaction, 'reference', sale,
                               'currency', 'EUR', 'total_paid', 1240, 'total_refunded', 0),
            moment),
           (it.merchant_id, transaction, 'loyalty.points.earned',
            jsonb_build_object('card_id', it.card_id, 'transaction_id', transaction,
                               'points', points, 'balance', available, 'pending', 0), moment);
    RETURN available;
END $$;
