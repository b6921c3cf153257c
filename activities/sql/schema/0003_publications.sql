-- Every act of publishing, with what somebody accepted in it. Append-only.
CREATE TABLE writ.publication (
    number       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest       text NOT NULL REFERENCES writ.release (digest),
    app          text NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    by           text NOT NULL,
    acknowledged jsonb NOT NULL
);
CREATE INDEX publication_by_app ON writ.publication (app, at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON writ.publication
    FOR EACH STATEMENT EXECUTE FUNCTION writ.refuse_change();

-- What the author wrote and the safety engine judged: the texts of a release by their paths, as compressed JSON.
CREATE TABLE writ.release_source (
    digest text PRIMARY KEY REFERENCES writ.release (digest),
    texts  bytea NOT NULL
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON writ.release_source
    FOR EACH STATEMENT EXECUTE FUNCTION writ.refuse_change();
