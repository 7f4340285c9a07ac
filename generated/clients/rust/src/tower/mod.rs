//! Protects the routes of a tower service, such as an axum router: their requests need an API key.
//!
//! [`ProtectLayer`] verifies the key of each request. It responds by itself if the key is not valid, with the status, the
//! challenge and the code of Latchkey's forward authentication; or with 503 if Latchkey does not answer.

mod key_cache;
mod refusal;

use std::{
    fmt, mem,
    net::IpAddr,
    ops::{Deref, RangeInclusive},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{
    HeaderMap, Request, Response,
    header::{AUTHORIZATION, HeaderName},
    request::Parts,
};
use tokio::time::timeout;
use tower_layer::Layer;
use tower_service::Service;

pub use self::key_cache::KeyCache;
use self::{
    key_cache::{Answer, Verified},
    refusal::Refusal,
};
use crate::{Error, Latchkey, models::ApiKeyVerification};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// How many characters a key may have for Latchkey to verify it.
const KEY_LENGTHS: RangeInclusive<usize> = 1..=1024;

type ClientIp = dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync;

/// Lets a request through if its API key is valid. Its handler gets the [`Identity`] from the request's extensions.
///
/// The key is that of `X-API-Key`, or else of `Authorization: Bearer`. Clones share the key cache.
#[derive(Clone)]
#[must_use]
pub struct ProtectLayer {
    latchkey: Latchkey,
    scopes: Vec<String>,
    client_ip: Option<Arc<ClientIp>>,
    refuses_stale: bool,
    key_cache: Option<Arc<KeyCache>>,
}

impl ProtectLayer {
    pub fn new(latchkey: Latchkey) -> Self {
        Self { latchkey, scopes: Vec::new(), client_ip: None, refuses_stale: false, key_cache: None }
    }

    /// The scopes that a key must have, all of them.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// What the address of the client is. Without an address, keys that are restricted to networks are not valid.
    pub fn client_ip(mut self, client_ip: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static) -> Self {
        self.client_ip = Some(Arc::new(client_ip));
        self
    }

    /// Responds with 503 to keys that Latchkey has found valid without its database.
    pub fn refuse_stale(mut self) -> Self {
        self.refuses_stale = true;
        self
    }

    /// Remembers valid keys for a moment.
    pub fn key_cache(mut self, key_cache: KeyCache) -> Self {
        self.key_cache = Some(Arc::new(key_cache));
        self
    }

    async fn identify(&self, request: &Parts) -> Result<Identity, Refusal> {
        let key = key_of(&request.headers)?;
        let ip = self.client_ip.as_ref().and_then(|client_ip| client_ip(request));
        let ip = ip.map(|ip| ip.to_canonical().to_string());
        let answer = match &self.key_cache {
            None => self.verify(key, ip.as_deref()).await,
            Some(key_cache) => {
                let digest = key_cache::digest(key, ip.as_deref(), &self.scopes);
                let answer = key_cache.answer(digest, || self.verify(key, ip.as_deref()));
                // It may have waited for another request, and then verify the key by itself.
                let limit = self.latchkey.transport.timeout;
                timeout(limit, answer).await.unwrap_or_else(|_| Err(Error::timed_out(limit)))
            }
        };
        let verification = match answer {
            Ok(verified) => verified.verification,
            Err(error) => {
                log::warn!("failed to verify an API key: {error}");
                return Err(Refusal::unavailable());
            }
        };
        if !verification.valid {
            Err(Refusal::of(&verification, &self.scopes))
        } else if verification.stale && self.refuses_stale {
            Err(Refusal::stale())
        } else {
            Ok(Identity(verification))
        }
    }

    fn verify(&self, key: &str, ip: Option<&str>) -> impl Future<Output = Answer> + Send + use<> {
        let mut call = self.latchkey.verify(key);
        if !self.scopes.is_empty() {
            call = call.scopes(&self.scopes);
        }
        if let Some(ip) = ip {
            call = call.ip(ip);
        }
        async {
            let received = call.await?;
            let has_rate_limit = received.headers().contains_key("ratelimit");
            Ok(Verified { has_rate_limit, verification: Arc::new(received.into_inner()) })
        }
    }
}

impl fmt::Debug for ProtectLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { latchkey, scopes, .. } = self;
        f.debug_struct("ProtectLayer").field("latchkey", latchkey).field("scopes", scopes).finish_non_exhaustive()
    }
}

impl<S> Layer<S> for ProtectLayer {
    type Service = Protect<S>;

    fn layer(&self, inner: S) -> Protect<S> {
        Protect { layer: Arc::new(self.clone()), inner }
    }
}

/// A service whose requests need an API key; see [`ProtectLayer`].
#[derive(Clone, Debug)]
pub struct Protect<S> {
    layer: Arc<ProtectLayer>,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Protect<S>
where
    S: Service<Request<B>, Response = Response<R>, Future: Send> + Clone + Send + 'static,
    B: Send + 'static,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // This one is ready, and its clone is not yet.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(async move {
            let (mut head, body) = request.into_parts();
            match layer.identify(&head).await {
                Ok(identity) => {
                    head.extensions.insert(identity);
                    inner.call(Request::from_parts(head, body)).await
                }
                Err(refusal) => Ok(refusal.response()),
            }
        })
    }
}

/// The valid key of a request, and whom it belongs to: what Latchkey has answered.
#[derive(Clone, Debug)]
pub struct Identity(Arc<ApiKeyVerification>);

impl Identity {
    /// Whether the key has the scope, as one that is not restricted to scopes does.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.unrestricted || self.scopes.iter().flatten().any(|one| one == scope)
    }
}

impl Deref for Identity {
    type Target = ApiKeyVerification;

    fn deref(&self) -> &ApiKeyVerification {
        &self.0
    }
}

/// For tests of handlers.
impl From<ApiKeyVerification> for Identity {
    fn from(verification: ApiKeyVerification) -> Self {
        Self(Arc::new(verification))
    }
}

/// The key of a request. `X-API-Key` takes precedence, because the client may need `Authorization` for another service.
fn key_of(headers: &HeaderMap) -> Result<&str, Refusal> {
    let key = match header(headers, API_KEY)? {
        Some(key) => key,
        None => match header(headers, AUTHORIZATION)?.ok_or_else(Refusal::missing)?.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_matches(' '),
            _ => return Err(Refusal::malformed()),
        },
    };
    let is_key = KEY_LENGTHS.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_key { Ok(key) } else { Err(Refusal::malformed()) }
}

/// The value of a header that may be given once, as visible ASCII.
fn header(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Refusal::malformed()),
        (Some(_), Some(_)) => Err(Refusal::malformed()),
    }
}
