//! The tasks and reports of Taibai Lake in 2024 on which things are refused, the units that work on them, and what each mutation of
//! the work is asked with.

use std::collections::HashMap;

use entity::{AuditSubject, Role, UnitId};
use minsheng::{
    access::password::Password,
    service::people::account::{InitialPassword, NewAccount},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{Scene, bare};
use crate::support::{actor::PASSWORD, app::App, global};

/// The units that work: one that leads, one that supports, and one without a part.
const UNITS: [(&str, &str); 3] = [("lead", "区社会事业发展局"), ("supporting", "区财政金融局"), ("bystander", "区文旅局")];

/// The tasks, by their numbers. All but the foreign one are led by the unit of `lead`.
const TASKS: [(&str, i32); 7] =
    [("running", 1), ("claimed", 2), ("suspended", 3), ("claimed-too", 15), ("closed", 14), ("claimable", 16), ("foreign", 4)];

/// The reports on the running task: by whom, for which period.
const REPORTS: [(&str, &str, &str); 7] = [
    ("submitted", "lead", "2024-W15"),
    ("submitted-too", "lead", "2024-W16"),
    ("returned", "lead", "2024-W17"),
    ("accepted", "lead", "2024-04"),
    ("draft", "lead", "2024-05"),
    ("theirs", "supporting", "2024-W15"),
    ("settled", "supporting", "2024-W16"),
];

/// What the work is about.
#[derive(Default)]
pub struct Work {
    /// Tasks, reports, blockers and the notice, by their names: the id and the version.
    known: HashMap<String, (Uuid, i32)>,
    /// A target of each task.
    targets: HashMap<String, Uuid>,
    /// The period and the task of each report.
    periods: HashMap<String, &'static str>,
    lead: Uuid,
}

impl Work {
    /// The id and the version of something, as they were when the scene was set.
    pub fn known(&self, name: &str) -> Option<(Uuid, i32)> {
        self.known.get(name).copied()
    }
}

#[expect(clippy::disallowed_methods, reason = "looks past the service for what the scene is set with")]
async fn unit_named(app: &App, name: &str) -> UnitId {
    let found = entity::unit::Entity::find().filter(entity::unit::Column::Name.eq(name)).one(&app.raw).await;
    found.expect("rows").expect("a unit").id
}

/// Makes the accounts of the units.
pub async fn add_units(app: &App) -> Vec<(&'static str, minsheng::domain::people::account::Account)> {
    let mut made = Vec::new();
    for (name, unit) in UNITS {
        let new = NewAccount {
            username: name.to_owned(),
            role: Role::Unit,
            jurisdiction: "taibai-lake".to_owned(),
            unit: Some(unit_named(app, unit).await),
            external_subject: None,
            password: InitialPassword::Given(Password::new(PASSWORD)),
        };
        made.push((name, app.service.create_account(&app.operator(), new).await.expect("an account").account));
    }
    made
}

/// Brings tasks and reports to where they are, by those who may.
pub async fn set(scene: &mut Scene<'_>) {
    scene.work.lead = unit_named(scene.app, UNITS[0].1).await.0;
    let query =
        "{ notice(jurisdiction: \"taibai-lake\", year: 2024) { id setting { version } projects { tasks { id number targets { id } } } } }";
    let notice = scene.app.data(query, json!({})).await["notice"].clone();
    let version = i32::try_from(notice["setting"]["version"].as_i64().expect("a version")).expect("small");
    scene.work.known.insert("notice".into(), (bare(&notice["id"]), version));
    let projects = notice["projects"].as_array().expect("projects");
    let tasks: Vec<&Value> = projects.iter().flat_map(|project| project["tasks"].as_array().expect("tasks")).collect();
    for (name, number) in TASKS {
        let task = tasks.iter().find(|task| task["number"] == number).expect("a task");
        scene.work.known.insert(name.into(), (bare(&task["id"]), 0));
        // The annex gives one of them no figure.
        if let Some(target) = task["targets"].get(0) {
            scene.work.targets.insert(name.into(), bare(&target["id"]));
        }
    }
    for (name, by, period) in REPORTS {
        let draft = name == "draft";
        let post = json!({ "draft": draft, "blockers": [{ "description": format!("堵点 {name}"), "needs": "协调" }] });
        let input = super::scene::with(scene.work.post("running", period, 0), &post);
        let document = "mutation($input: SubmitProgressInput!) { submitProgress(input: $input) {
            report { id version blockers { id version } } errors { code field } } }";
        let posted = scene.bearing(by).data(document, json!({ "input": input })).await["submitProgress"].clone();
        assert_eq!(posted["errors"], json!([]), "{name}");
        let report = &posted["report"];
        scene.work.known.insert(name.into(), (bare(&report["id"]), 1));
        scene.work.known.insert(format!("blocker of {name}"), (bare(&report["blockers"][0]["id"]), 1));
        scene.work.periods.insert(name.into(), period);
    }
    for (name, decision) in [("accepted", "ACCEPT"), ("returned", "RETURN"), ("settled", "ACCEPT")] {
        let (id, version) = scene.work.known[name];
        let input = json!({ "reportId": global("report", id), "decision": decision, "reason": "数字有误", "expectedVersion": version });
        done(scene, "sibling", "reviewProgress", &input).await;
        scene.work.known.insert(name.into(), (id, version + 1));
    }
    for (by, mutation, task) in [
        ("lead", "claimCompletion", "claimed"),
        ("lead", "claimCompletion", "claimed-too"),
        ("lead", "claimCompletion", "closed"),
        ("sibling", "acceptCompletion", "closed"),
        ("sibling", "suspendTask", "suspended"),
    ] {
        look_again(scene, task).await;
        let input = scene.work.input(mutation, task).0;
        done(scene, by, mutation, &input).await;
    }
    let input = scene.work.input("resolveBlocker", "blocker of settled").0;
    done(scene, "sibling", "resolveBlocker", &input).await;
    for (task, _) in TASKS {
        look_again(scene, task).await;
    }
}

async fn done(scene: &Scene<'_>, by: &str, mutation: &str, input: &Value) {
    let reply = scene.ask(by, mutation, input, "scene").await;
    assert_eq!(reply.body["data"][mutation]["errors"], json!([]), "{mutation} by {by} with {input}: {}", reply.text);
}

/// Reads the version of something, which may have changed.
pub async fn look_again(scene: &mut Scene<'_>, name: &str) {
    let Some((id, _)) = scene.work.known(name) else { return };
    let (kind, part) = match name {
        "notice" => ("notice", "... on Notice { setting { version } }"),
        _ if TASKS.iter().any(|(task, _)| *task == name) => ("task", "... on Task { standing { version } }"),
        _ if name.starts_with("blocker") => ("blocker", "... on Blocker { version }"),
        _ => ("report", "... on ProgressReport { version }"),
    };
    let reader = if name == "draft" || name == "blocker of draft" { "lead" } else { "sibling" };
    let query = format!("query($id: ID!) {{ node(id: $id) {{ {part} }} }}");
    let node = scene.bearing(reader).data(&query, json!({ "id": global(kind, id) })).await["node"].clone();
    let version = [&node["version"], &node["standing"]["version"], &node["setting"]["version"]].into_iter().find_map(Value::as_i64);
    let version = i32::try_from(version.expect("a version")).expect("small");
    scene.work.known.insert(name.to_owned(), (id, version));
}

impl Work {
    /// A post that is right: the task is behind, and it says why.
    pub fn post(&self, task: &str, period: &str, version: i32) -> Value {
        json!({
            "taskId": global("task", self.known[task].0),
            "period": period,
            "narrative": "已改造 5 户。",
            "achievements": [{ "targetId": global("target", self.targets[task]), "value": "5" }],
            "blockers": [{ "description": "施工队不足", "needs": "协调施工队" }],
            "expectedVersion": if version == 0 { Value::Null } else { version.into() },
        })
    }

    /// The id of a target of a task.
    pub fn target(&self, task: &str) -> String {
        global("target", self.targets[task])
    }

    /// What a mutation of the work is asked with to be done to `owner`; and what it is about.
    pub fn input(&self, mutation: &str, owner: &str) -> (Value, Option<(AuditSubject, Uuid)>) {
        if mutation == "adoptRuleSet" {
            return (json!({ "jurisdiction": owner, "builtIn": "relative-shortfall" }), None);
        }
        let (id, version) = self.known[owner];
        let task = json!({ "taskId": global("task", id), "expectedVersion": version });
        let with_reason = |reason: &str| super::scene::with(task.clone(), &json!({ "reason": reason }));
        let of_report = |decision: &str, reason: Option<&str>| json!({ "reportId": global("report", id), "decision": decision, "reason": reason, "expectedVersion": version });
        let about_task = Some((AuditSubject::Task, id));
        let about_notice = Some((AuditSubject::Notice, id));
        match mutation {
            "submitProgress" if self.periods.contains_key(owner) => {
                let about = Some((AuditSubject::Task, self.known["running"].0));
                (self.post("running", self.periods[owner], version), about)
            }
            "submitProgress" => (self.post(owner, "2024-W20", 0), about_task),
            "submitProgressBatch" => (json!([self.post(owner, "2024-W21", 0), self.post(owner, "2024-W22", 0)]), None),
            "reviewProgress" if owner == "accepted" => (of_report("REOPEN", Some("数字有误")), Some((AuditSubject::ProgressReport, id))),
            "reviewProgress" => (of_report("ACCEPT", None), Some((AuditSubject::ProgressReport, id))),
            "reviewProgressBatch" => (json!([of_report("RETURN", Some("数字有误"))]), None),
            "savePlan" => {
                let plan =
                    json!({ "dueOn": "2024-11-30", "milestones": [{ "title": "开工", "dueOn": "2024-05-31", "plannedShare": "0.3" }] });
                (super::scene::with(task, &plan), about_task)
            }
            "allocateTarget" => {
                let share = json!([{ "unitId": global("unit", self.lead), "value": "30" }]);
                let input = json!({ "targetId": self.target(owner), "expectedVersion": version, "allocations": share });
                (input, about_task)
            }
            "claimCompletion" | "acceptCompletion" => (super::scene::with(task, &json!({ "note": "全部完成" })), about_task),
            "returnCompletion" => (with_reason("尚缺验收材料"), about_task),
            "suspendTask" => (with_reason("汛期停工"), about_task),
            "resumeTask" => (task, about_task),
            "extendTask" => (super::scene::with(with_reason("招标推迟"), &json!({ "to": "2025-03-31" })), about_task),
            "changeReporting" => {
                (json!({ "noticeId": global("notice", id), "expectedVersion": version, "acceptsWeekly": true }), about_notice)
            }
            "recordMeeting" => {
                let input = json!({ "noticeId": global("notice", id), "kind": "MEETING", "heldOn": "2024-05-10", "summary": "协调用地" });
                (input, about_notice)
            }
            "resolveBlocker" => {
                let input = json!({ "id": global("blocker", id), "expectedVersion": version, "resolution": "已协调" });
                (input, Some((AuditSubject::Blocker, id)))
            }
            unknown => panic!("say here what {unknown} is asked with"),
        }
    }
}
