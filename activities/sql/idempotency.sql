-- Which run a key of a caller stands for.

-- name: claim
-- Let a key stand for a run, unless it stands for one already.
INSERT INTO writ.idempotency (subject, app, tool, key, body_digest, run_id, release)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
RETURNING run_id

-- name: claimed
-- What a key stands for.
SELECT body_digest, run_id, release
FROM writ.idempotency
WHERE subject = $1 AND app = $2 AND tool = $3 AND key = $4
