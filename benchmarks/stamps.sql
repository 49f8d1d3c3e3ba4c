-- The limit of a stamp: one function that writes what ledger_write writes, with ids of the same
-- kind (which sort by time, so that everybody inserts at the same end), and decides nothing.
CREATE TABLE IF NOT EXISTS bench_numbers (
    n int PRIMARY KEY, merchant_id uuid, card_id uuid, program_version_id uuid, location_id uuid
);

-- Foreign keys are not looked at while so much is written that is known to fit.
CREATE OR REPLACE FUNCTION bench_cards(merchant uuid, program uuid, cards int, unit text)
RETURNS void
LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE taken int := (SELECT coalesce(max(n), 0) FROM bench_numbers);
BEGIN
    INSERT INTO bench_numbers
    SELECT taken + n, merchant, gen_random_uuid(),
        (SELECT id FROM program_versions WHERE program_id = program),
        (SELECT id FROM locations WHERE merchant_id = merchant)
    FROM generate_series(1, cards) n;
    INSERT INTO customers (merchant_id, id, language, time_zone, created_at)
    SELECT merchant, card_id, 'en', 'Europe/Luxembourg', now() FROM bench_numbers WHERE n > taken;
    INSERT INTO cards (merchant_id, id, program_id, customer_id, code, status, version, opened_at)
    SELECT merchant, card_id, program, card_id, card_id::text, 'active', 1,
        now() - n * interval '1 second'
    FROM bench_numbers WHERE n > taken;
    INSERT INTO accounts (merchant_id, card_id, unit, account, balance, seq)
    SELECT merchant, card_id, unit, account, 0, 0
    FROM bench_numbers, unnest(ARRAY['issued', 'available']) account WHERE n > taken;
END $$;

CREATE OR REPLACE FUNCTION bench_stamp(number int) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    it bench_numbers; moment timestamptz; transaction uuid := uuidv7();
    place bigint; link bytea;
    issued bigint; issued_seq bigint; available bigint; available_seq bigint;
BEGIN
    SELECT * INTO it FROM bench_numbers WHERE n = number;
    SELECT chain_number + 1, chain_hash INTO place, link FROM cards
    WHERE merchant_id = it.merchant_id AND id = it.card_id FOR UPDATE;
    moment := clock_timestamp();
    INSERT INTO idempotency_keys
        (merchant_id, principal, key, fingerprint, status, body, created_at)
    VALUES (it.merchant_id, 'till:bench', transaction::text, '\x66', 200,
            repeat('x', 400), moment);
    UPDATE accounts SET balance = balance - 1, seq = seq + 1
    WHERE merchant_id = it.merchant_id AND card_id = it.card_id AND unit = 'stamp'
        AND account = 'issued' RETURNING balance, seq INTO issued, issued_seq;
    UPDATE accounts SET balance = balance + 1, seq = seq + 1
    WHERE merchant_id = it.merchant_id AND card_id = it.card_id AND unit = 'stamp'
        AND account = 'available' RETURNING balance, seq INTO available, available_seq;
    link := sha256(link || convert_to(concat_ws(E'\n', it.merchant_id, it.card_id, place,
        transaction, 'earn', (extract(epoch FROM moment) * 1000000)::bigint,
        it.program_version_id, to_char(moment::date, 'YYYY-MM-DD'), 1, 1, 0, '-',
        concat_ws('/', 'stamp/available', available_seq, 1, available) || ','
        || concat_ws('/', 'stamp/issued', issued_seq, -1, issued)), 'UTF8'));
    UPDATE cards SET version = version + 1, last_earned_at = moment,
        visits_total = visits_total + 1, chain_number = place, chain_hash = link
    WHERE merchant_id = it.merchant_id AND id = it.card_id;
    INSERT INTO transactions
        (merchant_id, occurred_at, id, card_id, program_version_id, kind, location_id, source,
         remote_address, user_agent, earned_before, explanation, number, hash, business_day,
         earnings, visits, spent, given, actor, happened_at)
    VALUES (it.merchant_id, moment, transaction, it.card_id, it.program_version_id, 'earn',
            it.location_id, 'staff', '192.0.2.1', 'benchmark', moment,
            '[{"rule": "stamps", "unit": "stamp", "matched": true, "wanted": 1, "given": 1,
               "reason": "given", "sentence": ""}]', place, link, moment::date, 1, 1, 0,
            '{"stamps": 1}', 'till:bench', moment);
    INSERT INTO entries
        (merchant_id, card_id, unit, account, seq, occurred_at, transaction_id, delta,
         balance_after)
    VALUES (it.merchant_id, it.card_id, 'stamp', 'issued', issued_seq, moment, transaction, -1,
            issued),
           (it.merchant_id, it.card_id, 'stamp', 'available', available_seq, moment, transaction,
            1, available);
    INSERT INTO card_days AS d
        (merchant_id, card_id, day, earnings, visits, spent, points, given)
    VALUES (it.merchant_id, it.card_id, moment::date, 1, 1, 0, 0, '{"stamps": 1}')
    ON CONFLICT ON CONSTRAINT card_days_pkey DO UPDATE SET earnings = d.earnings + 1,
        given = jsonb_build_object('stamps', (d.given->>'stamps')::bigint + 1);
    INSERT INTO lots (merchant_id, card_id, transaction_id, unit, number, account, amount,
        remaining, earned_at)
    VALUES (it.merchant_id, it.card_id, transaction, 'stamp', 0, 'available', 1, 1, moment);
    INSERT INTO outbox (merchant_id, id, type, data, announced_at)
    VALUES (it.merchant_id, transaction, 'loyalty.card.stamped',
            jsonb_build_object('card_id', it.card_id, 'transaction_id', transaction,
                               'unit', 'stamp', 'stamps', 1, 'balance', available), moment);
    IF available % 10 = 0 THEN
        INSERT INTO outbox (merchant_id, id, type, data, announced_at)
        VALUES (it.merchant_id, uuidv7(), 'loyalty.reward.earned',
                jsonb_build_object('card_id', it.card_id, 'rewards_ready', available / 10),
                moment);
    END IF;
    RETURN available;
END $$;
