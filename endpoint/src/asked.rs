//! Who asks, and what the request spends.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use async_graphql::Error;
use chrono::{DateTime, Utc};
use language::Language;

use crate::{
    client::Allowance,
    examine::Cost,
    limit::{Limits, Measure},
    product::Identity,
};

/// Who asks, when, and from where, as the transport has found out.
#[derive(Clone)]
pub struct Asked {
    /// Who.
    pub identity: Identity,
    /// When.
    pub at: DateTime<Utc>,
    /// The id that ties the request to its answer and the log.
    pub request_id: String,
    /// Where from.
    pub address: Option<IpAddr>,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The language of messages.
    pub language: Language,
}

/// What a request may ask for, what it costs, and what is counted while it runs.
#[derive(Clone)]
pub struct Spending {
    /// What may be asked for.
    pub limits: Limits,
    /// What it costs, as was estimated.
    pub cost: Cost,
    /// What the address has left.
    pub address: Allowance,
    /// What the account has left.
    pub account: Option<Allowance>,
    /// How many objects the answer may have so far.
    pub(crate) objects: Arc<AtomicUsize>,
    /// The work done so far that depends on how much there is, in the unit of prices.
    pub(crate) work: Arc<AtomicU64>,
}

impl Spending {
    /// A request that costs nothing beyond what was paid.
    pub(crate) fn free(limits: Limits) -> Self {
        let (cost, address) = (Cost::default(), Allowance::default());
        Self { limits, cost, address, account: None, objects: Arc::default(), work: Arc::default() }
    }

    /// Takes `objects` from what the answer may still have. Lists within lists multiply, which the text of a query does not show.
    ///
    /// # Errors
    /// `QUERY_TOO_COMPLEX` once it is used up.
    pub fn spend(&self, objects: usize, language: Language) -> Result<(), Error> {
        let before = self.objects.fetch_add(objects, Ordering::Relaxed);
        Measure::Objects.hold(&self.limits, before.saturating_add(objects)).map_err(|excess| excess.error(language))
    }

    /// Notes that work was done, as far as it depends on how much there is: what was not paid for is charged afterwards.
    pub fn note_work(&self, units: u64) {
        self.work.fetch_add(units, Ordering::Relaxed);
    }
}
