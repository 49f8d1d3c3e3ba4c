"""The statements by which messages move forward, many at once and in one order."""

from sqlalchemy import text

LOCK = text(
    """
    SELECT id FROM messages
    WHERE merchant_id = :merchant_id AND id = ANY(CAST(:ids AS uuid[]))
    ORDER BY id FOR UPDATE
    """
)

MOVE = text(
    """
    WITH news AS (
        SELECT m.id, n.reason, n.provider, n.reference, n.card_version, n.not_before, n.channel,
            n.fallbacks
        FROM unnest(
            CAST(:ids AS uuid[]), CAST(:reasons AS text[]), CAST(:providers AS text[]),
            CAST(:references AS text[]), CAST(:card_versions AS bigint[]),
            CAST(:not_befores AS timestamptz[]), CAST(:channels AS text[]),
            CAST(:fallbacks AS text[])
        ) AS n(id, reason, provider, reference, card_version, not_before, channel, fallbacks)
        JOIN messages m ON m.merchant_id = :merchant_id AND m.id = n.id
        WHERE m.state = ANY(CAST(:from_states AS text[]))
        ORDER BY m.id FOR UPDATE OF m
    )
    UPDATE messages m
    SET state = CAST(:state AS text), reason = news.reason,
        provider = coalesce(news.provider, m.provider),
        reference = coalesce(news.reference, m.reference),
        card_version = coalesce(news.card_version, m.card_version),
        not_before = coalesce(news.not_before, m.not_before),
        channel = coalesce(news.channel, m.channel),
        fallbacks = CASE WHEN news.channel IS NULL THEN m.fallbacks
            ELSE string_to_array(news.fallbacks, ',') END,
        sent_at = coalesce(m.sent_at, CAST(:sent_at AS timestamptz)),
        ended_at = CAST(:ended_at AS timestamptz)
    FROM news
    WHERE m.merchant_id = :merchant_id AND m.id = news.id
    RETURNING m.id
    """
)
