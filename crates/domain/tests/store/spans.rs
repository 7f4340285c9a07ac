//! Spans: each operation and each statement has one of its name, so that a slow statement can be attributed.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, Utc};
use latchkey_domain::{
    Clock, Rng, TimeSource,
    keys::get::get,
    model::{Caller, Env},
    store::{ConnectionConfig, Store, StoreConfig},
};
use latchkey_test_support::database::TestDatabase;
use tracing::{Id, Subscriber, instrument::WithSubscriber, span::Attributes};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::{LookupSpan, Registry},
};

/// Records the name of each span behind the names of those around it.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Names {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let names: Vec<&str> = context.span_scope(id).unwrap().from_root().map(|span| span.name()).collect();
        self.0.lock().unwrap().push(names.join(" > "));
    }
}

struct StandingStill;

impl TimeSource for StandingStill {
    fn utc(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(1)
    }
}

#[tokio::test]
async fn operations_and_statements_have_spans_of_their_names() {
    let database = TestDatabase::migrated().await;
    let long = Duration::from_secs(10);
    let env = Env { clock: Clock::new(StandingStill), rng: Rng::new(|bytes| bytes.fill(0)) };
    let store = Store::new(StoreConfig {
        connection: ConnectionConfig::new(database.url(), long, long).unwrap(),
        write_pool_size: 1,
        read_connections: 1,
        acquire_timeout: long,
        clock: env.clock.clone(),
    });
    let names = Names::default();
    let caller = Caller::with_token(1, 1);
    let found = get(&store.unwrap(), &env, &caller, 7).with_subscriber(Registry::default().with(names.clone())).await;
    assert!(found.is_err(), "there is no such caller");
    let names = names.0.lock().unwrap().clone();
    assert_eq!(
        names,
        [
            "keys.get",
            "keys.get > store.find_key",
            "keys.get > store.ensure_caller_active",
            "keys.get > store.ensure_caller_active > store.find_active_principal",
        ]
    );
}
