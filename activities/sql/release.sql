-- Releases as those read them who run them.

-- name: active
-- The active release of every app.
SELECT app, digest FROM writ.active_release ORDER BY app

-- name: body
-- The plans of one release.
SELECT body FROM writ.release WHERE digest = $1

-- name: sources
-- The texts a release was made from.
SELECT texts FROM writ.release_source WHERE digest = $1
