//! This product, as the endpoint knows it.

use std::{
    any::Any,
    sync::{Arc, OnceLock},
};

use async_graphql::{Request, parser::types::OperationType};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use endpoint::{
    Answer, Asked, Limits,
    product::{
        BoxError, Check, Closed, Context, Costs, Credentials, Documents, Engine, Event, Feed, Files, Following, Identity, Measurement,
        NamedFile, News, Opaque, Playground, Product, RegisteredDocument, Unproved,
    },
};
use entity::{Action, JurisdictionId};
use futures_util::future::BoxFuture;

use super::{file, health, id, inquiry::Inquiry, price::COSTS, refusal, schema};
use crate::{
    access::{client::queueing, root_field, viewer::Viewer},
    domain::{audit::Occasion, language::Text, places::jurisdiction::Tree, progress::calendar::civil_day},
    events::{self, Bus},
    service::{
        Call, Service,
        download::{TICKET, without_ticket},
        people::authentication::{Proved, Unproved as NotAuthenticated},
    },
    store::{Stretch, Visible},
};

/// Who asks, as this product knows them.
#[derive(Clone)]
pub(super) struct Known {
    /// Who.
    pub viewer: Viewer,
    /// The tree of jurisdictions, where it was read to find out who asks.
    pub jurisdictions: Option<Arc<Tree>>,
}

/// Whoever is the same sees the same, whatever was read to find out who they are.
impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.viewer == other.viewer
    }
}

impl Known {
    /// Who an identity is. One that was not made here is the public.
    pub(super) fn of(identity: &Identity) -> Self {
        identity.viewer::<Self>().cloned().unwrap_or(Self { viewer: Viewer::Public, jurisdictions: None })
    }

    fn identity(self, until: Option<DateTime<Utc>>) -> Identity {
        let actor = self.viewer.actor();
        let (account, name) = (actor.map(|actor| actor.id.0), actor.map(|actor| id::encode(actor.id).to_string()));
        Identity { account, name, until, viewer: Arc::new(self) }
    }
}

/// The use cases as a product, and the bus that looks out for what happens.
struct Minsheng {
    service: Service,
    bus: Bus,
    /// Keeps the bus looking out once anybody has asked for something that is only known while it does.
    awake: OnceLock<events::Following>,
}

impl From<Service> for Arc<dyn Product> {
    fn from(service: Service) -> Self {
        let bus = Bus::new(service.database().clone());
        Self::from(Box::new(Minsheng { service, bus, awake: OnceLock::new() }) as Box<dyn Product>)
    }
}

impl Minsheng {
    /// The bus, which looks out from now on, also while nobody follows.
    fn awake_bus(&self) -> &Bus {
        self.awake.get_or_init(|| self.bus.follow());
        &self.bus
    }
}

impl Product for Minsheng {
    fn name(&self) -> &'static str {
        "minsheng"
    }

    fn engine(&self, limits: &Limits) -> Arc<dyn Engine> {
        schema::of(limits)
    }

    fn schema(&self) -> String {
        schema::sdl()
    }

    fn costs(&self) -> Costs {
        COSTS
    }

    fn now(&self) -> DateTime<Utc> {
        self.service.now()
    }

    fn zone(&self) -> Tz {
        self.service.zone()
    }

    fn authenticate<'a>(&'a self, credentials: Credentials<'a>) -> BoxFuture<'a, Result<Identity, Unproved>> {
        Box::pin(async move {
            let proved = match credentials {
                Credentials::None => return Ok(Known { viewer: Viewer::Public, jurisdictions: None }.identity(None)),
                Credentials::Bearer(token) => self.service.authenticate(token).await,
                Credentials::Ticket { ticket, address, at } => self.service.redeem(ticket, address, at).await,
            };
            let Proved { viewer, jurisdictions, until } = proved.map_err(|unproved| match unproved {
                NotAuthenticated::Invalid(reason) => Unproved::Invalid(reason),
                NotAuthenticated::Unavailable(cause) => Unproved::Unavailable(cause),
            })?;
            Ok(Known { viewer, jurisdictions: Some(jurisdictions) }.identity(Some(until)))
        })
    }

    fn how_to_authenticate(&self) -> Text {
        refusal::how_to_authenticate()
    }

    fn split_ticket<'a>(&self, address: &'a str) -> (&'a str, Option<&'a str>) {
        without_ticket(address)
    }

    fn ticket_parameter(&self) -> Option<&'static str> {
        Some(TICKET)
    }

    fn key_set(&self) -> Option<BoxFuture<'_, Result<serde_json::Value, BoxError>>> {
        Some(Box::pin(async { Ok(self.service.key_set().await?) }))
    }

    fn prepare(&self, request: Request, Context { asked, spending, queue }: Context) -> Request {
        let Known { viewer, jurisdictions } = Known::of(&asked.identity);
        let occasion = Occasion { at: asked.at, request_id: asked.request_id, address: asked.address };
        let call = Call { viewer, occasion, user_agent: asked.user_agent, jurisdictions };
        request.data(Inquiry::new(self.service.clone(), call, asked.language, spending, queue))
    }

    fn open(&self, kind: OperationType, field: &str, identity: &Identity) -> Result<(), Closed> {
        let viewer = Known::of(identity).viewer;
        let decision = match kind {
            OperationType::Query => root_field::query(&viewer, field),
            OperationType::Mutation => root_field::mutation(field),
            OperationType::Subscription => root_field::subscription(&viewer, field),
        };
        decision.map_err(|reason| Closed { code: refusal::code(reason), reason: reason.word(), text: reason.text() })
    }

    fn personal_fields(&self) -> &'static [&'static str] {
        &["viewer", "budget"]
    }

    fn revision(&self) -> Option<String> {
        let revision = self.awake_bus().revision()?;
        // After the revision: what is judged as of the day is then at least as new.
        let day = civil_day(self.service.zone(), self.service.database().as_of(self.service.now()));
        Some(format!("{revision} {} {day}", self.service.zone().name()))
    }

    fn is_away(&self) -> bool {
        self.service.database().is_away()
    }

    fn suspect(&self) {
        self.service.database().suspect();
    }

    fn away(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.service.database().away())
    }

    fn stay_awake(&self) {
        self.awake_bus();
    }

    fn check(&self) -> BoxFuture<'_, Vec<Check>> {
        Box::pin(health::checks(&self.service, self.awake_bus()))
    }

    fn gauges(&self) -> Vec<Measurement> {
        let connections = self.service.database().connections();
        let values = connections.iter().flat_map(|connections| {
            let labels = |state: &str| vec![("purpose", connections.purpose.to_owned()), ("state", state.to_owned())];
            [("idle", connections.idle), ("busy", connections.busy)]
                .map(|(state, count)| (labels(state), u64::try_from(count).unwrap_or(u64::MAX)))
        });
        let values = values.collect();
        vec![Measurement { name: "database_connections", help: "数据库连接 Connections to the database", values }]
    }

    fn counters(&self) -> Vec<Measurement> {
        let counts = self.service.unrecorded().into_iter();
        let values =
            counts.map(|(action, cause, count)| (vec![("action", word(action)), ("cause", cause.word().to_owned())], count)).collect();
        let help = "未记入审计、只计数的拒绝 Refusals that are counted and leave no audit event";
        vec![Measurement { name: "refusals_unrecorded", help, values }]
    }

    fn feed(&self) -> Option<&dyn Feed> {
        Some(self)
    }

    fn documents(&self) -> Option<&dyn Documents> {
        Some(self)
    }

    fn files(&self) -> Option<&dyn Files> {
        Some(self)
    }

    fn playground(&self) -> Playground {
        Playground { title: "民生实事 · minsheng", query: include_str!("playground.graphql") }
    }
}

/// The word of an action, as the audit has it.
fn word(action: Action) -> String {
    serde_json::to_value(action).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Feed for Minsheng {
    fn follow(&self) -> Box<dyn Following> {
        Box::new(Followed(self.bus.follow()))
    }

    fn seen_revision(&self) -> Option<String> {
        self.bus.seen_revision()
    }

    fn last_event(&self) -> BoxFuture<'_, Result<i64, BoxError>> {
        Box::pin(async { Ok(self.service.database().last_event().await?) })
    }

    fn events(
        &self,
        asked: Asked,
        scope: Arc<dyn Opaque>,
        after: i64,
        until: i64,
        most: u64,
    ) -> BoxFuture<'static, Result<Vec<Event>, BoxError>> {
        let service = self.service.clone();
        Box::pin(async move {
            let scope: &dyn Any = &*scope;
            let jurisdictions = scope.downcast_ref::<Vec<JurisdictionId>>().map(Vec::as_slice).unwrap_or_default();
            let Known { viewer, jurisdictions: tree } = Known::of(&asked.identity);
            let client = queueing(&viewer, asked.address);
            let visible = Visible::of_request(service.database(), viewer, client, tree);
            let events = visible.progress_events_in(jurisdictions, Stretch { after, until }, most).await?;
            let event = |event: crate::domain::progress::event::ProgressEvent| Event {
                sequence: event.sequence,
                id: id::encode(event.id).to_string(),
                value: Arc::new(event),
            };
            Ok(events.into_iter().map(event).collect())
        })
    }
}

/// Whoever follows the bus.
struct Followed(events::Following);

impl Following for Followed {
    fn news(&mut self) -> BoxFuture<'_, News> {
        Box::pin(async { told(self.0.news().await) })
    }

    fn seen(&self) -> News {
        told(self.0.seen())
    }

    fn changed(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.changed())
    }
}

fn told(events::News { last_event, standing }: events::News) -> News {
    News { last_event, standing }
}

impl Documents for Minsheng {
    fn version(&self) -> Option<String> {
        self.awake_bus().documents()
    }

    fn read(&self) -> BoxFuture<'_, Result<(String, Vec<RegisteredDocument>), BoxError>> {
        Box::pin(async {
            let database = self.service.database();
            // The name first: documents that are newer than it are read once more.
            let name = database.progress().await?.documents;
            let trusted = database.trusted_documents().await?.into_iter().filter(|document| document.retired_at.is_none());
            let documents = trusted.map(|known| RegisteredDocument { hash: known.hash.to_string(), name: known.name, text: known.text });
            Ok((name, documents.collect()))
        })
    }

    fn command(&self) -> &'static str {
        "minsheng documents register"
    }
}

impl Files for Minsheng {
    fn names(&self) -> Vec<&'static str> {
        file::names()
    }

    fn file<'a>(
        &'a self,
        name: &'a str,
        parameters: &'a [(String, String)],
        asked: &'a mut Asked,
    ) -> Option<BoxFuture<'a, Result<NamedFile, Box<Answer>>>> {
        let named = file::named(name)?;
        Some(Box::pin(file::file(&self.service, named, parameters, asked)))
    }
}
