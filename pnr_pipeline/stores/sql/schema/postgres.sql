-- What PostgreSQL has beside the tables; run as the owner after the numbered files, each time, so all of it can be run again.

-- the functions of SQLite that our statements use
CREATE OR REPLACE FUNCTION json_each(list text) RETURNS TABLE (value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50
    AS $$ SELECT jsonb_array_elements_text(list::jsonb) $$;

CREATE OR REPLACE FUNCTION json_extract(told text, path text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT jsonb_path_query_first(told::jsonb, replace(path, '[#-1]', '[last]')::jsonpath) #>> '{}' $$;

CREATE OR REPLACE FUNCTION unhex(told text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT decode(told, 'hex') $$;

-- the key under which tokens of purpose are signed, as the two halves that HMAC-SHA256 makes of it (RFC 2104)
CREATE TABLE IF NOT EXISTS gate_key (
    one       BIGINT PRIMARY KEY CHECK (one = 1),
    inner_key BYTEA NOT NULL,
    outer_key BYTEA NOT NULL
);
INSERT INTO retention_class VALUES ('gate_key', 'working', 'opens no data; a new one is put in by `pnr database prepare`')
    ON CONFLICT DO NOTHING;

-- What this connection shows, null where its token is missing, forged, over, or another connection's.
-- Token: database|process id|until, seconds|purpose|actor|case|States, or * for all|HMAC in hex
CREATE OR REPLACE FUNCTION shown() RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pnr, pg_temp
    AS $$
DECLARE
    parts text[] := string_to_array(current_setting('pnr.token', true), '|');
    gate gate_key;
BEGIN
    IF parts IS NULL OR array_length(parts, 1) IS DISTINCT FROM 8 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO gate FROM gate_key;
    IF encode(sha256(gate.outer_key || sha256(gate.inner_key
           || convert_to(array_to_string(parts[1:7], '|'), 'UTF8'))), 'hex') IS DISTINCT FROM parts[8] THEN
        RETURN NULL;
    END IF;
    IF parts[1] <> current_database() OR parts[2] <> pg_backend_pid()::text
       OR parts[3]::bigint < extract(epoch FROM clock_timestamp()) OR parts[4] NOT IN ('a', 'b', 'c', 'border', 'dpo', 'admin') THEN
        RETURN NULL;
    END IF;
    RETURN parts;
END $$;

-- the purpose that it may work for
CREATE OR REPLACE FUNCTION purpose() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pnr, pg_temp
    AS $$ SELECT (pnr.shown())[4] $$;

-- the States whose rows it may see: PNR art. 4(4), one unit of several States
CREATE OR REPLACE FUNCTION states() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pnr, pg_temp
    AS $$ SELECT (pnr.shown())[7] $$;

CREATE OR REPLACE FUNCTION close_gate(name text) RETURNS void
    LANGUAGE plpgsql SET search_path = pnr, pg_temp
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);  -- the owner too
    EXECUTE format('DROP POLICY IF EXISTS purpose_given ON %I', name);
    -- a sub-select is asked once a statement, not once a row
    EXECUTE format($policy$CREATE POLICY purpose_given ON %I USING ((SELECT pnr.states()) = '*' OR basis IN (
        SELECT of.basis FROM pnr.basis_state of WHERE of.state = ANY (string_to_array((SELECT pnr.states()), ','))))
        WITH CHECK ((SELECT pnr.states()) IS NOT NULL AND basis IN (SELECT of.basis FROM pnr.basis of))
        $policy$, name);  -- a table by period refers to none, so the basis of its rows is checked here (ING-1)
END $$;

-- every table that holds anything of travellers (retention classes of records and of what came in)
SELECT close_gate(table_name) FROM retention_class WHERE class IN ('record', 'ingest');

-- A period's partitions, made when its first record comes. Runs as the owner: the roles own nothing.
CREATE OR REPLACE FUNCTION open_period(told text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pnr, pg_temp
    AS $$
DECLARE
    parent text;
    child text;
BEGIN
    FOR parent IN SELECT relname FROM pg_class WHERE relnamespace = 'pnr'::regnamespace AND relkind = 'p' ORDER BY 1 LOOP
        child := partition_of(parent, told);
        IF to_regclass(child) IS NULL THEN
            -- not PARTITION OF at once: that would wait for every reader and writer of the table
            PERFORM pg_advisory_xact_lock(20016, hashtext(child));
            IF to_regclass(child) IS NULL THEN
                EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
                PERFORM close_gate(child);
                EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', parent, child, told);
            END IF;
        END IF;
    END LOOP;
END $$;

-- A period's partition as a table by itself, which no statement on its parent meets: whatever its size, at once.
CREATE OR REPLACE FUNCTION part_period(parent text, told text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pnr, pg_temp
    AS $$
DECLARE
    child text := partition_of(parent, told);
BEGIN
    IF EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(child) AND inhparent = to_regclass(parent)) THEN
        EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, child);
    END IF;
END $$;

-- Its files, which takes as long as the disk does.
CREATE OR REPLACE FUNCTION drop_period(parent text, told text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pnr, pg_temp
    AS $$
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = to_regclass(parent)) IS DISTINCT FROM 'p' THEN
        RAISE EXCEPTION 'no table by period';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', partition_of(parent, told));
END $$;

-- S/2026-01-10 of body: body_s_2026_01_10
CREATE OR REPLACE FUNCTION partition_of(parent text, told text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    AS $$
BEGIN
    IF told !~ '^[A-Za-z]+/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2})?$' THEN
        RAISE EXCEPTION 'no key period';
    END IF;
    RETURN lower(parent || '_' || translate(told, '/-', '__'));
END $$;
