-- The roles of Writ and its database. For psql, as superuser; may be run again at any time.
-- Production: the same file, with POSTGRES_OWNER_PASSWORD and POSTGRES_APP_PASSWORD in psql's environment.

\set ON_ERROR_STOP on
\getenv owner_password POSTGRES_OWNER_PASSWORD
\getenv app_password POSTGRES_APP_PASSWORD

-- writ_owner owns the schemas and tables; used by publish alone.
SELECT 'CREATE ROLE writ_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'writ_owner') \gexec
ALTER ROLE writ_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;

-- writ_app runs the transactions; it owns nothing, so row-level security holds for it.
SELECT 'CREATE ROLE writ_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'writ_app') \gexec
ALTER ROLE writ_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;

\if :{?owner_password}
ALTER ROLE writ_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE writ_app PASSWORD :'app_password';
\endif

-- One collation everywhere: text sorts by code point, on every machine and operating system alike.
SELECT $$CREATE DATABASE writ OWNER writ_owner TEMPLATE template0 ENCODING 'UTF8'
         LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'$$
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'writ') \gexec
ALTER DATABASE writ OWNER TO writ_owner;

-- Nobody else connects, and the application makes neither schemas nor temporary tables.
REVOKE ALL ON DATABASE writ FROM PUBLIC;
GRANT CONNECT ON DATABASE writ TO writ_app;
