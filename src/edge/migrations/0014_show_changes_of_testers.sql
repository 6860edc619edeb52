-- Who changed the testers of a test, and why, is read where its epochs are. Status and end stand beside the report: whether
-- a test has ended depends on when it is asked.
-- Read by: adapters/experiments_d1.rs (definitions, results).

-- Serves: the view below, which compares without a column's affinity (+), as an index on expressions has none.
CREATE INDEX audit_log_of_testers ON audit_log (new_value ->> 'environment', new_value ->> 'test_name')
    WHERE action = 'experiment.testers';

DROP VIEW ab_test_reports;
CREATE VIEW ab_test_reports AS SELECT environment, test_name, status, end_date,
    json_object('test_name', test_name, 'environment', environment, 'status', status, 'epoch', epoch,
        'active', json(iif(active, 'true', 'false')), 'created_by', created_by,
        'created_at', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'),
        'updated_at', strftime('%Y-%m-%dT%H:%M:%fZ', updated_at_ms / 1000.0, 'unixepoch'),
        'stopped_at', strftime('%Y-%m-%dT%H:%M:%fZ', stopped_at_ms / 1000.0, 'unixepoch'),
        'definition', definition -> '$.definition',
        'epochs', (SELECT json_group_array(json(line)) FROM (
            SELECT json_object('epoch', e.epoch, 'stratum', e.stratum, 'actor', e.actor, 'action', e.action, 'reason', e.reason,
                'opened_at', strftime('%Y-%m-%dT%H:%M:%fZ', e.opened_at_ms / 1000.0, 'unixepoch'),
                'definition', e.definition -> '$.definition') AS line
            FROM ab_test_epochs AS e WHERE e.environment = c.environment AND e.test_name = c.test_name
            ORDER BY e.epoch)),
        'tester_changes', (SELECT json_group_array(json(line)) FROM (
            SELECT json_object('actor', l.actor_id, 'reason', COALESCE(l.new_value ->> 'reason', ''),
                'testers', l.new_value ->> 'testers',
                'changed_at', strftime('%Y-%m-%dT%H:%M:%fZ', l.at_ms / 1000.0, 'unixepoch')) AS line
            FROM audit_log AS l WHERE l.action = 'experiment.testers' AND l.new_value ->> 'environment' = +c.environment
                AND l.new_value ->> 'test_name' = +c.test_name
            ORDER BY l.id))) AS report -- JSON
FROM ab_test_configurations AS c;
