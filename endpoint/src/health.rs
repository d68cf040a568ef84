//! Whether requests can be answered now: what an operator, or whoever sends requests here, asks of time to time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::{endpoint::Endpoint, product::Check};

/// How long an answer counts: whoever asks more often is told the same, and costs nothing.
const FRESH: Duration = Duration::from_secs(1);

/// What requests need, and whether it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health(pub Vec<Check>);

impl Health {
    /// Whether all is well.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.iter().all(|check| check.is_good)
    }
}

/// What was found out last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Examination(Arc<Mutex<Option<(Instant, Health)>>>);

impl Endpoint {
    /// Looks out for what happens from now on, also while nobody asks.
    pub fn stay_awake(&self) {
        self.product.stay_awake();
    }

    /// Whether requests can be answered now. Those who ask at once are told the same.
    pub async fn health(&self) -> Health {
        let mut last = self.examination.0.lock().await;
        if let Some((at, health)) = &*last
            && at.elapsed() < FRESH
        {
            return health.clone();
        }
        let health = Health(self.product.check().await);
        *last = Some((Instant::now(), health.clone()));
        health
    }
}
