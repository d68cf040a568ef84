//! Who sent a request, as far as its headers and its connection tell, and what is answered to whoever cannot prove it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Extension},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use chrono::{DateTime, Utc};
use language::{Language, Text};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{address::Proxies, graphql::respond, media_type::MediaType, metrics::Metrics, origin::Origins, request_id};
use crate::{
    answer::{
        Answer,
        error::{Code, refusal},
    },
    asked::Asked,
    endpoint::Endpoint,
    product::{Credentials, Identity, Product, Unproved},
    subscription::Prover,
};

/// The other end of a connection. Requests that come over none, as in tests, have none.
pub(crate) type Peer = ConnectInfo<SocketAddr>;

/// What requests come in by: the endpoint, and whose word is taken for where they come from.
#[derive(Clone)]
pub struct Gate {
    /// The endpoint.
    pub(crate) endpoint: Endpoint,
    proxies: Arc<Proxies>,
    pub(crate) surface: Arc<Surface>,
    pub(crate) metrics: Option<Metrics>,
    /// Places for those whose identity is looked up: what the storage is too slow for must not pile up.
    proving: Arc<Semaphore>,
}

/// How many identities may be looked up at once.
const PROVING: usize = 500;

/// What there is for browsers. Nothing, unless it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    /// Whether the playground is served.
    pub graphiql: bool,
    /// Which pages of other hosts may ask.
    pub origins: Origins,
}

impl Gate {
    /// The gate to an endpoint.
    #[must_use]
    pub fn new(endpoint: Endpoint, proxies: Proxies) -> Self {
        Self { endpoint, proxies: Arc::new(proxies), surface: Arc::default(), metrics: None, proving: Arc::new(Semaphore::new(PROVING)) }
    }

    /// Measuring what comes in.
    #[must_use]
    pub fn measured_by(mut self, metrics: Metrics) -> Self {
        let observer = metrics.clone();
        self.endpoint = self.endpoint.observed_by(Arc::new(move |observation| observer.observe(observation)));
        self.metrics = Some(metrics);
        self
    }

    /// With what there is for browsers.
    #[must_use]
    pub fn showing(mut self, surface: Surface) -> Self {
        self.surface = Arc::new(surface);
        self
    }
}

/// What a request says about who sent it, unproved.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) language: Language,
    request_id: String,
    pub(crate) address: Option<IpAddr>,
    user_agent: Option<String>,
    authorization: Authorization,
}

/// What a request presents.
#[derive(Clone)]
enum Authorization {
    None,
    Bearer(String),
    /// A ticket for a file at an address, presented at a time.
    Ticket {
        ticket: String,
        address: String,
        at: DateTime<Utc>,
    },
    /// Something else, several, or what is no text.
    Unreadable,
}

impl Caller {
    pub(crate) fn of(gate: &Gate, peer: Option<Extension<Peer>>, headers: &HeaderMap) -> Self {
        Self {
            language: Language::accepted(text(headers, &header::ACCEPT_LANGUAGE).unwrap_or_default()),
            request_id: request_id::of(headers),
            address: peer.map(|Extension(ConnectInfo(peer))| gate.proxies.client(peer.ip(), headers)),
            user_agent: text(headers, &header::USER_AGENT).map(str::to_owned),
            authorization: Authorization::of(headers),
        }
    }

    /// Finds out who asks. Whoever presents something that proves nothing is refused, not served as the public.
    pub(crate) async fn prove(&self, gate: &Gate) -> Result<Asked, Unproved> {
        let identity = match &self.authorization {
            Authorization::None => self.proved(gate, Credentials::None).await?,
            Authorization::Bearer(token) => {
                let _place = place_to_prove(gate)?;
                self.proved(gate, Credentials::Bearer(token)).await?
            }
            Authorization::Ticket { ticket, address, at } => {
                let _place = place_to_prove(gate)?;
                self.proved(gate, Credentials::Ticket { ticket, address, at: *at }).await?
            }
            Authorization::Unreadable => return Err(Unproved::Invalid("no readable bearer token".into())),
        };
        Ok(Asked {
            identity,
            at: gate.endpoint.product.now(),
            request_id: self.request_id.clone(),
            address: self.address,
            user_agent: self.user_agent.clone(),
            language: self.language,
        })
    }

    async fn proved(&self, gate: &Gate, credentials: Credentials<'_>) -> Result<Identity, Unproved> {
        let product = &gate.endpoint.product;
        product.authenticate(credentials).await.inspect_err(|unproved| match unproved {
            Unproved::Invalid(reason) => {
                tracing::info!(request_id = self.request_id, reason, "not authenticated");
            }
            Unproved::Unavailable(cause) => {
                // Also where it is the identity provider that does not answer: looking costs little.
                product.suspect();
                tracing::error!(request_id = self.request_id, ?cause, "an identity could not be checked");
            }
        })
    }

    /// The id of the request.
    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// A place among those whose identity is looked up at once, where the storage is there to look it up.
fn place_to_prove(gate: &Gate) -> Result<SemaphorePermit<'_>, Unproved> {
    let place = gate.proving.try_acquire().map_err(|_| Unproved::Unavailable("too many at once".into()))?;
    if gate.endpoint.product.is_away() {
        return Err(Unproved::Unavailable("the storage is away".into()));
    }
    Ok(place)
}

impl Authorization {
    fn of(headers: &HeaderMap) -> Self {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        match (given.next(), given.next()) {
            (None, _) => Self::None,
            (Some(value), None) => value.to_str().map_or(Self::Unreadable, Self::read),
            (Some(_), Some(_)) => Self::Unreadable,
        }
    }

    fn read(value: &str) -> Self {
        value
            .trim()
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or(Self::Unreadable, |(_, token)| Self::Bearer(token.trim().to_owned()))
    }
}

impl Caller {
    /// Whether nothing at all is presented.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.authorization, Authorization::None)
    }

    /// Presents `value`, in the form of an `Authorization` header, in place of what the request did.
    pub(crate) fn present(&mut self, value: &str) {
        self.authorization = Authorization::read(value);
    }

    /// Presents a ticket for a file at an address. Whoever presents a token as well presents two things, which is refused.
    pub(crate) fn present_ticket(&mut self, ticket: &str, address: &str, at: DateTime<Utc>) {
        self.authorization = match self.authorization {
            Authorization::None => Authorization::Ticket { ticket: ticket.to_owned(), address: address.to_owned(), at },
            _ => Authorization::Unreadable,
        };
    }

    /// Presents something that proves nothing.
    pub(crate) fn present_nothing_readable(&mut self) {
        self.authorization = Authorization::Unreadable;
    }

    /// What finds out again who asks.
    pub(crate) fn prover(&self, gate: &Gate) -> Prover {
        let (caller, gate) = (self.clone(), gate.clone());
        Arc::new(move || {
            let (caller, gate) = (caller.clone(), gate.clone());
            Box::pin(async move { caller.prove(&gate).await })
        })
    }
}

/// The answer to whoever cannot prove who they are: 401 with what is wanted (RFC 6750), or 503 where that cannot be checked now.
pub(crate) fn unproved(unproved: &Unproved, gate: &Gate, media_type: MediaType, language: Language) -> Response {
    let answer = unproved_answer(unproved, &*gate.endpoint.product, language);
    match unproved {
        Unproved::Invalid(_) => {
            let mut response = respond(media_type, StatusCode::UNAUTHORIZED, language, answer);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge(gate, ", error=\"invalid_token\""));
            response
        }
        Unproved::Unavailable(_) => {
            let mut response = respond(media_type, StatusCode::SERVICE_UNAVAILABLE, language, answer);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
    }
}

/// What is wanted of whoever has to prove who they are.
pub(crate) fn challenge(gate: &Gate, why: &str) -> HeaderValue {
    // The name of a product is plain ASCII; the fallback only satisfies the type.
    HeaderValue::from_str(&format!("Bearer realm=\"{}\"{why}", gate.endpoint.product.name())).unwrap_or(HeaderValue::from_static("Bearer"))
}

/// The answer to whoever cannot prove who they are, or whose proof cannot be checked now.
pub(crate) fn unproved_answer(unproved: &Unproved, product: &dyn Product, language: Language) -> Answer {
    Answer::refused(match unproved {
        Unproved::Invalid(_) => refusal(Code::Unauthenticated, language, &product.how_to_authenticate()),
        Unproved::Unavailable(_) => {
            let message = Text::new(
                "暂时无法核验身份，请稍后重试。若仍然失败，请将响应头中的 x-request-id 告知管理员。",
                "Your identity cannot be checked now; try again later. If it persists, tell the operator the x-request-id of this answer.",
            );
            refusal(Code::Unavailable, language, &message)
        }
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
