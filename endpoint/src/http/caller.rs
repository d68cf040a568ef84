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

use super::{address::Proxies, graphql::respond, media_type::MediaType, metrics::Metrics, origin::Origins, request_id};
use crate::{
    access::viewer::Viewer,
    domain::{audit::Occasion, language::Language, places::jurisdiction::Tree},
    graphql::{self, Answer, Asked, Endpoint, Prover},
    service::{
        Call,
        people::authentication::{Proved, Unproved},
    },
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The other end of a connection. Requests that come over none, as in tests, have none.
pub(super) type Peer = ConnectInfo<SocketAddr>;

/// What requests come in by: the endpoint, and whose word is taken for where they come from.
#[derive(Clone)]
pub struct Gate {
    /// The endpoint.
    pub(super) endpoint: Endpoint,
    proxies: Arc<Proxies>,
    pub(super) surface: Arc<Surface>,
    pub(super) metrics: Option<Metrics>,
    /// Places for those whose identity is looked up: what the database is too slow for must not pile up.
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
pub(super) struct Caller {
    pub(super) language: Language,
    request_id: String,
    pub(super) address: Option<IpAddr>,
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
    pub(super) fn of(gate: &Gate, peer: Option<Extension<Peer>>, headers: &HeaderMap) -> Self {
        Self {
            language: Language::accepted(text(headers, &header::ACCEPT_LANGUAGE).unwrap_or_default()),
            request_id: request_id::of(headers),
            address: peer.map(|Extension(ConnectInfo(peer))| gate.proxies.client(peer.ip(), headers)),
            user_agent: text(headers, &header::USER_AGENT).map(str::to_owned),
            authorization: Authorization::of(headers),
        }
    }

    /// Finds out who asks. Whoever presents something that proves nothing is refused, not served as the public.
    pub(super) async fn prove(&self, gate: &Gate) -> Result<Asked, Unproved> {
        let service = gate.endpoint.service();
        let (viewer, jurisdictions, until) = match &self.authorization {
            Authorization::None => (Viewer::Public, None, None),
            Authorization::Bearer(token) => {
                let _place = place_to_prove(gate)?;
                self.proved(gate, service.authenticate(token).await)?
            }
            Authorization::Ticket { ticket, address, at } => {
                let _place = place_to_prove(gate)?;
                self.proved(gate, service.redeem(ticket, address, *at).await)?
            }
            Authorization::Unreadable => return Err(Unproved::Invalid("no readable bearer token".into())),
        };
        let occasion = Occasion { at: service.now(), request_id: self.request_id.clone(), address: self.address };
        let call = Call { viewer, occasion, user_agent: self.user_agent.clone() };
        Ok(Asked { call, jurisdictions, until, language: self.language })
    }

    fn proved(&self, gate: &Gate, proved: Result<Proved, Unproved>) -> Result<Identity, Unproved> {
        let proved = proved.inspect_err(|unproved| match unproved {
            Unproved::Invalid(reason) => {
                tracing::info!(request_id = self.request_id, reason, "not authenticated");
            }
            Unproved::Unavailable(cause) => {
                // Also where it is the identity provider that does not answer: looking costs little.
                gate.endpoint.service().database().suspect();
                tracing::error!(request_id = self.request_id, ?cause, "an identity could not be checked");
            }
        })?;
        Ok((proved.viewer, Some(proved.jurisdictions), Some(proved.until)))
    }

    /// The id of the request.
    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }
}

/// A place among those whose identity is looked up at once, where the database is there to look it up.
fn place_to_prove(gate: &Gate) -> Result<SemaphorePermit<'_>, Unproved> {
    let place = gate.proving.try_acquire().map_err(|_| Unproved::Unavailable("too many at once".into()))?;
    if gate.endpoint.service().database().is_away() {
        return Err(Unproved::Unavailable("the database is away".into()));
    }
    Ok(place)
}

/// Who somebody is, the tree that was read to find out, and until when that is so.
type Identity = (Viewer, Option<Arc<Tree>>, Option<DateTime<Utc>>);

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
    pub(super) fn is_public(&self) -> bool {
        matches!(self.authorization, Authorization::None)
    }

    /// Presents `value`, in the form of an `Authorization` header, in place of what the request did.
    pub(super) fn present(&mut self, value: &str) {
        self.authorization = Authorization::read(value);
    }

    /// Presents a ticket for a file at an address. Whoever presents a token as well presents two things, which is refused.
    pub(super) fn present_ticket(&mut self, ticket: &str, address: &str, at: DateTime<Utc>) {
        self.authorization = match self.authorization {
            Authorization::None => Authorization::Ticket { ticket: ticket.to_owned(), address: address.to_owned(), at },
            _ => Authorization::Unreadable,
        };
    }

    /// Presents something that proves nothing.
    pub(super) fn present_nothing_readable(&mut self) {
        self.authorization = Authorization::Unreadable;
    }

    /// What finds out again who asks.
    pub(super) fn prover(&self, gate: &Gate) -> Prover {
        let (caller, gate) = (self.clone(), gate.clone());
        Arc::new(move || {
            let (caller, gate) = (caller.clone(), gate.clone());
            Box::pin(async move { caller.prove(&gate).await })
        })
    }
}

/// The answer to whoever cannot prove who they are: 401 with what is wanted (RFC 6750), or 503 where that cannot be checked now.
pub(super) fn unproved(unproved: &Unproved, media_type: MediaType, language: Language) -> Response {
    let answer = || Answer::refused(graphql::unproved(unproved, language));
    match unproved {
        Unproved::Invalid(_) => {
            let mut response = respond(media_type, StatusCode::UNAUTHORIZED, language, answer());
            let challenge = HeaderValue::from_static("Bearer realm=\"minsheng\", error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            response
        }
        Unproved::Unavailable(_) => {
            let mut response = respond(media_type, StatusCode::SERVICE_UNAVAILABLE, language, answer());
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
