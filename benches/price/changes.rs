//! Changes: each is made some thirty times, in an order in which all succeed. A year of one zone's work, in short.

use axum::Router;
use minsheng::service::Service;
use serde_json::{Value, json};

use super::{Measured, PASSWORD, make_office, post, ticks};

/// How many tasks are worked on, and how many accounts do it. The median of a change is then measured in more than a tick of the system.
const MANY: usize = 40;

/// Somebody who is signed in, and the version of their account.
struct Account {
    id: Value,
    unit: Value,
    username: String,
    password: String,
    token: String,
    refresh_token: Value,
}

/// A task that is worked on, and who leads it.
struct Work {
    task: Value,
    /// Its first target, where it has one.
    target: Option<Value>,
    notice: Value,
    jurisdiction: String,
    /// The place of its lead among the accounts.
    lead: usize,
}

/// Measures all changes.
pub struct Changes<'a> {
    router: &'a Router,
    service: &'a Service,
    office: &'a str,
    done: Vec<Measured>,
}

/// Who asks, and what with.
type Run = (String, Value);

impl<'a> Changes<'a> {
    pub fn new(router: &'a Router, service: &'a Service, office: &'a str) -> Self {
        Self { router, service, office, done: Vec::new() }
    }

    /// Makes all changes; the outcome is what each took.
    pub async fn measure(mut self) -> Vec<Measured> {
        let tasks = self.tasks().await;
        let mut accounts = self.accounts(&tasks).await;
        let work: Vec<Work> = tasks.iter().enumerate().map(|(place, task)| Work::of(task, place)).collect();
        let offices = self.offices(&work).await;
        self.plans(&work, &accounts).await;
        self.reports(&work, &accounts, &offices).await;
        self.standing(&work, &accounts, &offices).await;
        self.settings(&work, &offices).await;
        self.keys(&accounts).await;
        self.sessions(&mut accounts).await;
        self.people(&accounts).await;
        self.done
    }

    /// Runs a change once for each of `runs`, all of which must succeed, and returns what they answered.
    async fn step(&mut self, field: &'static str, input: &str, selection: &str, runs: Vec<Run>) -> Vec<Value> {
        assert!(!runs.is_empty(), "{field} has nothing to do");
        let query = match input.strip_suffix("[]") {
            _ if input == "none" => format!("mutation {{ {field} {{ {selection} }} }}"),
            Some(input) => format!("mutation($input: [{input}Input!]!) {{ {field}(inputs: $input) {{ {selection} }} }}"),
            None => format!("mutation($input: {input}Input!) {{ {field}(input: $input) {{ {selection} }} }}"),
        };
        let (mut points, mut answers) = (0, Vec::new());
        let before = ticks();
        for (token, input) in &runs {
            let token = (!token.is_empty()).then_some(token.as_str());
            let body = json!({ "query": query, "variables": { "input": input }, "extensions": { "cost": true } });
            let answer = post(self.router, token, &body).await;
            let payload = &answer["data"][field];
            let well = answer.get("errors").is_none() && payload["errors"].as_array().is_none_or(Vec::is_empty) && payload.is_object();
            assert!(well, "{field} with {input}: {answer}");
            points += answer["extensions"]["cost"]["points"].as_u64().expect("points");
            answers.push(payload.clone());
        }
        let used = ticks() - before;
        let count = runs.len() as f64;
        self.done.push(Measured { name: field, points: points as f64 / count, millis: used as f64 * 10.0 / count });
        answers
    }

    async fn read(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = post(self.router, Some(token), &json!({ "query": query, "variables": variables })).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// Tasks of notices of 2024 that nobody has begun to work on.
    async fn tasks(&self) -> Vec<Value> {
        let query = "query($after: String) { tasks(first: 100, after: $after, filter: { year: [2024] }) { pageInfo { endCursor hasNextPage } nodes {
            id leadUnits { id } targets { id value } project { notice { id jurisdiction { code } reportingDuties { cadence } } } } } }";
        let (mut after, mut tasks) = (Value::Null, Vec::new());
        while tasks.len() < MANY {
            let page = self.read(self.office, query, json!({ "after": after })).await["tasks"].clone();
            let nodes = page["nodes"].as_array().expect("tasks").iter();
            tasks.extend(nodes.filter(|task| copied(task) && task["leadUnits"].as_array().is_some_and(|leads| leads.len() == 1)).cloned());
            assert_eq!(page["pageInfo"]["hasNextPage"], true, "there are too few tasks");
            after = page["pageInfo"]["endCursor"].clone();
        }
        tasks.truncate(MANY);
        tasks
    }

    /// An account for the lead of each task.
    async fn accounts(&mut self, tasks: &[Value]) -> Vec<Account> {
        let mut runs = Vec::new();
        for (place, task) in tasks.iter().enumerate() {
            let unit = &task["leadUnits"][0]["id"];
            let owner = self.read(
                self.office,
                "query($id: ID!) { node(id: $id) { ... on Unit { jurisdiction { code } } } }",
                json!({ "id": unit }),
            );
            let jurisdiction = owner.await["node"]["jurisdiction"]["code"].clone();
            let input = json!({ "username": format!("bench-lead-{place}"), "role": "UNIT", "jurisdiction": jurisdiction, "unit": unit });
            runs.push((self.office.to_owned(), input));
        }
        let units: Vec<Value> = runs.iter().map(|(_, input)| input["unit"].clone()).collect();
        let made = self.step("createAccount", "CreateAccount", "account { id username } password errors { code }", runs).await;
        let sign_in = |username: &Value, password: &Value| (String::new(), json!({ "username": username, "password": password }));
        let runs = made.iter().map(|made| sign_in(&made["account"]["username"], &made["password"])).collect();
        let tokens = "session { accessToken refreshToken } errors { code }";
        let signed_in = self.step("signIn", "SignIn", tokens, runs).await;
        let password = |place: usize| format!("heron-{place}-copper-Lantern-82");
        let runs = made.iter().zip(&signed_in).enumerate();
        let runs = runs.map(|(place, (made, signed_in))| {
            (text(&signed_in["session"]["accessToken"]), json!({ "currentPassword": made["password"], "newPassword": password(place) }))
        });
        self.step("changePassword", "ChangePassword", "account { id } errors { code }", runs.collect()).await;
        let mut accounts = Vec::new();
        for (place, (made, unit)) in made.iter().zip(units).enumerate() {
            let (id, username, password) = (made["account"]["id"].clone(), text(&made["account"]["username"]), password(place));
            let session = self.sign_in(&username, &password).await;
            let (token, refresh_token) = (text(&session["accessToken"]), session["refreshToken"].clone());
            accounts.push(Account { id, unit, username, password, token, refresh_token });
        }
        accounts
    }

    async fn sign_in(&self, username: &str, password: &str) -> Value {
        let query =
            "mutation($u: String!, $p: String!) { signIn(input: { username: $u, password: $p }) { session { accessToken refreshToken } } }";
        let answer = post(self.router, None, &json!({ "query": query, "variables": { "u": username, "p": password } })).await;
        let session = answer["data"]["signIn"]["session"].clone();
        assert!(session.is_object(), "{username}: {answer}");
        session
    }

    /// What the office of each task's jurisdiction presents. It is made and signed in for this alone.
    async fn offices(&self, work: &[Work]) -> Vec<(String, String)> {
        let mut offices: Vec<(String, String)> = Vec::new();
        for Work { jurisdiction, .. } in work {
            if offices.iter().all(|(known, _)| known != jurisdiction) {
                let username = format!("bench-{jurisdiction}");
                make_office(self.service, &username, jurisdiction).await;
                let token = text(&self.sign_in(&username, PASSWORD).await["accessToken"]);
                offices.push((jurisdiction.clone(), token));
            }
        }
        offices
    }

    /// The version of each task's standing now.
    async fn versions(&self, work: &[Work]) -> Vec<Value> {
        let mut versions = Vec::new();
        for Work { task, .. } in work {
            let query = "query($id: ID!) { node(id: $id) { ... on Task { standing { version } } } }";
            versions.push(self.read(self.office, query, json!({ "id": task })).await["node"]["standing"]["version"].clone());
        }
        versions
    }

    async fn plans(&mut self, work: &[Work], accounts: &[Account]) {
        let versions = self.versions(work).await;
        let runs = work.iter().zip(versions).map(|(work, version)| {
            let milestones = json!([{ "title": "开工", "dueOn": "2024-05-31" }, { "title": "完工", "dueOn": "2024-11-30" }]);
            (accounts[work.lead].token.clone(), json!({ "taskId": work.task, "expectedVersion": version, "milestones": milestones }))
        });
        self.step("savePlan", "SavePlan", "task { id } errors { code message }", runs.collect()).await;
        let versions = self.versions(work).await;
        let runs = work.iter().zip(versions).filter_map(|(work, version)| {
            let target = work.target.as_ref()?;
            let share = json!({ "unitId": accounts[work.lead].unit, "value": target["value"] });
            let input = json!({ "targetId": target["id"], "expectedVersion": version, "allocations": [share] });
            Some((accounts[work.lead].token.clone(), input))
        });
        self.step("allocateTarget", "AllocateTarget", "task { id } errors { code message }", runs.collect()).await;
    }

    async fn reports(&mut self, work: &[Work], accounts: &[Account], offices: &[(String, String)]) {
        let selection = "report { id version blockers { id version } } errors { code message }";
        let post = |work: &Work, period: &str| {
            let blockers = json!([{ "description": "等待供电部门答复", "needs": "协调供电" }]);
            json!({ "taskId": work.task, "period": period, "narrative": "按计划推进，本期完成放线。", "blockers": blockers })
        };
        let runs = work.iter().map(|work| (accounts[work.lead].token.clone(), post(work, "2024-W14"))).collect();
        let posted = self.step("submitProgress", "SubmitProgress", selection, runs).await;
        let runs =
            work.iter().map(|work| (accounts[work.lead].token.clone(), json!([post(work, "2024-W15"), post(work, "2024-W16")]))).collect();
        let together = "reports { id version } errors { code message }";
        let batches = self.step("submitProgressBatch", "SubmitProgress[]", together, runs).await;
        let review = |report: &Value| json!({ "reportId": report["id"], "decision": "ACCEPT", "expectedVersion": report["version"] });
        let office_of = |work: &Work| offices.iter().find(|(known, _)| *known == work.jurisdiction).expect("an office").1.clone();
        let runs = work.iter().zip(&posted).map(|(work, posted)| (office_of(work), review(&posted["report"]))).collect();
        self.step("reviewProgress", "ReviewProgress", "report { id } errors { code message }", runs).await;
        let runs = work
            .iter()
            .zip(&batches)
            .map(|(work, posted)| (office_of(work), posted["reports"].as_array().expect("reports").iter().map(review).collect()));
        self.step("reviewProgressBatch", "ReviewProgress[]", together, runs.collect()).await;
        let runs = work.iter().zip(&posted).map(|(work, posted)| {
            let blocker = &posted["report"]["blockers"][0];
            let input = json!({ "id": blocker["id"], "expectedVersion": blocker["version"], "resolution": "供电部门已答复。" });
            (accounts[work.lead].token.clone(), input)
        });
        self.step("resolveBlocker", "ResolveBlocker", "blocker { id } errors { code message }", runs.collect()).await;
    }

    /// A change of what is decided about each task, by its office or its lead.
    async fn decide(&mut self, field: &'static str, input: &str, work: &[Work], tokens: &[String], more: Value) {
        let versions = self.versions(work).await;
        let runs = work.iter().zip(versions).zip(tokens).map(|((work, version), token)| {
            let mut input = more.clone();
            input["taskId"] = work.task.clone();
            input["expectedVersion"] = version;
            (token.clone(), input)
        });
        self.step(field, input, "task { id } errors { code message }", runs.collect()).await;
    }

    async fn standing(&mut self, work: &[Work], accounts: &[Account], offices: &[(String, String)]) {
        let of_office: Vec<String> =
            work.iter().map(|work| offices.iter().find(|(known, _)| *known == work.jurisdiction).expect("an office").1.clone()).collect();
        let of_lead: Vec<String> = work.iter().map(|work| accounts[work.lead].token.clone()).collect();
        self.decide("suspendTask", "TaskReason", work, &of_office, json!({ "reason": "雨季停工" })).await;
        self.decide("resumeTask", "Task", work, &of_office, json!({})).await;
        self.decide("extendTask", "ExtendTask", work, &of_office, json!({ "to": "2025-03-31", "reason": "图纸变更" })).await;
        self.decide("claimCompletion", "ClaimCompletion", work, &of_lead, json!({ "note": "已完工" })).await;
        self.decide("returnCompletion", "TaskReason", work, &of_office, json!({ "reason": "缺验收单" })).await;
        let (first, second) = (self.done.len(), self.done.len() + 1);
        self.decide("claimCompletion", "ClaimCompletion", work, &of_lead, json!({ "note": "已补验收单" })).await;
        // Measured already.
        self.done.drain(first..second);
        self.decide("acceptCompletion", "AcceptCompletion", work, &of_office, json!({ "note": "予以销号" })).await;
    }

    async fn settings(&mut self, work: &[Work], offices: &[(String, String)]) {
        let notice_of = |jurisdiction: &str| work.iter().find(|work| work.jurisdiction == jurisdiction).expect("work").notice.clone();
        let places: Vec<(Value, String, String)> =
            offices.iter().map(|(jurisdiction, token)| (notice_of(jurisdiction), jurisdiction.clone(), token.clone())).collect();
        let many = || (0..MANY).map(|number| (number, &places[number % places.len()]));
        let runs = many().map(|(number, (notice, _, token))| {
            let duty = json!({ "kind": "PROGRESS_REPORT", "cadence": "TEN_DAY", "obligor": "LEAD_UNITS", "graceDays": 3 });
            let version = number / places.len();
            (token.clone(), json!({ "noticeId": notice, "expectedVersion": version, "duties": [duty] }))
        });
        self.step("changeReporting", "ChangeReporting", "notice { id } errors { code message }", runs.collect()).await;
        let runs = many().map(|(_, (notice, _, token))| {
            (token.clone(), json!({ "noticeId": notice, "kind": "DISPATCH", "heldOn": "2024-04-10", "summary": "调度托育项目进度" }))
        });
        self.step("recordMeeting", "RecordMeeting", "meeting { id } errors { code message }", runs.collect()).await;
        let runs = many().map(|(number, (_, jurisdiction, token))| {
            let day = 1 + number / places.len();
            (token.clone(), json!({ "jurisdiction": jurisdiction, "builtIn": "gap-points", "inForceFrom": format!("2024-05-{day:02}") }))
        });
        self.step("adoptRuleSet", "AdoptRuleSet", "ruleSet { code } errors { code message }", runs.collect()).await;
    }

    async fn keys(&mut self, accounts: &[Account]) {
        let runs =
            accounts.iter().map(|account| (account.token.clone(), json!({ "name": "看板", "expiresAt": "2024-06-30T00:00:00+08:00" })));
        let made = self.step("createApiKey", "CreateApiKey", "apiKey { id } errors { code message }", runs.collect()).await;
        let runs = accounts.iter().zip(&made).map(|(account, made)| (account.token.clone(), json!({ "id": made["apiKey"]["id"] })));
        self.step("revokeApiKey", "RevokeApiKey", "apiKey { id } errors { code message }", runs.collect()).await;
    }

    async fn sessions(&mut self, accounts: &mut [Account]) {
        let runs = accounts.iter().map(|account| (String::new(), json!({ "refreshToken": account.refresh_token }))).collect();
        let renewed = self.step("refreshSession", "RefreshSession", "session { accessToken } errors { code }", runs).await;
        let mut runs = Vec::new();
        for (account, renewed) in accounts.iter_mut().zip(&renewed) {
            account.token = text(&renewed["session"]["accessToken"]);
            self.sign_in(&account.username, &account.password).await;
            let sessions = self.read(&account.token, "{ viewer { sessions { id current } } }", json!({})).await;
            let other = sessions["viewer"]["sessions"].as_array().expect("sessions").iter().find(|session| session["current"] == false);
            runs.push((account.token.clone(), json!({ "id": other.expect("another session")["id"] })));
        }
        self.step("endSession", "EndSession", "__typename", runs).await;
        let runs = accounts.iter().map(|account| (account.token.clone(), Value::Null)).collect();
        self.step("signOut", "none", "ended", runs).await;
        let mut runs = Vec::new();
        for account in accounts {
            let session = self.sign_in(&account.username, &account.password).await;
            runs.push((text(&session["accessToken"]), Value::Null));
        }
        self.step("signOutEverywhere", "none", "ended", runs).await;
    }

    async fn people(&mut self, accounts: &[Account]) {
        let changes = [
            ("changeAccount", "ChangeAccount", "account { id } errors { code message }", "role", json!("UNIT")),
            ("lockAccount", "LockAccount", "account { id } errors { code message }", "reason", json!("离岗")),
            ("unlockAccount", "Account", "account { id } errors { code message }", "", Value::Null),
            ("resetPassword", "Account", "account { id } errors { code message }", "", Value::Null),
            ("transferAccount", "TransferAccount", "account { id } errors { code message }", "jurisdiction", json!("jining")),
        ];
        for (field, input, selection, key, value) in changes {
            let mut runs = Vec::new();
            for (place, account) in accounts.iter().enumerate() {
                let query = "query($id: ID!) { node(id: $id) { ... on Account { version } } }";
                let version = self.read(self.office, query, json!({ "id": account.id })).await["node"]["version"].clone();
                let mut with = json!({ "id": account.id, "expectedVersion": version });
                if !key.is_empty() {
                    with[key] = value.clone();
                }
                if field == "changeAccount" {
                    with = json!({ "id": account.id, "expectedVersion": version, "username": format!("bench-renamed-{place}") });
                }
                if field == "transferAccount" {
                    with["unit"] = self.a_unit_of_the_city().await;
                }
                runs.push((self.office.to_owned(), with));
            }
            self.step(field, input, selection, runs).await;
        }
    }

    async fn a_unit_of_the_city(&self) -> Value {
        let query = "{ unit(jurisdiction: \"jining\", name: \"市教育局\") { id } }";
        self.read(self.office, query, json!({})).await["unit"]["id"].clone()
    }
}

impl Work {
    fn of(task: &Value, lead: usize) -> Self {
        let notice = &task["project"]["notice"];
        let target = task["targets"].as_array().and_then(|targets| targets.first()).cloned();
        Self { task: task["id"].clone(), target, notice: notice["id"].clone(), jurisdiction: text(&notice["jurisdiction"]["code"]), lead }
    }
}

/// Whether a task is of a made-up jurisdiction, where nobody has reported, and is to be reported on every week.
fn copied(task: &Value) -> bool {
    let notice = &task["project"]["notice"];
    let is_weekly = notice["reportingDuties"].as_array().is_some_and(|duties| duties.iter().any(|duty| duty["cadence"] == "WEEKLY"));
    is_weekly && notice["jurisdiction"]["code"].as_str().is_some_and(|code| code.starts_with("copy-"))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
