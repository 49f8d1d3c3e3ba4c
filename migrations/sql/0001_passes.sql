-- What phones ask most often, in one round trip: nearly always the answer is "nothing new".

-- The passes of a device with a tag after the given one or with a change that has no tag yet;
-- all of them without a tag, or with one that was never given out (a restored backup).
CREATE FUNCTION passes_changed(merchant uuid, pass_type text, device text, after_tag bigint)
RETURNS TABLE (
    pass_type_identifier text, serial_number text, card_id uuid, card_version bigint,
    published_version bigint, tag bigint, changed_at timestamptz
)
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.merchant', merchant::text, true);
    RETURN QUERY
    SELECT p.pass_type_identifier, p.serial_number, p.card_id, c.version, p.published_version,
           p.tag, p.changed_at
    FROM registrations r
    JOIN passes p ON p.merchant_id = r.merchant_id
        AND p.pass_type_identifier = r.pass_type_identifier
        AND p.serial_number = r.serial_number
    JOIN cards c ON c.merchant_id = p.merchant_id AND c.id = p.card_id
    WHERE r.merchant_id = merchant AND r.pass_type_identifier = pass_type
        AND r.device_library_identifier = device
        AND (after_tag IS NULL OR p.tag > after_tag OR c.version > p.published_version
            OR after_tag > (SELECT coalesce(pg_sequence_last_value('pass_tags'), 0)))
    ORDER BY p.tag;
END $$;

CREATE FUNCTION pass_named(merchant uuid, pass_type text, serial text)
RETURNS TABLE (
    pass_type_identifier text, serial_number text, card_id uuid, card_version bigint,
    published_version bigint, tag bigint, changed_at timestamptz
)
LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('app.merchant', merchant::text, true);
    RETURN QUERY
    SELECT p.pass_type_identifier, p.serial_number, p.card_id, c.version, p.published_version,
           p.tag, p.changed_at
    FROM passes p
    JOIN cards c ON c.merchant_id = p.merchant_id AND c.id = p.card_id
    WHERE p.merchant_id = merchant AND p.pass_type_identifier = pass_type
        AND p.serial_number = serial;
END $$;
