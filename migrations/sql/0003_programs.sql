-- What programs ask most often of their own list, each answered in one round trip. The number of a
-- program's current version is all that is said of it: versions never change, so processes keep them.

CREATE FUNCTION program_named(merchant uuid, named uuid)
RETURNS TABLE (
    id uuid, status text, revision int, number int, starts_at timestamptz, ends_at timestamptz,
    ended_at timestamptz, created_at timestamptz
)
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.merchant', merchant::text, true);
    RETURN QUERY
    SELECT p.id, p.status, p.revision, p.current_number, p.starts_at, p.ends_at, p.ended_at,
           p.created_at
    FROM programs p
    WHERE p.merchant_id = merchant AND p.id = named AND p.deleted_at IS NULL;
END $$;

-- The query of a page. What is not asked for is not in it, so that it is planned for what is; only
-- words of this function become part of it, and every value is a parameter.
CREATE FUNCTION programs_query(
    sort text, by_status boolean, by_rule_type boolean, by_location boolean, by_text boolean,
    goes_on boolean
) RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    descends boolean := sort = 'newest';
    key text := CASE sort WHEN 'name' THEN 'p.name' ELSE 'p.created_at' END;
    kind text := CASE sort WHEN 'name' THEN 'text' ELSE 'timestamptz' END;
BEGIN
    RETURN 'SELECT p.id, p.status, p.revision, p.current_number, p.starts_at, p.ends_at,'
        || ' p.ended_at, p.created_at FROM programs p'
        || CASE WHEN by_location THEN
            ' JOIN program_versions v ON v.merchant_id = p.merchant_id AND v.program_id = p.id'
            -- Without `coalesce` PostgreSQL believes that hardly any takes part, and sorts them all.
            || ' AND v.number = p.current_number AND coalesce(v.plan->''locations'' = ''[]'''
            || ' OR v.plan->''locations'' ? $5::text, false)'
            ELSE '' END
        || ' WHERE p.merchant_id = $1 AND p.deleted_at IS NULL'
        || CASE WHEN by_status THEN ' AND p.status = $3' ELSE '' END
        || CASE WHEN by_rule_type THEN ' AND p.rule_kinds @> ARRAY[$4]' ELSE '' END
        || CASE WHEN by_text THEN
            ' AND (strpos(lower(p.name), lower($6)) > 0 OR p.id = $7)' ELSE '' END
        || CASE WHEN goes_on THEN
            format(' AND (%s, p.id) %s ($8::%s, $9)', key, CASE WHEN descends THEN '<' ELSE '>' END,
                   kind) ELSE '' END
        || format(CASE WHEN descends THEN ' ORDER BY %s DESC, p.id DESC' ELSE ' ORDER BY %s, p.id' END,
                  key)
        || ' LIMIT $2';
END $$;

CREATE FUNCTION programs_page(
    merchant uuid, rows int, sort text, of_status text, of_rule_type text, at_location uuid,
    part text, named uuid, after text, after_id uuid
)
RETURNS TABLE (
    id uuid, status text, revision int, number int, starts_at timestamptz, ends_at timestamptz,
    ended_at timestamptz, created_at timestamptz
)
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM set_config('app.merchant', merchant::text, true);
    RETURN QUERY EXECUTE programs_query(
            sort, of_status IS NOT NULL, of_rule_type IS NOT NULL, at_location IS NOT NULL,
            part IS NOT NULL, after IS NOT NULL)
        USING merchant, rows, of_status, of_rule_type, at_location, part, named, after, after_id;
END $$;

-- Versions by program and number, in the order they were asked for.
CREATE FUNCTION versions_numbered(merchant uuid, of_programs uuid[], numbers int[])
RETURNS TABLE (
    id uuid, program_id uuid, number int, name text, description text, plan text, look text
)
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.merchant', merchant::text, true);
    RETURN QUERY
    SELECT v.id, v.program_id, v.number, v.name, v.description, v.plan::text, v.look::text
    FROM unnest(of_programs, numbers) WITH ORDINALITY AS asked (program_id, number, place)
    JOIN program_versions v ON v.merchant_id = merchant
        AND v.program_id = asked.program_id AND v.number = asked.number
    ORDER BY asked.place;
END $$;
