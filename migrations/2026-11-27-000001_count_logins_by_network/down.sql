DROP TABLE known_logins;
DROP TABLE login_counters;
