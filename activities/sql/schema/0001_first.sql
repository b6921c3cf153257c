-- The tables of Writ itself. Run by the role that owns them; `writ_app` is the role of API and workers.

-- Every release ever published, by the digest of its canonical JSON; never changed.
CREATE TABLE writ.release (
    digest       text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    app          text NOT NULL,
    body         jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_by text NOT NULL DEFAULT session_user
);

-- The release that decides for new runs of an app.
CREATE TABLE writ.active_release (
    app    text PRIMARY KEY,
    digest text NOT NULL REFERENCES writ.release (digest),
    since  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row per transaction of a run, written inside that transaction: its effect happens once, its answer can be given again.
CREATE TABLE writ.step (
    run_id     text NOT NULL,
    node       text NOT NULL,
    result     text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, node)
);

-- One row for every run and for every call refused at the door. Append-only.
CREATE TABLE writ.audit (
    run_id        text PRIMARY KEY,
    app           text NOT NULL,
    tool          text NOT NULL,
    release       text NOT NULL,
    trigger       text NOT NULL,
    subject       text NOT NULL,
    roles         text[] NOT NULL,
    outcome       text NOT NULL CHECK (outcome IN ('answered', 'refused', 'failed')),
    refusal_code  text,
    refusal       jsonb,
    failure       text,
    steps         jsonb NOT NULL,
    trace         jsonb NOT NULL,
    input         jsonb,
    input_digest  text NOT NULL,
    output_digest text,
    started_at    timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_by_time ON writ.audit (recorded_at);
CREATE INDEX audit_by_subject ON writ.audit (subject, recorded_at);

-- Which run an Idempotency-Key of a caller stands for, and of which body.
CREATE TABLE writ.idempotency (
    subject     text NOT NULL,
    app         text NOT NULL,
    tool        text NOT NULL,
    key         text NOT NULL,
    body_digest text NOT NULL,
    run_id      text NOT NULL,
    release     text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subject, app, tool, key)
);

-- Refuses whatever statement it is hung on, for everybody, the owner too.
CREATE FUNCTION writ.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON writ.audit
    FOR EACH STATEMENT EXECUTE FUNCTION writ.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON writ.release
    FOR EACH STATEMENT EXECUTE FUNCTION writ.refuse_change();
-- A result is written once, in the transaction that made it.
CREATE TRIGGER written_once BEFORE UPDATE ON writ.step
    FOR EACH ROW WHEN (OLD.result IS NOT NULL) EXECUTE FUNCTION writ.refuse_change();

-- Tells every process, at commit, that an app switched to another release.
CREATE FUNCTION writ.tell_of_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('writ_release', json_build_object('app', NEW.app, 'digest', NEW.digest)::text);
    RETURN NULL;
END;
$$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON writ.active_release
    FOR EACH ROW EXECUTE FUNCTION writ.tell_of_release();

-- The least each of them needs.
GRANT USAGE ON SCHEMA writ TO writ_app;
GRANT SELECT ON writ.release, writ.active_release TO writ_app;
GRANT SELECT, INSERT ON writ.step, writ.audit, writ.idempotency TO writ_app;
GRANT UPDATE (result) ON writ.step TO writ_app;
