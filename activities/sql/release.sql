-- Releases as those read them who run them.

-- name: active
-- The active release of every app.
SELECT app, digest FROM writ.active_release ORDER BY app

-- name: body
-- The plans of one release.
SELECT body FROM writ.release WHERE digest = $1
