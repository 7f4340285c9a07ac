//! Projects with their principals and keys, by SQL: so the audit trail has what the test does, and nothing else.

use std::fmt::Write;

use latchkey_domain::model::{KeyPrefix, PlainKey};
use secrecy::ExposeSecret;

use crate::app::{Key, TestApp, peppers};

/// A project.
pub struct Project {
    /// The id in the database.
    pub id: i64,
    /// The name in paths.
    pub slug: &'static str,
}

impl Project {
    /// Creates a project without settings.
    pub async fn create(app: &TestApp, slug: &'static str) -> Self {
        let insert = format!("INSERT INTO projects (slug, created_at) VALUES ('{slug}', now()) RETURNING id");
        Self { id: app.database.query(&insert).await[0].get(0), slug }
    }

    /// The project that always exists.
    pub fn default_project() -> Self {
        Self { id: 1, slug: "default" }
    }

    /// Gives a user a role.
    pub async fn add_member(&self, app: &TestApp, user_id: i64, role: &str) {
        let insert = format!(
            "INSERT INTO members (principal_id, kind, project_id, role) SELECT id, kind, {}, '{role}' FROM principals \
             WHERE id = {user_id}",
            self.id
        );
        app.database.execute(&insert).await;
    }

    /// Creates an owner, and returns its id.
    pub async fn owner(&self, app: &TestApp, external_id: &str) -> i64 {
        let insert = format!(
            "INSERT INTO principals (kind, project_id, external_id, created_at) VALUES ('owner', {}, '{external_id}', now()) \
             RETURNING id",
            self.id
        );
        app.database.query(&insert).await[0].get(0)
    }

    /// Creates a service account with a role in the project, and returns its id.
    pub async fn service_account(&self, app: &TestApp, name: &str, role: &str) -> i64 {
        let insert = format!(
            "INSERT INTO principals (kind, project_id, name, created_at) VALUES ('service_account', {}, '{name}', now()) \
             RETURNING id",
            self.id
        );
        let id = app.database.query(&insert).await[0].get(0);
        self.add_member(app, id, role).await;
        id
    }

    /// Creates a key of a principal of the project, with these scopes, separated by commas.
    pub async fn key_of(&self, app: &TestApp, principal_id: i64, scopes: &str) -> Key {
        let key = PlainKey::generate(&KeyPrefix::new("lk").unwrap(), &app.rng());
        let (hash, prefix) = (peppers(&[1]).current(&key), key.display_prefix().to_owned());
        let digest = hash.digest.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
        let insert = format!(
            "INSERT INTO api_keys (user_id, project_id, pepper, hash, key_prefix, created_at, scopes) \
             VALUES ({principal_id}, {}, {}, '\\x{digest}', '{prefix}', now(), '{{{scopes}}}') RETURNING id",
            self.id, hash.pepper
        );
        let id = app.database.query(&insert).await[0].get(0);
        Key { id, secret: key.into_secret().expose_secret().to_owned() }
    }

    /// Creates an owner with a key without scopes.
    pub async fn owner_key(&self, app: &TestApp, external_id: &str) -> Key {
        let owner = self.owner(app, external_id).await;
        self.key_of(app, owner, "").await
    }
}
