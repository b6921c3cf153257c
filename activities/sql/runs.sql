-- Runs as their audit rows tell of them.

-- name: find
-- One run.
SELECT * FROM writ.audit WHERE run_id = $1

-- name: recent
-- The latest runs that ended before a moment, newest first; a condition that is NULL does not apply.
SELECT *
FROM writ.audit
WHERE ($1::text IS NULL OR app = $1)
  AND ($2::text IS NULL OR tool = $2)
  AND ($3::text IS NULL OR outcome = $3)
  AND ($4::text IS NULL OR subject = $4)
  AND ($5::timestamptz IS NULL OR recorded_at < $5)
ORDER BY recorded_at DESC
LIMIT $6

-- name: reach
-- Whether PostgreSQL answers at all.
SELECT 1
