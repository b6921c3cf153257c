-- The audit record.

-- name: record
-- Write the row of a run; writing it again changes nothing.
INSERT INTO writ.audit (run_id, app, tool, release, trigger, subject, roles, outcome, refusal_code, refusal, failure,
                        steps, trace, input, input_digest, output_digest, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (run_id) DO NOTHING

-- name: stands
-- Which run it is whose row is there already, and how it ended.
SELECT app, tool, release, subject, outcome, refusal_code, input_digest, started_at FROM writ.audit WHERE run_id = $1
