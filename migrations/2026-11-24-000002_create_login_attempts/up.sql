-- Locks no existing table.
CREATE TABLE login_attempts (
    client_ip text NOT NULL,
    -- Keyed hash of the submitted name, because people type passwords into the wrong field.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) = 32),
    failures integer NOT NULL CHECK (failures > 0),
    -- Start of the window in which these failures count.
    window_started_at timestamptz NOT NULL,
    PRIMARY KEY (client_ip, name_hash)
);

-- For purging expired windows.
CREATE INDEX login_attempts_window_started_at_idx ON login_attempts (window_started_at);
