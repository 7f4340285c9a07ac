-- Locks no existing table.
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT users_name_key UNIQUE CHECK (char_length(name) BETWEEN 1 AND 255),
    role text NOT NULL CHECK (role IN ('admin', 'verifier', 'member')),
    -- An Argon2id hash in PHC format, never a password.
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    -- Carried by every bearer token. Incrementing it invalidates all tokens issued before.
    token_generation bigint NOT NULL DEFAULT 1,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL
);
