-- Feedback asks for a retraining of the pack that it was given on: on another pack it says nothing. A row that names no
-- pack, as rows did before, counts for every pack, until any of them is retrained.
-- Read by: adapters/models_d1.rs.

DROP VIEW retraining_due;

CREATE VIEW retraining_due AS SELECT pack,
    json_object('pack', pack, 'last_trained_at', strftime('%Y-%m-%dT%H:%M:%fZ', trained_at_ms / 1000.0, 'unixepoch'), 'significant_feedback', feedback,
        'reasons', (SELECT json_group_array(reason) FROM (
            SELECT 'AGE' AS reason WHERE MAX(COALESCE(trained_at_ms, 0), COALESCE(tried_at_ms, 0)) <= (strftime('%s', 'now') - 604800) * 1000
            UNION ALL SELECT 'FEEDBACK' WHERE feedback > 0))) AS report -- JSON
FROM (SELECT substr(l.name, 6) AS pack,
        (SELECT MAX(trained_at_ms) FROM model_versions WHERE pack = substr(l.name, 6)) AS trained_at_ms,
        (SELECT MAX(at_ms) FROM model_log WHERE pack = substr(l.name, 6) AND action = 'retrained') AS tried_at_ms,
        (SELECT COUNT(*) FROM personalization_events_log
         WHERE processing_status = 'PENDING' AND event_type = 'SIGNIFICANT_FEEDBACK'
           AND COALESCE(event_data ->> 'pack', substr(l.name, 6)) = substr(l.name, 6)) AS feedback
      FROM live_pointers AS l WHERE l.name GLOB 'pack/*');
