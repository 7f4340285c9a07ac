-- Locks nothing that is in use: the table is new.
CREATE TABLE login_attempts (
    client_ip text NOT NULL,
    -- A keyed hash of the name that was tried: people type passwords into the wrong field.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) = 32),
    failures integer NOT NULL CHECK (failures > 0),
    -- When the window began in which these failures count.
    window_started_at timestamptz NOT NULL,
    PRIMARY KEY (client_ip, name_hash)
);

-- Serves the removal of windows that have passed.
CREATE INDEX login_attempts_window_started_at_idx ON login_attempts (window_started_at);
