-- Locks nothing that is in use: the table is new.
CREATE TABLE failed_logins (
    address text NOT NULL,
    -- A keyed hash of the name that was tried: people type passwords into the wrong field.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) = 32),
    failures integer NOT NULL CHECK (failures > 0),
    -- When the window began in which these failures count.
    since timestamptz NOT NULL,
    PRIMARY KEY (address, name_hash)
);

-- Serves the removal of windows that have passed.
CREATE INDEX failed_logins_since ON failed_logins (since);
