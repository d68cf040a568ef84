//! What one client may ask for at once and by the minute, whether it is told by its address or by its account.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_graphql::{Response, SimpleObject};
use entity::AccountId;

use super::Limits;
use crate::{
    access::{rate::Rate, throttle::network},
    domain::language::{Language, Text},
    graphql::{
        error::{Code, refusal},
        inquiry::Asked,
    },
};

/// All clients of an endpoint.
#[derive(Clone)]
pub struct Clients(Arc<Counts>);

struct Counts {
    addresses: Option<Rate>,
    accounts: Option<Rate>,
    /// How much runs for whom. Who has nothing running is not in it.
    running: Mutex<HashMap<(Kind, Client), u32>>,
}

/// What shares an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Client {
    Network(IpAddr),
    Account(AccountId),
}

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A query or change.
    Operation,
    /// A subscription.
    Subscription,
}

/// Something that runs, counted until it is dropped.
pub struct Running {
    counts: Arc<Counts>,
    of: Vec<(Kind, Client)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.counts.running.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.of {
            if let Some(count) = running.get_mut(key) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    running.remove(key);
                }
            }
        }
    }
}

/// Why a client has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch {
    limit: &'static str,
    value: u32,
    /// How long.
    pub wait: Duration,
}

/// 点数的余额：地址与账号分别计，登录后两者都计。 What is left of an allowance of points; addresses and accounts have theirs, and who is signed in uses both.
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct Allowance {
    /// 每分钟的点数；不限时为 null。 Points a minute; null for any number.
    per_minute: Option<u32>,
    /// 此刻可以一次用掉的点数；不限时为 null。 Points that could be used at once now; null for any number.
    left: Option<u64>,
}

impl Clients {
    /// No client has asked for anything yet.
    pub fn new(limits: &Limits) -> Self {
        let now = Instant::now();
        Self(Arc::new(Counts {
            addresses: Rate::of(limits.address_points, now),
            accounts: Rate::of(limits.account_points, now),
            running: Mutex::default(),
        }))
    }

    /// Counts a request from an address, before anything is known of it.
    ///
    /// # Errors
    /// There were too many.
    pub fn knock(&self, limits: &Limits, address: Option<IpAddr>) -> Result<(), TooMuch> {
        self.charge(limits, address.and_then(of_network), 1)
    }

    /// Counts a request of an account, once it is known who asks.
    ///
    /// # Errors
    /// There were too many.
    pub fn enter(&self, limits: &Limits, asked: &Asked) -> Result<(), TooMuch> {
        self.charge(limits, of_account(asked), 1)
    }

    /// Counts what a request costs beyond itself. One that costs more than there ever is at once takes all that there is.
    ///
    /// # Errors
    /// It costs more than is left.
    pub fn spend(&self, limits: &Limits, asked: &Asked, points: u64) -> Result<(), TooMuch> {
        all_of(asked).try_for_each(|client| {
            // The request itself has been counted, without which it would wait for ever for what it has taken itself.
            let most = self.rate(client).map_or(0, |rate| rate.at_once().saturating_sub(1));
            self.charge(limits, Some(client), points.min(most))
        })
    }

    /// Takes what an event of a subscription costs, and leaves half of what can be used at once for requests.
    ///
    /// # Errors
    /// How long to wait until there is so much. Nothing was taken.
    pub fn pace(&self, asked: &Asked, points: u64) -> Result<(), Duration> {
        let now = Instant::now();
        let paying = || all_of(asked).filter_map(|client| Some((client, self.rate(client)?)));
        let half = |rate: &Rate| rate.at_once().checked_div(2).unwrap_or_default();
        // One that costs more than there ever is for subscriptions takes all that there is for them.
        let due = |rate: &Rate| points.min(rate.at_once().saturating_sub(half(rate)));
        // Who has to wait for one of two allowances must not lose points of the other each time.
        let waits = paying().map(|(client, rate)| rate.wait(client, due(rate), half(rate), now));
        let wait = waits.max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        paying().for_each(|(client, rate)| rate.owe(client, due(rate), now));
        Ok(())
    }

    fn charge(&self, limits: &Limits, client: Option<Client>, points: u64) -> Result<(), TooMuch> {
        let Some(client) = client else { return Ok(()) };
        let Some(rate) = self.rate(client).filter(|_| points > 0) else { return Ok(()) };
        let (limit, value) = match client {
            Client::Network(_) => ("addressPoints", limits.address_points),
            Client::Account(_) => ("accountPoints", limits.account_points),
        };
        rate.take(client, points, Instant::now()).map_err(|wait| TooMuch { limit, value, wait })
    }

    fn rate(&self, client: Client) -> Option<&Rate> {
        match client {
            Client::Network(_) => self.0.addresses.as_ref(),
            Client::Account(_) => self.0.accounts.as_ref(),
        }
    }

    /// Counts something that begins to run.
    ///
    /// # Errors
    /// As much runs as may.
    pub fn begin(&self, limits: &Limits, asked: &Asked, kind: Kind) -> Result<Running, TooMuch> {
        let (limit, value) = match kind {
            Kind::Operation => ("concurrent", limits.concurrent),
            Kind::Subscription => (FOLLOWING, limits.client_following),
        };
        let of: Vec<_> = if value == 0 { Vec::new() } else { all_of(asked).map(|client| (kind, client)).collect() };
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        if of.iter().any(|key| running.get(key).is_some_and(|count| *count >= value)) {
            return Err(TooMuch { limit, value, wait: SOON });
        }
        for key in &of {
            let count = running.entry(*key).or_default();
            *count = count.saturating_add(1);
        }
        Ok(Running { counts: Arc::clone(&self.0), of })
    }

    /// What whoever asks has left, by their address and by their account.
    pub fn allowances(&self, limits: &Limits, asked: &Asked) -> (Allowance, Option<Allowance>) {
        let now = Instant::now();
        let of = |client: Option<Client>, per_minute: u32, rate: &Option<Rate>| {
            let left = client.and_then(|client| rate.as_ref().map(|rate| rate.left(client, now)));
            Allowance { per_minute: left.map(|_| per_minute), left }
        };
        let network = asked.call.occasion.address.and_then(of_network);
        let account = of_account(asked);
        (
            of(network, limits.address_points, &self.0.addresses),
            account.map(|account| of(Some(account), limits.account_points, &self.0.accounts)),
        )
    }
}

/// The limit of subscriptions of one client.
const FOLLOWING: &str = "clientFollowing";

/// How long to wait for something else to end.
pub const SOON: Duration = Duration::from_secs(1);

/// Whoever asks from the machine itself is its operator, or a proxy that was not named: all its clients would be taken for one.
fn of_network(address: IpAddr) -> Option<Client> {
    (!address.to_canonical().is_loopback()).then(|| Client::Network(network(address)))
}

fn of_account(asked: &Asked) -> Option<Client> {
    asked.call.viewer.actor().map(|actor| Client::Account(actor.id))
}

fn all_of(asked: &Asked) -> impl Iterator<Item = Client> {
    asked.call.occasion.address.and_then(of_network).into_iter().chain(of_account(asked))
}

impl TooMuch {
    /// As the answer to a request.
    pub fn refusal(&self, language: Language) -> Response {
        let (seconds, value) = (seconds(self.wait), self.value);
        // What runs until it is ended does not end by waiting.
        let message = if self.limit == FOLLOWING {
            Text::new(
                format!("一个客户端至多同时进行 {value} 个订阅：请先结束一些。"),
                format!("At most {value} subscriptions run for one client: end some first."),
            )
        } else {
            Text::new(
                format!("请求过多：请在 {seconds} 秒后再试，并放慢请求。"),
                format!("Too many requests: try again in {seconds} s, and ask less often."),
            )
        };
        let mut response = refusal(Code::RateLimited, language, &message);
        for error in &mut response.errors {
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("limit", self.limit);
            extensions.set("value", self.value);
            extensions.set("retryAfter", seconds);
        }
        response
    }
}

/// Whole seconds, no fewer than it takes.
#[must_use]
pub fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{access::viewer::Viewer, domain::audit::Occasion, service::Call};

    fn from(address: &str) -> Asked {
        let address = Some(address.parse().expect("an address"));
        let occasion = Occasion { at: DateTime::UNIX_EPOCH, request_id: "test".into(), address };
        let call = Call { viewer: Viewer::Public, occasion, user_agent: None };
        Asked { call, jurisdictions: None, until: None, language: Language::English }
    }

    #[test]
    fn so_much_runs_for_one_client_at_once() {
        let limits = Limits { concurrent: 2, ..Limits::default() };
        let clients = Clients::new(&limits);
        let begin = |address: &str| clients.begin(&limits, &from(address), Kind::Operation);
        let (one, two) = (begin("2001:db8::1"), begin("2001:db8::2"));
        assert!(one.is_ok() && two.is_ok());
        let refused = begin("2001:db8::3").err().expect("the same /64");
        assert_eq!((refused.limit, refused.value), ("concurrent", 2));
        assert!(begin("2001:db8:0:1::1").is_ok(), "another");
        assert!(clients.begin(&limits, &from("2001:db8::1"), Kind::Subscription).is_ok(), "of another kind");
        drop(one);
        assert!(begin("2001:db8::3").is_ok());
        drop(two);
        assert!(clients.0.running.lock().unwrap().is_empty(), "nothing is kept of who has gone");
    }

    #[test]
    fn what_costs_more_than_there_ever_is_can_be_had_by_whoever_has_asked_for_nothing() {
        let limits = Limits { address_points: 60, ..Limits::default() };
        let clients = Clients::new(&limits);
        let asked = from("192.0.2.1");
        let knock = || clients.knock(&limits, asked.call.occasion.address);
        assert_eq!((knock(), clients.spend(&limits, &asked, 1_000)), (Ok(()), Ok(())));
        assert_eq!(knock().map_err(|refused| seconds(refused.wait)), Err(1), "it took all that there was");
    }

    #[test]
    fn subscriptions_wait_and_leave_half_for_requests() {
        let limits = Limits { address_points: 60, ..Limits::default() };
        let clients = Clients::new(&limits);
        let asked = from("192.0.2.1");
        assert!((0..15).all(|_| clients.pace(&asked, 1).is_ok()));
        assert_eq!(clients.pace(&asked, 1).map_err(seconds), Err(1), "half of thirty is used up");
        assert_eq!(clients.pace(&asked, 5).map_err(seconds), Err(5));
        assert_eq!(clients.spend(&limits, &asked, 15), Ok(()), "the other half is there for requests");
        assert!(clients.spend(&limits, &asked, 1).is_err());
        let other = from("192.0.2.2");
        assert_eq!(clients.pace(&other, 1_000), Ok(()), "of another client, whatever it costs");
        assert_eq!(clients.spend(&limits, &other, 15), Ok(()), "and half is left");
        assert_eq!(clients.pace(&from("127.0.0.1"), 1_000), Ok(()));
    }

    #[test]
    fn this_machine_is_not_one_client() {
        let limits = Limits { concurrent: 1, address_points: 2, ..Limits::default() };
        let clients = Clients::new(&limits);
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let running: Vec<_> = (0..3).map(|_| clients.begin(&limits, &from(address), Kind::Operation)).collect();
            assert!(running.iter().all(Result::is_ok), "{address}");
            assert!((0..3).all(|_| clients.knock(&limits, Some(address.parse().unwrap())).is_ok()), "{address}");
        }
        let elsewhere = Some("192.0.2.1".parse().unwrap());
        assert_eq!(clients.knock(&limits, elsewhere), Ok(()));
        let refused = clients.knock(&limits, elsewhere).expect_err("one at once, of two a minute");
        assert_eq!((refused.limit, refused.value, seconds(refused.wait)), ("addressPoints", 2, 30));
        let (allowance, account) = clients.allowances(&limits, &from("192.0.2.1"));
        assert_eq!((allowance.per_minute, allowance.left, account.is_none()), (Some(2), Some(0), true));
    }
}
