-- Publishing a release.

-- name: hold
-- Let nobody else publish at the same time; given back at the end of the transaction.
SELECT pg_advisory_xact_lock(7_738_297_402)

-- name: keep
-- Store a release; the same one again is no other.
INSERT INTO writ.release (digest, app, body, published_by) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING

-- name: keep_sources
-- Store what the author wrote; the first texts of a release stay.
INSERT INTO writ.release_source (digest, texts) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING

-- name: note
-- Write down who published what, and what was accepted in it.
INSERT INTO writ.publication (digest, app, by, acknowledged) VALUES ($1, $2, $3, $4)

-- name: kept
-- The stored body as text, whatever a connection makes of JSON.
SELECT body::text FROM writ.release WHERE digest = $1

-- name: switch
-- Let a release decide for the new runs of its app; no row where it does already.
INSERT INTO writ.active_release AS active (app, digest) VALUES ($1, $2)
ON CONFLICT (app) DO UPDATE SET digest = excluded.digest, since = clock_timestamp()
WHERE active.digest IS DISTINCT FROM excluded.digest
RETURNING active.digest

-- name: retire
-- Let no release decide for new runs of an app; no row where none did.
DELETE FROM writ.active_release WHERE app = $1 RETURNING digest

-- name: active_sources
-- The texts of the release that decides for an app.
SELECT s.texts FROM writ.active_release a JOIN writ.release_source s USING (digest) WHERE a.app = $1
