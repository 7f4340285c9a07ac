//! The pool of connections for writes: each write has one for itself, because each commit waits for its own flush.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use diesel::ConnectionError;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt;
use tokio::time::timeout;

use super::{ConnectionConfig, StoreError, server::CurrentServer};
use crate::model::error_chain;

/// The state of the write pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    /// The most connections.
    pub max: usize,
    /// Open connections.
    pub open: usize,
    /// Open connections that are not in use.
    pub idle: usize,
    /// Requests that wait for a connection.
    pub pending: usize,
}

pub(super) struct WritePool {
    config: Arc<ConnectionConfig>,
    server: Arc<CurrentServer>,
    size: usize,
    acquire_timeout: Duration,
    pool: RwLock<Pool<AsyncPgConnection>>,
}

impl WritePool {
    /// A pool of up to `size` connections, without any yet. `acquire_timeout` is how long a write waits for one.
    pub(super) fn new(
        config: Arc<ConnectionConfig>,
        server: Arc<CurrentServer>,
        size: usize,
        acquire_timeout: Duration,
    ) -> Result<Self, StoreError> {
        let pool = RwLock::new(build(&config, &server, size)?);
        Ok(Self { config, server, size, acquire_timeout, pool })
    }

    /// A connection that nothing else uses.
    pub(super) async fn get(&self) -> Result<Object<AsyncPgConnection>, StoreError> {
        let pool = self.pool.read().unwrap_or_else(PoisonError::into_inner).clone();
        timeout(self.acquire_timeout, pool.get())
            .await
            .map_err(StoreError::unavailable)?
            .map_err(StoreError::unavailable)
    }

    /// Closes all connections: idle ones now, others when they are returned.
    pub(super) fn reset(&self) -> Result<(), StoreError> {
        let pool = build(&self.config, &self.server, self.size)?;
        let mut current = self.pool.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, pool).close();
        Ok(())
    }

    pub(super) fn status(&self) -> PoolStatus {
        let status = self.pool.read().unwrap_or_else(PoisonError::into_inner).status();
        PoolStatus { max: status.max_size, open: status.size, idle: status.available, pending: status.waiting }
    }
}

fn build(
    config: &Arc<ConnectionConfig>,
    server: &Arc<CurrentServer>,
    size: usize,
) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut manager = ManagerConfig::default();
    // The connection itself knows whether it was lost, so no query has to test it.
    manager.recycling_method = RecyclingMethod::Fast;
    manager.custom_setup = {
        let (config, server) = (Arc::clone(config), Arc::clone(server));
        Box::new(move |_| {
            let (config, server) = (Arc::clone(&config), Arc::clone(&server));
            async move {
                let connection = config.connect().await?;
                let is_right = server.check_connection(&connection).await;
                is_right.map_err(|error| ConnectionError::BadConnection(error_chain(&error)))?;
                Ok(connection)
            }
            .boxed()
        })
    };
    let manager = AsyncDieselConnectionManager::new_with_config(String::new(), manager);
    Pool::builder(manager).max_size(size).build().map_err(StoreError::internal)
}
