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

-- name: beginning_with
-- The digests that begin so.
SELECT digest FROM writ.release WHERE starts_with(digest, $1) ORDER BY digest LIMIT $2

-- name: deciding
-- The release that new runs of one app follow.
SELECT digest FROM writ.active_release WHERE app = $1
