-- The claim of a transaction and its stored answer.

-- name: claim
-- Claim (run, node) and set, for this transaction alone, who it runs for and how long it may take; a repeat claims nothing,
-- nor does a run whose audit row stands: an effect after it would be one that nobody is told of.
WITH claimed AS (
    INSERT INTO writ.step (run_id, node)
    SELECT $1::text, $2::text WHERE NOT EXISTS (SELECT FROM writ.audit WHERE run_id = $1)
    ON CONFLICT DO NOTHING RETURNING true
)
SELECT EXISTS (SELECT FROM claimed) AS claimed,
       set_config('writ.subject', $3, true),
       set_config('writ.sees_all', $4, true),
       set_config('statement_timeout', $5, true),
       set_config('lock_timeout', $5, true),
       set_config('transaction_timeout', $6, true)

-- name: stored
-- The answer that (run, node) was committed with, and whether the audit row of the run stands.
SELECT (SELECT result FROM writ.step WHERE run_id = $1 AND node = $2) AS result,
       EXISTS (SELECT FROM writ.audit WHERE run_id = $1) AS ended

-- name: store
-- Keep the answer together with its effect.
UPDATE writ.step SET result = $3 WHERE run_id = $1 AND node = $2

-- name: decide
-- Keep the answer of a transaction that was rolled back, unless another attempt has decided otherwise or the run has ended.
INSERT INTO writ.step (run_id, node, result)
SELECT $1::text, $2::text, $3::text WHERE NOT EXISTS (SELECT FROM writ.audit WHERE run_id = $1)
ON CONFLICT DO NOTHING

-- name: see_all_rows
-- From here on row-level security hides nothing from this transaction.
SELECT set_config('writ.sees_all', 'on', true)
