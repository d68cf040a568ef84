//! A town in which everything happens that outsiders must not notice.

use chrono::TimeDelta;
use entity::Role;
use serde_json::{Value, json};

use crate::{
    progress::scene,
    support::{actor::Actor, app::App, chance::Dice},
};

/// When the town is looked at: soon after the notice, when two reports have been due, and late in the year.
const DAYS: [&str; 3] = ["2024-04-12T02:00:00Z", "2024-05-20T02:00:00Z", "2024-11-20T02:00:00Z"];

const SUBMIT: &str = "mutation($input: SubmitProgressInput!) { submitProgress(input: $input) { report { id state version blockers { id version } } errors { code } } }";
const REVIEW: &str =
    "mutation($input: ReviewProgressInput!) { reviewProgress(input: $input) { report { id version state } errors { code } } }";
const RESOLVE: &str = "mutation($input: ResolveBlockerInput!) { resolveBlocker(input: $input) { blocker { state } errors { code } } }";
const CLAIM: &str =
    "mutation($input: ClaimCompletionInput!) { claimCompletion(input: $input) { task { standing { version } } errors { code } } }";
const GIVE_BACK: &str =
    "mutation($input: TaskReasonInput!) { returnCompletion(input: $input) { task { standing { version } } errors { code } } }";
const MEETING: &str = "mutation($input: RecordMeetingInput!) { recordMeeting(input: $input) { errors { code } } }";

/// What happens to a task, one after the other.
const COURSE: [&str; 9] = [
    "a draft is saved",
    "a draft is saved again",
    "a report is submitted",
    "a report is returned",
    "a returned report is submitted again",
    "a blocker is resolved",
    "completion is claimed",
    "a claim is returned",
    "completion is claimed again",
];

/// What happens besides.
const ASIDE: [&str; 5] =
    ["a meeting is recorded", "an account is made", "an account is changed", "somebody signs in", "a claim is refused"];

pub struct Town<'a> {
    app: &'a App,
    lead: Actor<'a>,
    office: Actor<'a>,
    notice: Value,
    tasks: Vec<Task>,
    aside: Vec<&'static str>,
    period: &'static str,
}

/// A task, and how far it has come.
struct Task {
    id: Value,
    target: Value,
    step: usize,
    report: Value,
    standing: i64,
}

impl<'a> Town<'a> {
    pub async fn found(app: &'a App, dice: &mut Dice) -> Self {
        let chosen = dice.below(DAYS.len());
        app.travel_to(DAYS[chosen]);
        let lead = app.of_unit("lead", "taibai-lake", "区社会事业发展局").await;
        let office = app.actor("office", Role::Office, "taibai-lake").await;
        let notice = app.data("{ notice(jurisdiction: \"taibai-lake\", year: 2024) { id } }", json!({})).await["notice"]["id"].clone();
        let mut tasks = Vec::new();
        for number in [1, 2, 3] {
            let task = scene::task(app, "taibai-lake", 2024, number).await;
            let (id, target) = (task["id"].clone(), task["targets"][0]["id"].clone());
            tasks.push(Task { id, target, step: 0, report: Value::Null, standing: 0 });
        }
        let mut aside = ASIDE.to_vec();
        dice.shuffle(&mut aside);
        let town = Self { app, lead, office, notice, tasks, aside, period: ["2024-W15", "2024-W20", "2024-W46"][chosen] };
        // One of them has something accepted already.
        let accepted = dice.below(town.tasks.len());
        let post = json!({ "taskId": town.tasks[accepted].id, "period": "2024-W14", "narrative": "已完成一处",
            "achievements": [{ "targetId": town.tasks[accepted].target, "value": "1" }] });
        let report = town.posted(post).await;
        town.review(&report, "ACCEPT", None).await;
        // What time has brought about is told before anything is hidden.
        app.service.watch_time().await.expect("a look");
        town
    }

    pub fn task_ids(&self) -> Vec<String> {
        self.tasks.iter().map(|task| task.id.as_str().expect("an id").to_owned()).collect()
    }

    /// Has something happen that is hidden from outsiders, and says what; `None` where everything has.
    pub async fn change(&mut self, dice: &mut Dice) -> Option<String> {
        let open: Vec<usize> = (0..self.tasks.len()).filter(|task| self.tasks[*task].step < COURSE.len()).collect();
        if !self.aside.is_empty() && (open.is_empty() || dice.below(5) == 0) {
            let what = self.aside.pop()?;
            self.aside(what).await;
            return Some(what.to_owned());
        }
        let task = *dice.pick(if open.is_empty() { return None } else { &open });
        let what = COURSE[self.tasks[task].step];
        self.step(task, what).await;
        self.tasks[task].step += 1;
        Some(format!("{what} of task {}", task + 1))
    }

    async fn step(&mut self, task: usize, what: &str) {
        let known = &self.tasks[task];
        let version = known.report["version"].clone();
        let mut post = json!({ "taskId": known.id, "period": self.period, "narrative": format!("进展：{what}"), "expectedVersion": version,
            "achievements": [{ "targetId": known.target, "value": "2" }] });
        let claim = json!({ "taskId": known.id, "expectedVersion": known.standing });
        match what {
            "a draft is saved" | "a draft is saved again" => {
                post["draft"] = json!(true);
                self.tasks[task].report = self.posted(post).await;
            }
            "a report is submitted" | "a returned report is submitted again" => {
                post["blockers"] = json!([{ "description": "场地未定", "needs": "请街道协调" }]);
                self.tasks[task].report = self.posted(post).await;
            }
            "a report is returned" => {
                let report = known.report.clone();
                self.tasks[task].report = self.review(&report, "RETURN", Some("数字有误")).await;
            }
            "a blocker is resolved" => {
                let blocker = &known.report["blockers"][0];
                let input = json!({ "id": blocker["id"], "expectedVersion": blocker["version"], "resolution": "已协调" });
                let done = self.office.data(RESOLVE, json!({ "input": input })).await;
                assert_eq!(done["resolveBlocker"]["errors"], json!([]));
            }
            "completion is claimed" | "completion is claimed again" => {
                let done = self.lead.data(CLAIM, json!({ "input": claim })).await["claimCompletion"].clone();
                self.stands(task, &done);
            }
            "a claim is returned" => {
                let mut input = claim;
                input["reason"] = json!("还差一处");
                let done = self.office.data(GIVE_BACK, json!({ "input": input })).await["returnCompletion"].clone();
                self.stands(task, &done);
            }
            other => panic!("nothing is done for: {other}"),
        }
    }

    async fn aside(&self, what: &str) {
        match what {
            "a meeting is recorded" => {
                let day = self.app.now().date_naive().checked_sub_signed(TimeDelta::days(1)).expect("a day");
                let input = json!({ "noticeId": self.notice, "kind": "DISPATCH", "heldOn": day, "summary": "调度一次" });
                let done = self.office.data(MEETING, json!({ "input": input })).await;
                assert_eq!(done["recordMeeting"]["errors"], json!([]));
            }
            "an account is made" => {
                self.app.create("newcomer", Role::Leader, "taibai-lake").await;
            }
            "an account is changed" => {
                let deputy = self.app.create("deputy", Role::Deputy, "taibai-lake").await;
                let id = crate::support::global("account", deputy.id.0);
                let change = "mutation($id: ID!) { changeAccount(input: { id: $id, expectedVersion: 1, username: \"renamed\" }) { errors { code } } }";
                assert_eq!(self.office.data(change, json!({ "id": id })).await["changeAccount"]["errors"], json!([]));
            }
            "somebody signs in" => {
                self.app.sign_in("office").await;
            }
            "a claim is refused" => {
                let input = json!({ "taskId": self.tasks[0].id, "expectedVersion": 999 });
                self.office.error(CLAIM, json!({ "input": input })).await;
            }
            other => panic!("nothing is done for: {other}"),
        }
    }

    /// Publishes something: all that is submitted is accepted.
    pub async fn accept(&mut self) {
        for task in 0..self.tasks.len() {
            let report = self.tasks[task].report.clone();
            self.review(&report, "ACCEPT", None).await;
        }
    }

    fn stands(&mut self, task: usize, done: &Value) {
        assert_eq!(done["errors"], json!([]), "{done:#}");
        self.tasks[task].standing = done["task"]["standing"]["version"].as_i64().expect("a version");
    }

    async fn posted(&self, post: Value) -> Value {
        let done = self.lead.data(SUBMIT, json!({ "input": post })).await["submitProgress"].clone();
        assert_eq!(done["errors"], json!([]), "{post:#}");
        done["report"].clone()
    }

    async fn review(&self, report: &Value, decision: &str, reason: Option<&str>) -> Value {
        let input = json!({ "reportId": report["id"], "decision": decision, "reason": reason, "expectedVersion": report["version"] });
        let done = self.office.data(REVIEW, json!({ "input": input })).await["reviewProgress"].clone();
        assert_eq!(done["errors"], json!([]), "{report:#}");
        done["report"].clone()
    }
}
