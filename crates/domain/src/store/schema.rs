//! The tables as diesel sees them; a test holds them to the migrated database.

diesel::table! {
    users (id) {
        id -> Int8,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        token_generation -> Int8,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
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
    }
}

diesel::table! {
    failed_logins (address, name_hash) {
        address -> Text,
        name_hash -> Bytea,
        failures -> Int4,
        since -> Timestamptz,
    }
}

diesel::joinable!(api_keys -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, api_keys);

// diesel_migrations' own.
diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}
