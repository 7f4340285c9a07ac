-- Locks no existing table. Nodes of version 0.1.0 go on counting in `login_attempts`, so while both versions run, each has limits
-- of its own. A later release drops that table; until then it is purged.
CREATE TABLE login_counters (
    -- Where failed logins came from: an IPv4 address, or an IPv6 network.
    network cidr NOT NULL,
    -- Keyed hash of the submitted name, because people type passwords into the wrong field. Empty: all names.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) IN (0, 32)),
    failures integer NOT NULL CHECK (failures >= 0),
    -- End of the window in which these failures count.
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (network, name_hash)
);

-- For purging expired counters.
CREATE INDEX login_counters_expires_at_idx ON login_counters (expires_at);

-- Names that logged in from a network. Failed logins on other names do not block them there.
CREATE TABLE known_logins (
    -- Keyed hash of the name, as in `login_counters`.
    name_hash bytea NOT NULL CHECK (octet_length(name_hash) = 32),
    network cidr NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (name_hash, network)
);

-- For purging expired rows.
CREATE INDEX known_logins_expires_at_idx ON known_logins (expires_at);
