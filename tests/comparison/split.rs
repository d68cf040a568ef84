//! A city's target that is split over its districts: shares, figures, gaps, the sum, and what districts promise of the same.

use entity::Role;
use serde_json::{Value, json};

use crate::{
    cases,
    progress::scene::{REVIEW, SUBMIT, text},
    support::app::App,
};

cases![a_city_target_is_followed_into_its_districts];

const SPLIT: &str = "query { task(jurisdiction: \"jining\", year: 2022, number: 4) { id targets { id label value
    breakdown { ownPart allocated reported difference makesTheTarget
        parts { unit { id name } jurisdiction { code } allocated reported completion gap ownPromise { year target jurisdiction { code } } } } } } }";

async fn a_city_target_is_followed_into_its_districts(app: App) {
    app.travel_to("2022-06-10T02:00:00Z");
    // Yanzhou promised places of its own in the same year.
    app.execute("UPDATE notice SET year = 2022, issued_on = '2022-01-20' WHERE document_number = '济兖政发〔2023〕2号'")
        .await
        .expect("moved");
    let task = app.data(SPLIT, json!({})).await["task"].clone();
    let target = task["targets"].as_array().expect("targets").iter().find(|target| target["label"] == "新增托位").expect("places").clone();
    let nothing = json!({ "ownPart": null, "allocated": null, "reported": null, "difference": null, "makesTheTarget": null, "parts": [] });
    assert_eq!(target["breakdown"], nothing);

    let unit = |place: &str, name: &str| {
        let query = "query($place: [String!], $name: String) { units(filter: { jurisdiction: $place, text: $name, kind: [LOCALITY] }) { nodes { id } } }";
        let variables = json!({ "place": [place], "name": name });
        let app = &app;
        async move { app.data(query, variables).await["units"]["nodes"][0]["id"].clone() }
    };
    let (yanzhou, qufu) = (unit("yanzhou", "兖州区").await, unit("qufu", "曲阜市").await);
    let office = app.actor("city", Role::Office, "jining").await;
    let allocate = "mutation($input: AllocateTargetInput!) { allocateTarget(input: $input) { errors { code message } } }";
    let input = json!({ "targetId": target["id"], "expectedVersion": 0,
        "allocations": [{ "unitId": yanzhou, "value": "6000" }, { "unitId": qufu, "value": "4500" }] });
    let done = office.data(allocate, json!({ "input": input })).await;
    assert_eq!(done["allocateTarget"]["errors"], json!([]));

    let unit_account = app.of_unit("yanzhou-unit", "yanzhou", "兖州区").await;
    let post = json!({ "taskId": task["id"], "period": "2022-05", "narrative": "进展顺利",
        "achievements": [{ "targetId": target["id"], "value": "6300" }] });
    let posted = unit_account.data(SUBMIT, json!({ "input": post })).await["submitProgress"].clone();
    assert_eq!(posted["errors"], json!([]), "{posted:#}");
    let review = json!({ "report": posted["report"]["id"], "decision": "ACCEPT", "version": posted["report"]["version"] });
    let reviewed = office.data(REVIEW, review).await;
    assert_eq!(reviewed["reviewProgress"]["errors"], json!([]));

    let task = app.data(SPLIT, json!({})).await["task"].clone();
    let places = task["targets"].as_array().expect("targets").iter().find(|target| target["label"] == "新增托位").expect("places").clone();
    let breakdown = &places["breakdown"];
    assert_eq!(
        [&breakdown["allocated"], &breakdown["reported"], &breakdown["difference"], &breakdown["makesTheTarget"]],
        [&json!("10500"), &json!("6300"), &json!("500"), &json!(true)]
    );
    let part = |name: &str| {
        let parts: Vec<&Value> =
            breakdown["parts"].as_array().expect("parts").iter().filter(|part| text(&part["unit"]["name"]) == name).collect();
        let [part] = parts.as_slice() else { panic!("one part of {name}: {breakdown:#}") };
        (*part).clone()
    };
    let of_yanzhou = part("兖州区");
    assert_eq!(of_yanzhou["jurisdiction"]["code"], "yanzhou");
    assert_eq!(
        [&of_yanzhou["allocated"], &of_yanzhou["reported"], &of_yanzhou["completion"], &of_yanzhou["gap"]],
        ["6000", "6300", "1.05", "-300"]
    );
    // The same places may be in both: they are shown beside each other and never added.
    assert_eq!(of_yanzhou["ownPromise"], json!({ "year": 2022, "target": "581", "jurisdiction": { "code": "yanzhou" } }));
    let of_qufu = part("曲阜市");
    assert_eq!(
        [&of_qufu["allocated"], &of_qufu["gap"], &of_qufu["completion"]],
        ["4500", "", ""].map(|text| if text.is_empty() { Value::Null } else { json!(text) }).each_ref()
    );
    assert_eq!((&of_qufu["reported"], &of_qufu["ownPromise"]), (&Value::Null, &Value::Null));
}
