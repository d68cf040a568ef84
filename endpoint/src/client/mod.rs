//! What one client may ask for at once and by the minute, whether it is told by its address or by its account.

mod memory;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_graphql::{Response, SimpleObject};
use fair::{Client, Fair, Rate, Turn, network};
use language::{Language, Text};
use tokio::time::sleep;

use crate::{
    answer::error::{Code, refusal},
    asked::Asked,
    limit::Limits,
};

pub use memory::Held;
use memory::Memory;

/// All clients of an endpoint.
#[derive(Clone)]
pub struct Clients(Arc<Counts>);

struct Counts {
    addresses: Option<Rate>,
    accounts: Option<Rate>,
    /// How much runs for whom. Who has nothing running is not in it.
    running: Mutex<HashMap<(Kind, Client), u32>>,
    /// Places for queries that are worked on.
    working: Fair<Client>,
    /// Places for pages of files.
    filing: Fair<Client>,
    memory: Arc<Mutex<Memory>>,
}

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A query or change.
    Operation,
    /// A subscription.
    Subscription,
    /// A WebSocket, whether anything runs on it or not.
    Socket,
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

/// A place for a page of a file.
pub struct Filing(#[expect(dead_code, reason = "held, not used")] Option<Turn<Client>>);

/// Why a client has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// The limit.
    pub(crate) limit: &'static str,
    /// What it is set to.
    pub(crate) value: u32,
    /// How long.
    pub wait: Duration,
}

/// 点数的余额：地址与账号分别计，登录后两者都计。
///
/// What is left of an allowance of points; addresses and accounts have theirs, and who is signed in uses both.
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct Allowance {
    /// 每分钟的点数；不限时为 null。
    ///
    /// Points a minute; null for any number.
    per_minute: Option<u32>,
    /// 此刻可以一次用掉的点数；不限时为 null。
    ///
    /// Points that could be used at once now; null for any number.
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
            working: Fair::new(usize::MAX, at_once()),
            filing: Fair::new(usize::MAX, FILES_AT_ONCE),
            memory: Arc::default(),
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

    /// Counts what a request costs beyond itself. One that costs more than there ever is at once takes all that there is, and owes the
    /// rest.
    ///
    /// # Errors
    /// It costs more than is left.
    pub fn spend(&self, limits: &Limits, asked: &Asked, points: u64) -> Result<(), TooMuch> {
        all_of(asked).try_for_each(|client| {
            let most = self.most(client);
            self.charge(limits, Some(client), points.min(most))?;
            self.owe(client, points.saturating_sub(most));
            Ok(())
        })
    }

    /// How much a request can be charged beyond itself. The request itself has been counted: were it not left out, the request would wait
    /// for ever for what it has taken itself.
    fn most(&self, client: Client) -> u64 {
        self.rate(client).map_or(0, |rate| rate.at_once().saturating_sub(1))
    }

    /// Counts what an answer has cost beyond what was estimated.
    pub fn settle(&self, asked: &Asked, points: u64) {
        all_of(asked).for_each(|client| self.owe(client, points));
    }

    fn owe(&self, client: Client, points: u64) {
        if let Some(rate) = self.rate(client).filter(|_| points > 0) {
            rate.owe(client, points, Instant::now());
        }
    }

    /// Waits until a query may be worked on. Queries of one client use as many cores as there are, and one more at most: others find a
    /// core soon. This machine itself does not wait.
    pub async fn work(&self, asked: &Asked) -> Option<Turn<Client>> {
        Some(self.0.working.wait(queueing(asked)?).await)
    }

    /// Waits until a page of a file may be made for whoever asks.
    pub async fn file(&self, asked: &Asked) -> Filing {
        match queueing(asked) {
            Some(client) => Filing(Some(self.0.filing.wait(client).await)),
            None => Filing(None),
        }
    }

    /// A place for a page of a file, if whoever asks can have one now.
    pub fn file_now(&self, asked: &Asked) -> Option<Filing> {
        match queueing(asked) {
            Some(client) => self.0.filing.try_now(client).map(|turn| Filing(Some(turn))),
            None => Some(Filing(None)),
        }
    }

    /// Counts what a page of a file costs. Where there are too few points it waits until they have come back.
    ///
    /// # Errors
    /// They do not come back before `until`.
    pub async fn spend_in_time(&self, limits: &Limits, asked: &Asked, points: u64, until: Option<Instant>) -> Result<(), TooMuch> {
        for client in all_of(asked) {
            while let Err(too_much) = self.charge(limits, Some(client), points.min(self.most(client))) {
                let then = Instant::now().checked_add(too_much.wait);
                if until.is_some_and(|until| then.is_none_or(|then| then >= until)) {
                    return Err(too_much);
                }
                sleep(too_much.wait).await;
            }
            self.owe(client, points.saturating_sub(self.most(client)));
        }
        Ok(())
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
        self.count(limits, all_of(asked), kind)
    }

    /// Counts a WebSocket from an address that is opened.
    ///
    /// # Errors
    /// As many are open as may.
    pub fn open(&self, limits: &Limits, address: Option<IpAddr>) -> Result<Running, TooMuch> {
        self.count(limits, address.and_then(of_network).into_iter(), Kind::Socket)
    }

    fn count(&self, limits: &Limits, clients: impl Iterator<Item = Client>, kind: Kind) -> Result<Running, TooMuch> {
        let (limit, value) = match kind {
            Kind::Operation => ("concurrent", limits.concurrent),
            Kind::Subscription => (FOLLOWING, limits.client_following),
            Kind::Socket => (SOCKETS, limits.client_sockets),
        };
        let of: Vec<_> = if value == 0 { Vec::new() } else { clients.map(|client| (kind, client)).collect() };
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

    pub(crate) fn memory(&self) -> &Arc<Mutex<Memory>> {
        &self.0.memory
    }

    /// What whoever asks has left, by their address and by their account.
    pub fn allowances(&self, limits: &Limits, asked: &Asked) -> (Allowance, Option<Allowance>) {
        let now = Instant::now();
        let of = |client: Option<Client>, per_minute: u32, rate: &Option<Rate>| {
            let left = client.and_then(|client| rate.as_ref().map(|rate| rate.left(client, now)));
            Allowance { per_minute: left.map(|_| per_minute), left }
        };
        let network = asked.address.and_then(of_network);
        let account = of_account(asked);
        (
            of(network, limits.address_points, &self.0.addresses),
            account.map(|account| of(Some(account), limits.account_points, &self.0.accounts)),
        )
    }
}

/// How many pages of files are made at once for one client.
const FILES_AT_ONCE: usize = 2;

/// The limit of subscriptions of one client.
const FOLLOWING: &str = "clientFollowing";

/// The limit of sockets of one client.
const SOCKETS: &str = "clientSockets";

/// How long to wait for something else to end.
pub const SOON: Duration = Duration::from_secs(1);

/// Whoever asks from the machine itself is its operator, or a proxy that was not named: all its clients would be taken for one.
pub(crate) fn of_network(address: IpAddr) -> Option<Client> {
    (!address.to_canonical().is_loopback()).then(|| Client::Network(network(address)))
}

/// Who waits for what all share, but for whoever asks from this machine without an account.
fn queueing(asked: &Asked) -> Option<Client> {
    of_account(asked).or_else(|| asked.address.and_then(of_network))
}

/// How many queries of one client are worked on at once.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).saturating_add(1)
}

fn of_account(asked: &Asked) -> Option<Client> {
    asked.identity.account.map(Client::Account)
}

pub(crate) fn all_of(asked: &Asked) -> impl Iterator<Item = Client> {
    asked.address.and_then(of_network).into_iter().chain(of_account(asked))
}

impl TooMuch {
    /// As the answer to a request.
    pub fn refusal(&self, language: Language) -> Response {
        let (seconds, value) = (seconds(self.wait), self.value);
        // What runs until it is ended does not end by waiting.
        let message = match self.limit {
            FOLLOWING => Text::new(
                format!("一个客户端至多同时进行 {value} 个订阅：请先结束一些。"),
                format!("At most {value} subscriptions run for one client: end some first."),
            ),
            SOCKETS => Text::new(
                format!("一个客户端至多同时打开 {value} 个 WebSocket：请先关闭一些。"),
                format!("At most {value} WebSockets are open for one client: close some first."),
            ),
            _ => Text::new(
                format!("请求过多：请在 {seconds} 秒后再试，并放慢请求。"),
                format!("Too many requests: try again in {seconds} s, and ask less often."),
            ),
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
    use crate::product::Identity;

    fn from(address: &str) -> Asked {
        let address = Some(address.parse().expect("an address"));
        let identity = Identity { account: None, name: None, until: None, viewer: Arc::new(()) };
        Asked { identity, at: DateTime::UNIX_EPOCH, request_id: "test".into(), address, user_agent: None, language: Language::English }
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
        let knock = || clients.knock(&limits, asked.address);
        assert_eq!((knock(), clients.spend(&limits, &asked, 1_000)), (Ok(()), Ok(())));
        let wait = knock().map_err(|refused| seconds(refused.wait)).expect_err("it owes more than there ever is at once");
        // Five minutes of debt and one point more, less the thirty that may be used at once.
        assert!((261..=271).contains(&wait), "for as long as anybody owes: {wait}");
    }

    #[test]
    fn two_pages_of_files_are_made_for_one_client_at_once() {
        let limits = Limits::default();
        let clients = Clients::new(&limits);
        let places = [clients.file_now(&from("192.0.2.1")), clients.file_now(&from("192.0.2.1"))];
        assert!(places.iter().all(Option::is_some));
        assert!(clients.file_now(&from("192.0.2.1")).is_none());
        assert!(clients.file_now(&from("192.0.2.2")).is_some(), "another client");
        drop(places);
        assert!(clients.file_now(&from("192.0.2.1")).is_some());
        let here: Vec<_> = (0..5).map(|_| clients.file_now(&from("127.0.0.1"))).collect();
        assert!(here.iter().all(Option::is_some), "this machine is not one client");
    }

    #[tokio::test]
    async fn a_page_waits_for_its_points_as_long_as_the_file_may_take() {
        // A hundred a second, 3000 at once.
        let limits = Limits { address_points: 6_000, ..Limits::default() };
        let clients = Clients::new(&limits);
        let asked = from("192.0.2.1");
        assert_eq!(clients.spend(&limits, &asked, 2_999), Ok(()));
        let refused = clients.spend_in_time(&limits, &asked, 1_000, Some(Instant::now())).await;
        assert!(refused.is_err_and(|refused| refused.wait > Duration::from_secs(5)));
        let begun = Instant::now();
        assert_eq!(clients.spend_in_time(&limits, &asked, 20, begun.checked_add(Duration::from_mins(1))).await, Ok(()));
        assert!(begun.elapsed() >= Duration::from_millis(100), "it waited for them");
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
