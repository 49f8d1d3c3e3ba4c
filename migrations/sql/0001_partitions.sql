-- Monthly partitions of the tables that grow: made ahead by the migration and a daily job.
-- The owner's rights, because the services have none to make a table.
CREATE FUNCTION make_partitions(months_ahead int)
RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE parent text; first_day date; part text; made int := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 24 THEN
        RAISE EXCEPTION 'months_ahead must be from 0 to 24';
    END IF;
    FOREACH parent IN ARRAY ARRAY['transactions', 'entries', 'deliveries'] LOOP
        FOR step IN -1..months_ahead LOOP
            first_day := (date_trunc('month', now() AT TIME ZONE 'UTC')
                          + make_interval(months => step))::date;
            part := parent || '_' || to_char(first_day, 'YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                part, parent, first_day::text || ' 00:00+00',
                (first_day + interval '1 month')::date::text || ' 00:00+00');
            -- No policy on the partition itself: by its own name nobody reads a row.
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

REVOKE ALL ON FUNCTION make_partitions(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_partitions(int) TO passgate_worker;
SELECT make_partitions(3);
