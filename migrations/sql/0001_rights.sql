-- Who may do what: every tenant table is closed by row-level security, even to its owner, and
-- what must never change cannot be changed by the services.

DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
        WHERE s.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND c.relname NOT IN ('merchants', 'apple_pass_types', 'alembic_version')
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY merchant ON %I USING (merchant_id = '
            'nullif(current_setting(''app.merchant'', true), '''')::uuid)', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO passgate_app, passgate_worker', name);
    END LOOP;
END $$;

-- The directory: public facts by which a merchant is found, read by all and written by itself.
ALTER TABLE merchants ENABLE ROW LEVEL SECURITY;
ALTER TABLE merchants FORCE ROW LEVEL SECURITY;
CREATE POLICY directory ON merchants FOR SELECT USING (true);
CREATE POLICY merchant ON merchants FOR ALL
    USING (id = nullif(current_setting('app.merchant', true), '')::uuid);
ALTER TABLE apple_pass_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE apple_pass_types FORCE ROW LEVEL SECURITY;
CREATE POLICY directory ON apple_pass_types FOR SELECT USING (true);
CREATE POLICY merchant ON apple_pass_types FOR ALL
    USING (merchant_id = nullif(current_setting('app.merchant', true), '')::uuid);
GRANT SELECT, INSERT ON merchants, apple_pass_types TO passgate_app, passgate_worker;

-- Not among these: transactions, entries, reversals, program_versions, consents, audit,
-- idempotency_keys. They are appended and never edited.
GRANT UPDATE ON merchants, locations, staff, tills, sessions, api_keys, attempts, customers,
    programs, cards, accounts, redemptions, passes, devices TO passgate_app, passgate_worker;
GRANT DELETE ON devices, registrations, attempts TO passgate_app, passgate_worker;
GRANT USAGE ON SEQUENCE pass_tags TO passgate_app, passgate_worker;
-- So that `passgate doctor` can say whether the schema fits the program.
GRANT SELECT ON alembic_version TO passgate_app, passgate_worker;

-- The worker looks after every merchant's queues, and closes what ran out.
GRANT UPDATE, DELETE ON outbox, deliveries TO passgate_worker;
GRANT DELETE ON idempotency_keys, attempts, sessions TO passgate_worker;
CREATE POLICY all_merchants ON outbox TO passgate_worker USING (true);
CREATE POLICY all_merchants ON deliveries TO passgate_worker USING (true);
CREATE POLICY all_merchants ON redemptions FOR SELECT TO passgate_worker USING (true);
CREATE POLICY all_merchants ON idempotency_keys TO passgate_worker USING (true);
CREATE POLICY all_merchants ON attempts TO passgate_worker USING (true);
CREATE POLICY all_merchants ON sessions TO passgate_worker USING (true);
