-- Many merchants with many programs: every program of every kind, half of them active.
-- `kinds` and `plans` belong together; `merchant` gets its own, the largest number.
CREATE FUNCTION bench_programs(
    merchant uuid, own int, others int, of_each int, kinds jsonb, plans jsonb
) RETURNS void
LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
    INSERT INTO merchants (id, slug, name, country, language, created_at)
    SELECT uuidv7(), 'other-' || k, 'Other ' || k, 'LU', 'en', now()
    FROM generate_series(1, others) k;
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT m.id AS merchant_id, uuidv7() AS program_id, uuidv7() AS version_id, k,
        1 + k % jsonb_array_length(kinds) AS kind, 'Program ' || k AS name,
        now() - k * interval '1 minute' AS moment
    FROM merchants m
    CROSS JOIN LATERAL generate_series(1, CASE m.id WHEN merchant THEN own ELSE of_each END) k;
    INSERT INTO programs
        (merchant_id, id, status, revision, current_number, name, rule_kinds, created_at)
    SELECT merchant_id, program_id,
        (ARRAY['draft', 'active', 'active', 'active', 'paused', 'ended'])[1 + k / 7 % 6], 1, 1,
        name, ARRAY(SELECT jsonb_array_elements_text(kinds->(kind - 1))), moment
    FROM made;
    INSERT INTO program_versions
        (merchant_id, id, program_id, number, name, description, plan, look,
         look_back_days, has_budgets, published_at)
    SELECT merchant_id, version_id, program_id, 1, name, '', plans->(kind - 1),
        '{"background": "#1f4d3a", "foreground": "#ffffff", "label": "#cfe5d8"}', 31,
        false, moment
    FROM made;
END $$;
