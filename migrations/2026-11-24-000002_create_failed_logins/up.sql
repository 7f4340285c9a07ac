-- Locks no existing table.
CREATE TABLE failed_logins (
    address text NOT NULL,
    -- Keyed hash of the submitted name, because people type passwords into the wrong field.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) = 32),
    failures integer NOT NULL CHECK (failures > 0),
    -- Start of the window in which these failures count.
    since timestamptz NOT NULL,
    PRIMARY KEY (address, name_hash)
);

-- For purging expired windows.
CREATE INDEX failed_logins_since ON failed_logins (since);
