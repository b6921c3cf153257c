-- Tells every process, at commit, that an app was retired: no release decides for new runs of it.
CREATE FUNCTION writ.tell_of_retirement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('writ_release', json_build_object('app', OLD.app, 'digest', NULL)::text);
    RETURN NULL;
END;
$$;
CREATE TRIGGER tell_of_retirement AFTER DELETE ON writ.active_release
    FOR EACH ROW EXECUTE FUNCTION writ.tell_of_retirement();
