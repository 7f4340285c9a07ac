-- For the names that are known in a network whose logins are blocked. Blocks neither reads nor writes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS known_logins_network_idx ON known_logins (network);
