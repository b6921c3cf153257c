-- Setting up our own schema.

-- name: hold
-- Let nobody else set up at the same time; given back at the end of the transaction.
SELECT pg_advisory_xact_lock(7_738_297_401)

-- name: prepare
-- The schema itself and the list of what was applied to it.
CREATE SCHEMA IF NOT EXISTS writ;
CREATE TABLE IF NOT EXISTS writ.migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    digest     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)

-- name: applied
-- What was applied, by number.
SELECT number, name, digest FROM writ.migration ORDER BY number

-- name: note
-- Remember that a migration was applied.
INSERT INTO writ.migration (number, name, digest) VALUES ($1, $2, $3)
