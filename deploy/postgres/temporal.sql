-- The Temporal server's role and databases, beside Writ's own (embedded/roles.sql). Run once by the PostgreSQL image, on
-- an empty data folder, with POSTGRES_TEMPORAL_PASSWORD in psql's environment: a command line could be read by others.

\set ON_ERROR_STOP on
\getenv temporal_password POSTGRES_TEMPORAL_PASSWORD

CREATE ROLE temporal LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'temporal_password';

CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE temporal, temporal_visibility FROM PUBLIC;
