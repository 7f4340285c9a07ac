-- Locks no existing table.
CREATE TABLE projects (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Immutable: gateways and clients name the project by it.
    slug text NOT NULL CONSTRAINT projects_slug_key UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{0,62}$'),
    -- How the keys of the project begin; null for the configured prefix.
    key_prefix text CONSTRAINT projects_key_prefix_key UNIQUE CHECK (key_prefix ~ '^[a-z][a-z0-9]{0,7}$'),
    -- The policy of keys that are issued without one, and of those that owner tokens create.
    default_scopes text[] NOT NULL DEFAULT '{}' CHECK (array_position(default_scopes, NULL) IS NULL),
    default_networks cidr[] CHECK (array_position(default_networks, NULL) IS NULL),
    default_rate_limit_requests bigint CHECK (default_rate_limit_requests BETWEEN 1 AND 1000000),
    default_rate_limit_seconds bigint CHECK (default_rate_limit_seconds BETWEEN 1 AND 86400),
    -- How long keys are valid that are issued without an expiry, and at most; null for ever.
    default_lifetime_seconds bigint CHECK (default_lifetime_seconds BETWEEN 1 AND 3153600000),
    max_lifetime_seconds bigint CHECK (max_lifetime_seconds BETWEEN 1 AND 3153600000),
    -- The origins of web pages whose requests with an owner token are accepted.
    allowed_origins text[] NOT NULL DEFAULT '{}' CHECK (array_position(allowed_origins, NULL) IS NULL),
    -- Incremented with every change. Part of the ETag.
    version bigint NOT NULL DEFAULT 1,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT projects_rate_limit_complete
        CHECK ((default_rate_limit_requests IS NULL) = (default_rate_limit_seconds IS NULL)),
    CONSTRAINT projects_default_is_enabled CHECK (id <> 1 OR disabled_at IS NULL)
);

-- The project of users, and of all keys that exist. Its id is 1.
INSERT INTO projects (slug, created_at) VALUES ('default', now());
