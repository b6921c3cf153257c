-- Runs that ended without our code.

-- name: without_row
-- Which of these runs have no audit row.
SELECT run_id
FROM unnest($1::text[]) AS closed (run_id)
WHERE NOT EXISTS (SELECT FROM writ.audit WHERE audit.run_id = closed.run_id)

-- name: decided
-- What the transactions of a run were answered, in the order they were decided in.
SELECT result FROM writ.step WHERE run_id = $1 AND result IS NOT NULL ORDER BY created_at, node
