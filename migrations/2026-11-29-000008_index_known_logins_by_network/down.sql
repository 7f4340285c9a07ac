DROP INDEX IF EXISTS known_logins_network_idx;
