//! The tables as diesel sees them. A test compares them with the migrated database.

diesel::table! {
    projects (id) {
        id -> Int8,
        slug -> Text,
        key_prefix -> Nullable<Text>,
        default_scopes -> Array<Text>,
        default_networks -> Nullable<Array<Cidr>>,
        default_rate_limit_requests -> Nullable<Int8>,
        default_rate_limit_seconds -> Nullable<Int8>,
        default_lifetime_seconds -> Nullable<Int8>,
        max_lifetime_seconds -> Nullable<Int8>,
        allowed_origins -> Array<Text>,
        version -> Int8,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    principals (id) {
        id -> Int8,
        name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        token_generation -> Int8,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        kind -> Text,
        project_id -> Int8,
        external_id -> Nullable<Text>,
        display_name -> Nullable<Text>,
        metadata -> Jsonb,
        is_administrator -> Bool,
    }
}

diesel::table! {
    members (principal_id, project_id) {
        principal_id -> Int8,
        kind -> Text,
        project_id -> Int8,
        role -> Text,
    }
}

// A view for servers of version 0.1.0, which knows users alone.
diesel::table! {
    users (id) {
        id -> Nullable<Int8>,
        name -> Nullable<Text>,
        role -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        token_generation -> Nullable<Int8>,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Int8,
        user_id -> Int8,
        pepper -> Int2,
        hash -> Bytea,
        key_prefix -> Text,
        description -> Nullable<Text>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        not_before -> Nullable<Timestamptz>,
        disabled_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        version -> Int8,
        revocation_reason -> Nullable<Text>,
        scopes -> Nullable<Array<Text>>,
        networks -> Nullable<Array<Cidr>>,
        rate_limit_requests -> Nullable<Int8>,
        rate_limit_seconds -> Nullable<Int8>,
        predecessor_id -> Nullable<Int8>,
        successor_id -> Nullable<Int8>,
        project_id -> Int8,
        metadata -> Jsonb,
        managed -> Bool,
    }
}

diesel::table! {
    login_counters (network, name_hash) {
        network -> Cidr,
        name_hash -> Bytea,
        failures -> Int4,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    known_logins (name_hash, network) {
        name_hash -> Bytea,
        network -> Cidr,
        expires_at -> Timestamptz,
    }
}

// Of version 0.1.0; only purged, and dropped in a later release.
diesel::table! {
    login_attempts (client_ip, name_hash) {
        client_ip -> Text,
        name_hash -> Bytea,
        failures -> Int4,
        window_started_at -> Timestamptz,
    }
}

diesel::table! {
    change_log (id) {
        id -> Int8,
        // `xid8`, which diesel does not know; the statements that read it are written out.
        transaction -> Text,
        key_id -> Nullable<Int8>,
        user_id -> Nullable<Int8>,
        changed_at -> Timestamptz,
        project_id -> Nullable<Int8>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Int8,
        occurred_at -> Timestamptz,
        action -> Text,
        subject_type -> Text,
        subject_id -> Nullable<Int8>,
        key_id -> Nullable<Int8>,
        actor_user_id -> Nullable<Int8>,
        actor_key_id -> Nullable<Int8>,
        credential_type -> Text,
        client_ip -> Nullable<Inet>,
        before -> Nullable<Jsonb>,
        after -> Jsonb,
        operation -> Nullable<Text>,
        project_id -> Nullable<Int8>,
        principal_id -> Nullable<Int8>,
        minted_by -> Nullable<Int8>,
    }
}

diesel::table! {
    key_usage (key_id) {
        key_id -> Int8,
        valid_count -> Int8,
        invalid_count -> Int8,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    idempotency_keys (user_id, key_hash) {
        user_id -> Int8,
        key_hash -> Bytea,
        request_hash -> Bytea,
        api_key_id -> Nullable<Int8>,
        sealed_secret -> Nullable<Bytea>,
        expires_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(audit_events, projects);

// Of diesel_migrations.
diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}
