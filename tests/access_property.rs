//! Nobody sees beyond their rule, on any path: accounts, notices, sessions, API keys and events are generated, and what viewers are
//! shown is compared with what the rule in words gives them.
//!
//! The rule is written a second time here, row by row and without SQL, so that a mistake in `access::visibility` or a finder that
//! forgot it is not repeated. A failing world prints its seed, and is the same each time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use entity::{
    AccountId, Action, Disclosure, JurisdictionId, NoticeId, NoticeState, Role, TaskId, account, api_key, assignment, audit_event,
    indicator, jurisdiction, notice, project, reporting_duty, session, target, task, topic, unit,
};
use minsheng::access::{
    policy::{self, AccountFacts, Decision, NoticeFacts, Resource},
    viewer::{Credential, Viewer},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Iterable as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::{
    cases,
    support::{app::App, global, sample},
};

cases![nobody_sees_beyond_their_rule_in_world_1, nobody_sees_beyond_their_rule_in_world_2, nobody_sees_beyond_their_rule_in_world_3];

async fn nobody_sees_beyond_their_rule_in_world_1(app: App) {
    explore(&app, 1).await;
}

async fn nobody_sees_beyond_their_rule_in_world_2(app: App) {
    explore(&app, 2).await;
}

async fn nobody_sees_beyond_their_rule_in_world_3(app: App) {
    explore(&app, 3).await;
}

/// All rows of a table, whoever may see them.
macro_rules! rows {
    ($app:expr, $table:ident) => {{
        #[expect(clippy::disallowed_methods, reason = "reads whole tables past the service, to compare with what it shows")]
        let rows = $table::Entity::find().all(&$app.raw).await.expect("rows");
        rows
    }};
}

async fn explore(app: &App, seed: u64) {
    let _seed = SaysSeed(seed);
    let mut dice = Dice(seed);
    let (keen, mut others) = generate(app, &mut dice).await;
    let world = World::read(app).await;
    let hidden = world.notices.iter().filter(|notice| !World::is_published(notice)).count();
    assert!(hidden > 0 && hidden < world.notices.len(), "some notices are public and some are not");
    dice.shuffle(&mut others);
    for (one, other) in keen.iter().zip(&others) {
        let searches = (dice.next(), dice.next());
        // Both at once: what one request has loaded must not reach the other.
        tokio::join!(survey(app, &world, one, Dice(searches.0)), survey(app, &world, other, Dice(searches.1)));
    }
}

// --- Chance -------------------------------------------------------------------------------------------------------------------

/// Tells the seed of a world in which something failed.
struct SaysSeed(u64);

impl Drop for SaysSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed of this world is {}", self.0);
        }
    }
}

/// A generator that gives the same numbers for the same seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).expect("a bound")).expect("below the bound")
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for index in (1..values.len()).rev() {
            let other = self.below(index + 1);
            values.swap(index, other);
        }
    }
}

// --- Generating ---------------------------------------------------------------------------------------------------------------

/// Somebody who asks: the public, an account in a session, or one by an API key.
struct Asker {
    name: String,
    bearer: Option<String>,
    account: Option<AccountId>,
}

/// Where accounts are: the city, places below it, and another city with a place of its own.
const PLACES: [&str; 5] = ["jining", "yanzhou", "jining-etdz", "taibai-lake", "wide"];

/// Those whom the rule keeps from the most, who ask in every world: an office of the city that has not changed its first password, and
/// a unit and a deputy of the city, below which everything else is.
const KEEN: [(Role, &str); 3] = [(Role::Office, "jining"), (Role::Unit, "jining"), (Role::Deputy, "jining")];

/// Makes a world, and says who asks in it: those who always do, and those of whom some are chosen.
async fn generate(app: &App, dice: &mut Dice) -> (Vec<Asker>, Vec<Asker>) {
    app.database.load_seed(&sample::wide(2)).await.expect("another city");
    grow_a_level(app, dice).await;
    mix_notices(app, dice).await;
    let mut keen = Vec::new();
    for (role, place) in KEEN {
        let name = format!("keen-{place}-{number}", number = keen.len());
        let account = app.create(&name, role, place).await;
        let bearer = Some(app.sign_in(&name).await.bearer().to_owned());
        if role == Role::Office {
            make_temporary(app, account.id).await;
        }
        keen.push(Asker { name: format!("{role:?} {name}"), bearer, account: Some(account.id) });
    }
    let mut askers = vec![Asker { name: "the public".into(), bearer: None, account: None }];
    let mut cast = vec![(Role::Office, "jining"), (Role::Office, "wide")];
    cast.extend(Role::iter().flat_map(|role| [(role, *dice.pick(&PLACES)), (role, *dice.pick(&PLACES))]));
    for (number, (role, place)) in cast.iter().enumerate() {
        let name = format!("account{number}-{place}");
        let account = app.create(&name, *role, place).await;
        let actor = app.sign_in(&name).await;
        askers.push(Asker { name: format!("{role:?} {name}"), bearer: Some(actor.bearer().to_owned()), account: Some(account.id) });
        if dice.below(2) == 0 {
            let second = app.sign_in(&name).await;
            if dice.below(2) == 0 {
                second.data("mutation { signOut { ended } }", json!({})).await;
            }
        }
        let rights = *dice.pick(&["READ", "FULL"]);
        let expires = (app.now() + TimeDelta::days(30)).to_rfc3339();
        let creation = "mutation($r: ApiKeyRights!, $e: DateTime!) {
            createApiKey(input: { name: \"dashboard\", rights: $r, expiresAt: $e }) { secret apiKey { id } } }";
        let made = actor.data(creation, json!({ "r": rights, "e": expires })).await["createApiKey"].clone();
        match dice.below(4) {
            0 => {
                let revoke = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }";
                actor.data(revoke, json!({ "id": made["apiKey"]["id"] })).await;
            }
            1 => {
                let bearer = made["secret"].as_str().map(str::to_owned);
                askers.push(Asker { name: format!("{role:?} {name} by a key {rights}"), bearer, account: Some(account.id) });
            }
            // It rests while the account has a temporary password.
            2 => make_temporary(app, account.id).await,
            _ => {}
        }
    }
    // Whom nobody asks as: accounts to be seen or not, one of them locked, and refusals in the audit.
    for number in 0..4 {
        let place = *dice.pick(&PLACES);
        let role = *dice.pick(&[Role::Unit, Role::Leader, Role::Deputy]);
        let account = app.create(&format!("quiet{number}"), role, place).await;
        if number == 0 {
            lock(app, account.id).await;
        }
    }
    let refused = "mutation { lockAccount(input: { id: \"nobody\", expectedVersion: 1, reason: \"a try\" }) { account { id } } }";
    for asker in keen.iter().chain(&askers) {
        ask(app, asker, refused, json!({})).await;
    }
    (keen, askers)
}

/// Puts a zone below a district in two worlds of three, so that there are three levels.
async fn grow_a_level(app: &App, dice: &mut Dice) {
    let upper = match dice.below(3) {
        0 => return,
        1 => "yanzhou",
        _ => "taibai-lake",
    };
    app.execute(&format!(
        "UPDATE jurisdiction SET parent_id = (SELECT above.id FROM jurisdiction above WHERE above.code = '{upper}') WHERE code = 'jining-etdz'"
    ))
    .await
    .expect("a third level");
}

/// Gives every notice some state and some disclosure; the first two are one that is public and one that is not.
async fn mix_notices(app: &App, dice: &mut Dice) {
    let disclosures: Vec<Option<Disclosure>> = Disclosure::iter().map(Some).chain([None]).collect();
    let states: Vec<NoticeState> = NoticeState::iter().collect();
    let mut notices = rows!(app, notice);
    // Ids differ from run to run, and with them the order of rows.
    notices.sort_by(|one, other| (&one.title, one.year).cmp(&(&other.title, other.year)));
    dice.shuffle(&mut notices);
    for (index, notice) in notices.iter().enumerate() {
        let (state, disclosure) = match index {
            0 => (NoticeState::Issued, Some(Disclosure::Proactive)),
            1 => (NoticeState::Issued, Some(Disclosure::Withheld)),
            _ => (*dice.pick(&states), *dice.pick(&disclosures)),
        };
        let mut change = notice::ActiveModel { state: Set(state), disclosure: Set(disclosure), ..notice::ActiveModel::default() };
        if state == NoticeState::Draft {
            change.issued_on = Set(None);
        }
        notice::Entity::update_many().set(change).filter(notice::Column::Id.eq(notice.id)).exec(&app.raw).await.expect("it is changed");
    }
}

async fn make_temporary(app: &App, id: AccountId) {
    let change = account::ActiveModel { password_temporary: Set(true), ..account::ActiveModel::default() };
    account::Entity::update_many().set(change).filter(account::Column::Id.eq(id)).exec(&app.raw).await.expect("it is changed");
}

async fn lock(app: &App, id: AccountId) {
    let (at, reason) = (Set(Some(app.now().into())), Set(Some("left".to_owned())));
    let change = account::ActiveModel { locked_at: at, lock_reason: reason, ..account::ActiveModel::default() };
    account::Entity::update_many().set(change).filter(account::Column::Id.eq(id)).exec(&app.raw).await.expect("it is changed");
}

// --- The rule in words --------------------------------------------------------------------------------------------------------

/// Everything there is, read past the service.
struct World {
    above: BTreeMap<JurisdictionId, Option<JurisdictionId>>,
    codes: BTreeMap<JurisdictionId, String>,
    notices: Vec<notice::Model>,
    tasks: Vec<task::Model>,
    assignments: Vec<assignment::Model>,
    /// What hangs on a notice, by the notice.
    hanging: Vec<(NoticeId, String)>,
    /// What everybody may see.
    reference: BTreeSet<String>,
    /// The units that a notice leads to, and that lead to it.
    busy_units: Vec<String>,
    accounts: Vec<account::Model>,
    sessions: Vec<session::Model>,
    keys: Vec<api_key::Model>,
    events: Vec<audit_event::Model>,
}

impl World {
    async fn read(app: &App) -> Self {
        let jurisdictions = rows!(app, jurisdiction);
        let mut tasks = rows!(app, task);
        tasks.sort_by(|one, other| (&one.title, one.number).cmp(&(&other.title, other.number)));
        let notice_of: BTreeMap<TaskId, NoticeId> = tasks.iter().map(|task| (task.id, task.notice_id)).collect();
        let assignments = rows!(app, assignment);
        let mut hanging: Vec<(NoticeId, String)> = tasks.iter().map(|task| (task.notice_id, global("task", task.id.0))).collect();
        hanging.extend(rows!(app, project).into_iter().map(|row| (row.notice_id, global("project", row.id.0))));
        hanging.extend(rows!(app, reporting_duty).into_iter().map(|row| (row.notice_id, global("duty", row.id.0))));
        hanging.extend(assignments.iter().map(|row| (notice_of[&row.task_id], global("assignment", row.id.0))));
        hanging.extend(rows!(app, target).into_iter().map(|row| (notice_of[&row.task_id], global("target", row.id.0))));
        let mut reference: BTreeSet<String> = jurisdictions.iter().map(|row| global("jurisdiction", row.id.0)).collect();
        reference.extend(rows!(app, unit).into_iter().map(|row| global("unit", row.id.0)));
        reference.extend(rows!(app, topic).into_iter().map(|row| global("topic", row.id.0)));
        reference.extend(rows!(app, indicator).into_iter().map(|row| global("indicator", row.id.0)));
        let notices = rows!(app, notice);
        let mut busy: BTreeSet<_> = assignments.iter().map(|row| row.unit_id).collect();
        busy.extend(notices.iter().flat_map(|row| [row.issuer_id, row.supervisor_id]).flatten());
        Self {
            busy_units: busy.into_iter().map(|id| global("unit", id.0)).collect(),
            above: jurisdictions.iter().map(|row| (row.id, row.parent_id)).collect(),
            codes: jurisdictions.into_iter().map(|row| (row.id, row.code)).collect(),
            notices,
            tasks,
            assignments,
            hanging,
            reference,
            accounts: rows!(app, account),
            sessions: rows!(app, session),
            keys: rows!(app, api_key),
            events: rows!(app, audit_event),
        }
    }

    fn account_of(&self, asker: &Asker) -> Option<&account::Model> {
        self.accounts.iter().find(|account| Some(account.id) == asker.account)
    }

    /// Whether `lower` is `upper` or anywhere below it.
    fn holds(&self, upper: JurisdictionId, lower: JurisdictionId) -> bool {
        let mut place = Some(lower);
        while let Some(current) = place {
            if current == upper {
                return true;
            }
            place = self.above[&current];
        }
        false
    }

    fn is_published(notice: &notice::Model) -> bool {
        notice.state == NoticeState::Issued && matches!(notice.disclosure, None | Some(Disclosure::Proactive))
    }

    /// Everybody reads what is published. Units read the rest of their own jurisdiction, offices and leaders also of those below.
    fn reads_notice(&self, asker: &Asker, notice: &notice::Model) -> bool {
        Self::is_published(notice)
            || self.account_of(asker).is_some_and(|account| {
                !account.password_temporary
                    && match account.role {
                        Role::Unit => account.jurisdiction_id == notice.jurisdiction_id,
                        Role::Office | Role::Leader => self.holds(account.jurisdiction_id, notice.jurisdiction_id),
                        Role::Deputy | Role::Admin => false,
                    }
            })
    }

    /// One's own account, those of units, leaders and deputies in the jurisdiction of an office and below, and for admins all.
    fn sees_account(&self, asker: &Asker, seen: &account::Model) -> bool {
        self.account_of(asker).is_some_and(|account| {
            account.id == seen.id
                || !account.password_temporary
                    && match account.role {
                        Role::Admin => true,
                        Role::Office => {
                            matches!(seen.role, Role::Unit | Role::Leader | Role::Deputy)
                                && self.holds(account.jurisdiction_id, seen.jurisdiction_id)
                        }
                        Role::Unit | Role::Leader | Role::Deputy => false,
                    }
        })
    }

    /// Events of the jurisdiction of an office and below, and for admins all.
    fn reads_event(&self, asker: &Asker, event: &audit_event::Model) -> bool {
        self.account_of(asker).is_some_and(|account| {
            !account.password_temporary
                && match account.role {
                    Role::Admin => true,
                    Role::Office => event.jurisdiction_id.is_some_and(|place| self.holds(account.jurisdiction_id, place)),
                    Role::Unit | Role::Leader | Role::Deputy => false,
                }
        })
    }

    fn may_list_events(&self, asker: &Asker) -> bool {
        self.account_of(asker).is_some_and(|account| !account.password_temporary && matches!(account.role, Role::Office | Role::Admin))
    }

    /// The ids that exist for somebody.
    fn allowed(&self, asker: &Asker) -> BTreeSet<String> {
        let notices: BTreeSet<NoticeId> = self.notices.iter().filter(|row| self.reads_notice(asker, row)).map(|row| row.id).collect();
        let accounts: BTreeSet<AccountId> = self.accounts.iter().filter(|row| self.sees_account(asker, row)).map(|row| row.id).collect();
        let mut allowed = self.reference.clone();
        allowed.extend(notices.iter().map(|id| global("notice", id.0)));
        allowed.extend(self.hanging.iter().filter(|(notice, _)| notices.contains(notice)).map(|(_, id)| id.clone()));
        allowed.extend(accounts.iter().map(|id| global("account", id.0)));
        allowed.extend(self.keys.iter().filter(|key| accounts.contains(&key.account_id)).map(|key| global("apikey", key.id.0)));
        allowed.extend(self.sessions.iter().filter(|row| Some(row.account_id) == asker.account).map(|row| global("session", row.id.0)));
        allowed.extend(self.events.iter().filter(|row| self.reads_event(asker, row)).map(|row| global("audit", row.id.0)));
        allowed
    }

    /// Every id that is not for everybody as a matter of course.
    fn everything(&self) -> Vec<String> {
        let mut all: Vec<String> = self.notices.iter().map(|row| global("notice", row.id.0)).collect();
        all.extend(self.hanging.iter().map(|(_, id)| id.clone()));
        all.extend(self.accounts.iter().map(|row| global("account", row.id.0)));
        all.extend(self.keys.iter().map(|row| global("apikey", row.id.0)));
        all.extend(self.sessions.iter().map(|row| global("session", row.id.0)));
        all.extend(self.events.iter().map(|row| global("audit", row.id.0)));
        all
    }
}

// --- Asking -------------------------------------------------------------------------------------------------------------------

/// What is asked of a notice, a project, a task, an account and an event, wherever one turns up.
const PARTS: [(&str, &str); 6] = [
    (
        "UNIT",
        "id memberOf { id } assignments(first: 100) { totalCount nodes { id task { id notice { id } } } }
         leads: assignments(role: LEAD, first: 100) { totalCount nodes { id } }
         issuedNotices(first: 100) { totalCount nodes { id } } supervisedNotices(last: 100) { totalCount nodes { id } }",
    ),
    ("NOTICE", "id jurisdiction { id } issuer { id } supervisor { id } projects { id tasks { id } } reportingDuties { id notice { id } }"),
    ("PROJECT", "id notice { id } tasks { id notice { id } }"),
    (
        "TASK",
        "id notice { id projects { id } } project { id tasks { id } } topics { id } assignments { id task { id } unit { id } }
         leadUnits { id } supportingUnits { id } targets { id task { id } partOf { id } parts { id } indicator { id } }",
    ),
    ("EVENT", "id jurisdiction { id } subject { id ... on Account { ACCOUNT } ... on ApiKey { account { id } } }"),
    ("ACCOUNT", "id jurisdiction { id notices(first: 100) { totalCount nodes { id } } } unit { id } apiKeys { id account { id } }"),
];

/// From reference data to whatever hangs on it.
const WALKS: [&str; 3] = [
    "{ jurisdictions { id parent { id notices(first: 100) { totalCount nodes { id } } } children { id }
         notices(first: 100) { totalCount edges { node { id } } nodes { id projects { id } } } units(first: 1) { nodes { id } } } }",
    "{ topics { id tasks(first: 100) { totalCount nodes { id notice { id } } }
         indicators(first: 100) { totalCount nodes { id targets(first: 100) { totalCount nodes { id task { id notice { id } } } } } } } }",
    "{ viewer { account { ACCOUNT } sessions { id } } }",
];

async fn ask(app: &App, asker: &Asker, query: &str, variables: Value) -> Value {
    // An event holds an account, so that the parts are put in one after the other.
    let document =
        PARTS.iter().fold(query.to_owned(), |text, (name, fields)| text.replace(&format!("{{ {name} }}"), &format!("{{ {fields} }}")));
    match &asker.bearer {
        Some(bearer) => app.bearing(bearer).post(&document, variables).await.body,
        None => app.post(&document, variables).await.body,
    }
}

async fn data(app: &App, asker: &Asker, query: &str, variables: Value) -> Value {
    let body = ask(app, asker, query, variables).await;
    assert!(body.get("errors").is_none() && body["data"].is_object(), "{}: {query}\n{body:#}", asker.name);
    body["data"].clone()
}

/// All ids anywhere in an answer. Who did what an event tells of is a part of the event, and was not asked for.
///
/// A list that says how many rows it has, and shows all of them, shows so many: a count is not allowed to know more than the list.
fn gather(answer: &Value, found: &mut BTreeSet<String>) {
    match answer {
        Value::String(text) if is_id(text) => {
            found.insert(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        Value::Object(fields) => {
            if let (Some(total), Some(rows)) =
                (fields.get("totalCount").and_then(Value::as_u64), fields.get("nodes").and_then(Value::as_array))
                && total <= 100
            {
                assert_eq!(rows.len() as u64, total, "a count that differs from its list: {answer:#}");
            }
            fields.values().for_each(|value| gather(value, found));
        }
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    const KINDS: [&str; 14] = [
        "jurisdiction",
        "unit",
        "topic",
        "indicator",
        "notice",
        "duty",
        "project",
        "task",
        "assignment",
        "target",
        "account",
        "session",
        "apikey",
        "audit",
    ];
    text.rsplit_once('_').is_some_and(|(kind, id)| KINDS.contains(&kind) && id.len() == 26)
}

/// All rows of a list, page by page, with what hangs on them; and how many it says there are.
async fn whole_list(app: &App, asker: &Asker, list: &str, part: &str, seen: &mut BTreeSet<String>) -> (BTreeSet<String>, u64) {
    let query = format!(
        "query($after: String) {{ list: {list}(first: 100, after: $after) {{
           totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ {part} }} edges {{ node {{ id }} }} }} }}"
    );
    let (mut ids, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let page = data(app, asker, &query, json!({ "after": after })).await["list"].clone();
        gather(&page, seen);
        ids.extend(page["nodes"].as_array().expect("nodes").iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
        if page["pageInfo"]["hasNextPage"] == false {
            return (ids, page["totalCount"].as_u64().expect("a count"));
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Asks for everything on every path in somebody's name, and compares it with the rule.
async fn survey(app: &App, world: &World, asker: &Asker, mut dice: Dice) {
    let allowed = world.allowed(asker);
    let mut seen = BTreeSet::new();
    lists(app, world, asker, &allowed, &mut seen).await;
    for walk in WALKS {
        gather(&data(app, asker, walk, json!({})).await, &mut seen);
    }
    for units in world.busy_units.chunks(100) {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Unit { UNIT } } }";
        gather(&data(app, asker, query, json!({ "ids": units })).await, &mut seen);
    }
    look_ups(app, world, asker, &allowed, &mut seen).await;
    searches(app, world, asker, &mut dice, &allowed, &mut seen).await;
    // All that exists for them is met on some path, or the paths have become too few. Sessions that are over are not listed.
    let over: BTreeSet<String> =
        world.sessions.iter().filter(|row| row.ended_at.is_some()).map(|row| global("session", row.id.0)).collect();
    let unmet: Vec<&String> =
        allowed.iter().filter(|id| !world.reference.contains(*id) && !seen.contains(*id) && !over.contains(*id)).collect();
    assert!(unmet.is_empty(), "{} does not see what exists for them: {unmet:?}", asker.name);
    nodes(app, world, asker, &allowed, &mut seen).await;
    let beyond: Vec<&String> = seen.difference(&allowed).collect();
    assert!(beyond.is_empty(), "{} sees what does not exist for them: {beyond:?}", asker.name);
    decisions(app, world, asker, &allowed).await;
}

async fn lists(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    let mut wanted = vec![
        ("notices", "NOTICE", "notice_"),
        ("projects", "PROJECT", "project_"),
        ("tasks", "TASK", "task_"),
        ("indicators", "id targets(first: 100) { totalCount nodes { id } }", "indicator_"),
    ];
    let mut closed = Vec::new();
    let mut account_lists = |open: bool, list| if open { wanted.push(list) } else { closed.push(list) };
    account_lists(asker.account.is_some(), ("accounts", "ACCOUNT", "account_"));
    account_lists(world.may_list_events(asker), ("auditEvents", "EVENT", "audit_"));
    for (list, part, kind) in wanted {
        let (ids, total) = whole_list(app, asker, list, part, seen).await;
        let exist: BTreeSet<String> = allowed.iter().filter(|id| id.starts_with(kind)).cloned().collect();
        assert_eq!(ids, exist, "{}: {list}", asker.name);
        assert_eq!(total, exist.len() as u64, "{}: totalCount of {list}", asker.name);
    }
    for (list, ..) in closed {
        let body = ask(app, asker, &format!("{{ {list}(first: 1) {{ totalCount nodes {{ id }} }} }}"), json!({})).await;
        assert!(body["data"].is_null() && body["errors"].is_array(), "{}: {list} is not for them: {body:#}", asker.name);
    }
}

/// By the keys that people know: the place, the year and the number of a notice, and the name of an account.
async fn look_ups(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for notice in &world.notices {
        let task = world.tasks.iter().find(|task| task.notice_id == notice.id).expect("a task");
        let query = "query($j: String!, $y: Int!, $n: Int!) {
          notice(jurisdiction: $j, year: $y) { NOTICE } project(jurisdiction: $j, year: $y, number: 1) { PROJECT }
          task(jurisdiction: $j, year: $y, number: $n) { TASK }
          notices(filter: { jurisdiction: [$j], year: [$y] }) { totalCount nodes { id } }
          tasks(filter: { jurisdiction: [$j], year: [$y] }, first: 100) { totalCount nodes { id } } }";
        let variables = json!({ "j": world.codes[&notice.jurisdiction_id], "y": notice.year, "n": task.number });
        let found = data(app, asker, query, variables).await;
        assert_eq!(!found["notice"].is_null(), allowed.contains(&global("notice", notice.id.0)), "{}: {}", asker.name, notice.title);
        assert_eq!(!found["task"].is_null(), allowed.contains(&global("task", task.id.0)), "{}: {}", asker.name, task.title);
        gather(&found, seen);
    }
    let by_name =
        |(index, account): (usize, &account::Model)| format!("a{index}: account(username: \"{}\") {{ ACCOUNT }}", account.username);
    let names: Vec<String> = world.accounts.iter().enumerate().map(by_name).collect();
    let found = data(app, asker, &format!("{{ {} }}", names.join(" ")), json!({})).await;
    for (index, account) in world.accounts.iter().enumerate() {
        let exists = allowed.contains(&global("account", account.id.0));
        assert_eq!(!found[format!("a{index}")].is_null(), exists, "{}: {}", asker.name, account.username);
    }
    gather(&found, seen);
}

/// By words and by units that occur in some notice, whether it exists for whoever asks or not.
async fn searches(app: &App, world: &World, asker: &Asker, dice: &mut Dice, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for _ in 0..6 {
        let task = dice.pick(&world.tasks);
        let assignment = world.assignments.iter().find(|row| row.task_id == task.id).expect("an assignment");
        let query = "query($t: String!, $u: ID!) {
          tasks(filter: { text: $t }, first: 100) { totalCount nodes { TASK } } projects(filter: { text: $t }) { totalCount }
          notices(filter: { text: $t }) { totalCount nodes { id } }
          ofUnit: tasks(filter: { unit: $u }, first: 100) { totalCount nodes { id } }
          ledBy: tasks(filter: { leadUnit: $u }, first: 100) { totalCount nodes { id } } }";
        let found = data(app, asker, query, json!({ "t": task.title, "u": global("unit", assignment.unit_id.0) })).await;
        let id = global("task", task.id.0);
        for list in ["tasks", "ofUnit"] {
            let listed = found[list]["nodes"].as_array().expect("nodes").iter().any(|row| row["id"] == id.as_str());
            assert_eq!(listed, allowed.contains(&id), "{}: {list} by “{}”", asker.name, task.title);
        }
        gather(&found, seen);
    }
}

/// By id, of everything that is not for everybody.
async fn nodes(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>, seen: &mut BTreeSet<String>) {
    for ids in world.everything().chunks(100) {
        let found = data(app, asker, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        for (id, node) in ids.iter().zip(found["nodes"].as_array().expect("nodes")) {
            assert_eq!(!node.is_null(), allowed.contains(id), "{}: node {id}", asker.name);
        }
        gather(&found, seen);
    }
}

/// The policy says of one resource what the service shows of all.
async fn decisions(app: &App, world: &World, asker: &Asker, allowed: &BTreeSet<String>) {
    let viewer = match &asker.bearer {
        Some(bearer) => app.service.authenticate(bearer).await.expect("somebody").viewer,
        None => Viewer::Public,
    };
    for notice in &world.notices {
        let resource =
            Resource::Notice(NoticeFacts { jurisdiction: notice.jurisdiction_id, state: notice.state, disclosure: notice.disclosure });
        let allows = policy::decide(&viewer, Action::ReadNotice, &resource) == Decision::Allow;
        assert_eq!(allows, allowed.contains(&global("notice", notice.id.0)), "{}: {}", asker.name, notice.title);
    }
    let facts = |account: &account::Model| AccountFacts {
        id: account.id,
        role: account.role,
        jurisdiction: account.jurisdiction_id,
        locked: account.locked_at.is_some(),
    };
    for account in &world.accounts {
        let allows = policy::decide(&viewer, Action::ReadAccount, &Resource::Account(facts(account))) == Decision::Allow;
        assert_eq!(allows, allowed.contains(&global("account", account.id.0)), "{}: {}", asker.name, account.username);
    }
    // Of sessions and keys the policy says more only to whoever may end some at all.
    let Some(actor) = viewer.actor().filter(|actor| matches!(actor.credential, Credential::Session(_)) && !actor.password_temporary) else {
        return;
    };
    assert_eq!(Some(actor.id), asker.account);
    for session in &world.sessions {
        let resource = Resource::Session { owner: session.account_id, ended: session.ended_at.is_some() };
        let exists = policy::decide(&viewer, Action::EndSession, &resource) != Decision::Hide;
        assert_eq!(exists, allowed.contains(&global("session", session.id.0)), "{}: {:?}", asker.name, session.id);
    }
    for key in &world.keys {
        let owner = world.accounts.iter().find(|account| account.id == key.account_id).expect("an owner");
        let resource = Resource::ApiKey { owner: facts(owner), revoked: key.revoked_at.is_some() };
        let exists = policy::decide(&viewer, Action::RevokeApiKey, &resource) != Decision::Hide;
        assert_eq!(exists, allowed.contains(&global("apikey", key.id.0)), "{}: {:?}", asker.name, key.id);
    }
}
