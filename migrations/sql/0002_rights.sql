-- Who may do what with the new tables, by the rules of the first ones.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contacts', 'suppressions', 'wordings', 'message_settings', 'campaigns', 'messages',
        'google_issuers', 'google_classes', 'google_objects', 'google_callbacks',
        'google_notices', 'webhook_endpoints', 'webhook_messages', 'webhook_attempts']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY merchant ON %I USING (merchant_id = '
            'nullif(current_setting(''app.merchant'', true), '''')::uuid)', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO passgate_app, passgate_worker', name);
    END LOOP;
END $$;

-- Not among these: google_callbacks, google_notices, webhook_messages and webhook_attempts,
-- which are appended and never edited.
GRANT UPDATE ON contacts, suppressions, wordings, message_settings, campaigns, messages,
    google_issuers, google_classes, google_objects, webhook_endpoints
    TO passgate_app, passgate_worker;
GRANT DELETE ON contacts, suppressions, wordings TO passgate_app, passgate_worker;

-- Who pauses or cancels a campaign takes back what nobody has begun to deliver.
GRANT UPDATE (state, reason, ended_at) ON deliveries TO passgate_app;

-- The worker paces the calls to providers, sends campaigns of all merchants and sweeps.
ALTER TABLE provider_budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_budgets FORCE ROW LEVEL SECURITY;
CREATE POLICY every_account ON provider_budgets TO passgate_worker USING (true);
GRANT SELECT, INSERT, UPDATE ON provider_budgets TO passgate_worker;
GRANT DELETE ON messages, google_callbacks, google_notices, webhook_messages, webhook_attempts
    TO passgate_worker;
CREATE POLICY all_merchants ON campaigns FOR SELECT TO passgate_worker USING (true);
CREATE POLICY all_merchants ON messages TO passgate_worker USING (true);
CREATE POLICY all_merchants ON google_callbacks TO passgate_worker USING (true);
CREATE POLICY all_merchants ON google_notices TO passgate_worker USING (true);
CREATE POLICY all_merchants ON webhook_messages TO passgate_worker USING (true);
CREATE POLICY all_merchants ON webhook_attempts TO passgate_worker USING (true);
