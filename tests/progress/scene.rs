//! Taibai Lake in April 2024: its notice is two weeks old, and asks for the ledger every week and for a report every month.

use entity::Role;
use serde_json::{Value, json};

use crate::support::{actor::Actor, app::App};

pub const SUBMIT: &str = include_str!("../contract/08-submit-progress.graphql");
pub const SUBMIT_MANY: &str = include_str!("../contract/09-submit-many.graphql");
pub const REVIEW: &str = include_str!("../contract/11-review.graphql");

/// Friday of 2024-W15, ten in the morning in Jining.
pub const FRIDAY: &str = "2024-04-12T02:00:00Z";

/// Those who work on the notice of Taibai Lake of 2024.
pub struct Scene<'a> {
    pub app: &'a App,
    /// 区社会事业发展局, which leads tasks 1 to 3.
    pub lead: Actor<'a>,
    /// 区财政金融局, which supports them.
    pub support: Actor<'a>,
    /// The supervision office.
    pub office: Actor<'a>,
}

impl<'a> Scene<'a> {
    pub async fn of(app: &'a App) -> Self {
        app.travel_to(FRIDAY);
        Self {
            app,
            lead: app.of_unit("lead", "taibai-lake", "区社会事业发展局").await,
            support: app.of_unit("support", "taibai-lake", "区财政金融局").await,
            office: app.actor("office", Role::Office, "taibai-lake").await,
        }
    }

    /// A task by its number, with its targets.
    pub async fn task(&self, number: i32) -> Value {
        task(self.app, "taibai-lake", 2024, number).await
    }

    /// The canteens: one target of 3 处.
    pub async fn canteens(&self) -> (String, String) {
        let task = self.task(2).await;
        (text(&task["id"]), text(&task["targets"][0]["id"]))
    }

    /// A post of the canteens for a period that is right in every way.
    pub async fn post(&self, period: &str, value: &str) -> Value {
        let (task, target) = self.canteens().await;
        json!({
            "taskId": task,
            "period": period,
            "narrative": "食堂建设按计划推进",
            "achievements": [{ "targetId": target, "value": value }],
            "blockers": [{ "description": "场地未定", "needs": "请街道协调场地" }],
        })
    }

    /// The answer to a post by the lead, which must be taken.
    pub async fn posted(&self, input: &Value) -> Value {
        let data = self.lead.data(SUBMIT, json!({ "input": input })).await;
        assert_eq!(data["submitProgress"]["errors"], json!([]), "{input:#}");
        data["submitProgress"].clone()
    }

    /// The faults of a post by the lead.
    pub async fn faults(&self, input: &Value) -> Vec<(String, Vec<String>)> {
        let data = self.lead.data(SUBMIT, json!({ "input": input })).await;
        faults(&data["submitProgress"])
    }

    /// Accepts figures of a task, posted by the lead for a period.
    pub async fn counted(&self, task: &Value, period: &str, figures: &[(usize, &str)]) {
        let achievements: Value =
            figures.iter().map(|(place, value)| json!({ "targetId": task["targets"][place]["id"], "value": value })).collect();
        let post = json!({ "taskId": task["id"], "period": period, "narrative": "按计划推进", "achievements": achievements,
            "blockers": [{ "description": "场地未定", "needs": "请街道协调场地" }] });
        let report = self.posted(&post).await["report"].clone();
        self.reviewed(&report, "ACCEPT", None).await;
    }

    /// The same people on another day, signed in again.
    pub async fn later(self, instant: &str) -> Self {
        self.app.travel_to(instant);
        let (lead, support, office) = (self.app.sign_in("lead").await, self.app.sign_in("support").await, self.app.sign_in("office").await);
        Self { lead, support, office, ..self }
    }

    /// The answer to a review by the office, which must be taken.
    pub async fn reviewed(&self, report: &Value, decision: &str, reason: Option<&str>) -> Value {
        let variables = json!({ "report": report["id"], "decision": decision, "reason": reason, "version": report["version"] });
        let data = self.office.data(REVIEW, variables).await;
        assert_eq!(data["reviewProgress"]["errors"], json!([]));
        data["reviewProgress"].clone()
    }
}

/// A task by its number, with its targets.
pub async fn task(app: &App, jurisdiction: &str, year: i32, number: i32) -> Value {
    let query = "query($jurisdiction: String!, $year: Int!, $number: Int!) {
        task(jurisdiction: $jurisdiction, year: $year, number: $number) { id title targets { id label value } } }";
    app.data(query, json!({ "jurisdiction": jurisdiction, "year": year, "number": number })).await["task"].clone()
}

/// The codes and paths of a payload's faults.
pub fn faults(payload: &Value) -> Vec<(String, Vec<String>)> {
    let told = payload["errors"].as_array().expect("errors").iter();
    told.map(|fault| (text(&fault["code"]), fault["field"].as_array().expect("a path").iter().map(text).collect())).collect()
}

/// A path from the argument.
pub fn at(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}
