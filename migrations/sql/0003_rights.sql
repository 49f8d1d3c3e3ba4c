-- Who may do what with the new tables, by the rules of the first ones.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'program_budgets', 'experiments', 'segments', 'card_days', 'tier_moves', 'sales', 'lots',
        'consumptions', 'adjustments', 'ledger_settings', 'checkpoints', 'checkpoint_heads',
        'reward_pictures']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY merchant ON %I USING (merchant_id = '
            'nullif(current_setting(''app.merchant'', true), '''')::uuid)', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO passgate_app, passgate_worker', name);
    END LOOP;
END $$;

-- Not among these: tier_moves, checkpoints and checkpoint_heads, which are appended and never
-- edited. Of a lot only what is left of it changes, and of what a transaction took from a lot how
-- much, when it takes twice. An adjustment is decided, but what was asked for, by whom and why
-- stays; a sale has later states, but which one it is and when it happened stays.
GRANT UPDATE ON program_budgets, experiments, segments, card_days, rewards, ledger_settings
    TO passgate_app, passgate_worker;
GRANT UPDATE (status, decided_by_staff_id, decided_at, transaction_id) ON adjustments
    TO passgate_app, passgate_worker;
GRANT UPDATE (card_id, currency, total_paid, total_refunded, lines, basis, given, transactions,
    sequence, revision, changed_at) ON sales TO passgate_app, passgate_worker;
GRANT UPDATE (remaining, account, expires_at, noticed_for, had_grace) ON lots TO passgate_app, passgate_worker;
GRANT UPDATE (amount) ON consumptions TO passgate_app, passgate_worker;

GRANT UPDATE, DELETE ON reward_pictures TO passgate_app, passgate_worker;

-- The worker starts and ends programs, expires and releases lots, and looks at tiers.
CREATE POLICY all_merchants ON programs FOR SELECT TO passgate_worker USING (true);
CREATE POLICY all_merchants ON reward_pictures FOR SELECT TO passgate_worker USING (true);
CREATE POLICY all_merchants ON lots FOR SELECT TO passgate_worker USING (true);
CREATE POLICY all_merchants ON cards FOR SELECT TO passgate_worker USING (true);
