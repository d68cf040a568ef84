//! Lists of accounts: filters, pages, and who is on them for whom.

use entity::Role;
use serde_json::{Value, json};

use crate::support::{actor::Actor, app::App, global};

const LIST: &str = "query($filter: AccountFilter, $first: Int, $after: String, $last: Int, $before: String) {
    accounts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }";

fn names(page: &Value) -> Vec<&str> {
    page["nodes"].as_array().expect("nodes").iter().map(|node| node["username"].as_str().expect("a name")).collect()
}

async fn list(actor: &Actor<'_>, variables: Value) -> Value {
    actor.data(LIST, variables).await["accounts"].clone()
}

/// Somebody in each place, in the order of the lists: by jurisdiction, as jurisdictions are ordered, then by age.
const PEOPLE: [(&str, Role, &str); 11] = [
    ("root", Role::Admin, "jining"),
    ("city-office", Role::Office, "jining"),
    ("City_Leader", Role::Leader, "jining"),
    ("city.unit", Role::Unit, "jining"),
    ("办公室甲", Role::Deputy, "jining"),
    ("office", Role::Office, "yanzhou"),
    ("yz_unit", Role::Unit, "yanzhou"),
    ("yzXunit", Role::Unit, "yanzhou"),
    ("yz-admin", Role::Admin, "yanzhou"),
    ("lake-office", Role::Office, "taibai-lake"),
    ("lake_Straße", Role::Leader, "taibai-lake"),
];

async fn people(app: &App) -> Vec<&'static str> {
    // Made in another order than they are listed in: the place comes before the age.
    for part in [&PEOPLE[5..], &PEOPLE[..5]] {
        for (name, role, jurisdiction) in part {
            app.create(name, *role, jurisdiction).await;
        }
    }
    let codes = app.data("{ jurisdictions(filter: {}) { code } }", json!({})).await;
    let codes = codes["jurisdictions"].as_array().expect("jurisdictions");
    let place = |code: &str| codes.iter().position(|known| known["code"] == code).expect("a jurisdiction");
    let mut people = PEOPLE.to_vec();
    people.sort_by_key(|(_, _, code)| place(code));
    people.into_iter().map(|(name, ..)| name).collect()
}

pub async fn filters_choose_and_pages_cover(app: App) {
    let all = people(&app).await;
    let admin = app.sign_in("root").await;
    let unit = global("unit", app.a_unit("yanzhou").await.0);
    let locked = app.database.behind_username("yz-admin").await.expect("a row").expect("an account").0;
    app.service.lock_account(&app.operator(), locked.id, 1, "left").await.expect("locked");
    for (filter, expected) in [
        (json!({}), all.clone()),
        (json!({ "text": "" }), all.clone()),
        (json!({ "text": "OFFICE" }), vec!["city-office", "office", "lake-office"]),
        (json!({ "text": "city" }), vec!["city-office", "City_Leader", "city.unit"]),
        // What LIKE gives a meaning to has none here.
        (json!({ "text": "_" }), vec!["City_Leader", "yz_unit", "lake_Straße"]),
        (json!({ "text": "z_u" }), vec!["yz_unit"]),
        (json!({ "text": "%" }), vec![]),
        (json!({ "text": "yz%unit" }), vec![]),
        (json!({ "text": "\\" }), vec![]),
        (json!({ "text": "\\_" }), vec![]),
        (json!({ "text": "nul\0" }), vec![]),
        (json!({ "text": "' OR 1=1" }), vec![]),
        (json!({ "text": "公室" }), vec!["办公室甲"]),
        (json!({ "text": "STRASSE" }), vec!["lake_Straße"]),
        (json!({ "text": "straße" }), vec!["lake_Straße"]),
        (json!({ "role": ["LEADER"] }), vec!["City_Leader", "lake_Straße"]),
        (json!({ "role": ["ADMIN", "DEPUTY"] }), vec!["root", "办公室甲", "yz-admin"]),
        (json!({ "role": [] }), vec![]),
        (json!({ "unit": [unit] }), vec!["yz_unit", "yzXunit"]),
        (json!({ "unit": [global("unit", uuid::Uuid::max())] }), vec![]),
        (json!({ "unit": [] }), vec![]),
        (json!({ "locked": true }), vec!["yz-admin"]),
        (json!({ "locked": false }), all.iter().copied().filter(|name| *name != "yz-admin").collect()),
        (json!({ "jurisdiction": ["jining"] }), all.clone()),
        (
            json!({ "jurisdiction": ["jining"], "includeDescendants": false }),
            vec!["root", "city-office", "City_Leader", "city.unit", "办公室甲"],
        ),
        (json!({ "jurisdiction": ["taibai-lake"] }), vec!["lake-office", "lake_Straße"]),
        (json!({ "jurisdiction": ["nowhere"] }), vec![]),
        (json!({ "jurisdiction": [] }), vec![]),
        (json!({ "jurisdiction": ["yanzhou"], "role": ["UNIT"], "text": "x", "locked": false, "unit": [unit] }), vec!["yzXunit"]),
    ] {
        let page = list(&admin, json!({ "filter": filter, "first": 100 })).await;
        let expected: Vec<&str> = all.iter().copied().filter(|name| expected.contains(name)).collect();
        assert_eq!(names(&page), expected, "{filter}");
        assert_eq!(page["totalCount"], expected.len(), "{filter}");
    }
    for size in [1, 3, 4, 11, 100] {
        for backward in [false, true] {
            assert_eq!(walk(&admin, size, backward).await, all, "{size} at a time");
        }
    }
}

/// The whole list, page by page from either end.
async fn walk(admin: &Actor<'_>, size: usize, backward: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let variables = if backward { json!({ "last": size, "before": cursor }) } else { json!({ "first": size, "after": cursor }) };
        let page = list(admin, variables).await;
        assert_eq!(page["totalCount"], PEOPLE.len());
        let part: Vec<String> = names(&page).into_iter().map(str::to_owned).collect();
        assert!(!part.is_empty() && part.len() <= size);
        let (more, behind) = if backward { ("hasPreviousPage", "hasNextPage") } else { ("hasNextPage", "hasPreviousPage") };
        assert_eq!(page["pageInfo"][behind], !found.is_empty());
        if backward {
            found.splice(0..0, part);
        } else {
            found.extend(part);
        }
        if page["pageInfo"][more] == false {
            return found;
        }
        cursor = page["pageInfo"][if backward { "startCursor" } else { "endCursor" }].clone();
    }
}

pub async fn what_a_filter_may_not_be(app: App) {
    let admin = app.actor("root", Role::Admin, "jining").await;
    for (variables, argument) in [
        (json!({ "filter": { "unit": ["nonsense"] } }), "filter.unit.0"),
        (json!({ "filter": { "unit": [global("account", uuid::Uuid::max())] } }), "filter.unit.0"),
        (json!({ "filter": { "text": "x".repeat(101) } }), "filter.text"),
        (json!({ "filter": { "jurisdiction": vec!["jining"; 101] } }), "filter.jurisdiction"),
        (json!({ "filter": { "role": vec!["UNIT"; 101] } }), "filter.role"),
        (json!({ "first": 0 }), "first"),
        (json!({ "first": 101 }), "first"),
        (json!({ "after": "nonsense" }), "after"),
    ] {
        let error = admin.error(LIST, variables.clone()).await;
        assert_eq!([&error["extensions"]["code"], &error["extensions"]["argument"]], ["BAD_USER_INPUT", argument], "{variables}");
    }
    let public = app.error(LIST, json!({})).await;
    assert_eq!(public["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(app.data("{ account(username: \"root\") { id } }", json!({})).await["account"], Value::Null);
}

pub async fn an_office_sees_exactly_its_accounts(app: App) {
    let all = people(&app).await;
    let own = ["city-office", "City_Leader", "city.unit", "办公室甲", "yz_unit", "yzXunit", "lake_Straße"];
    for (viewer, expected) in [
        ("root", all.clone()),
        ("yz-admin", all.clone()),
        ("city-office", own.to_vec()),
        ("office", vec!["office", "yz_unit", "yzXunit"]),
        ("lake-office", vec!["lake-office", "lake_Straße"]),
        ("City_Leader", vec!["City_Leader"]),
        ("yz_unit", vec!["yz_unit"]),
        ("办公室甲", vec!["办公室甲"]),
    ] {
        let actor = app.sign_in(viewer).await;
        let page = list(&actor, json!({ "first": 100 })).await;
        let expected: Vec<&str> = all.iter().copied().filter(|name| expected.contains(name)).collect();
        assert_eq!(names(&page), expected, "{viewer}");
        assert_eq!(page["totalCount"], expected.len(), "{viewer}");
        // By name and by id it is the same.
        for name in &all {
            let id = app.database.behind_username(&name.to_uppercase().to_lowercase()).await.expect("a row").expect("an account").0.id;
            let query = "query($name: String!, $id: ID!) { account(username: $name) { username } node(id: $id) { id } }";
            let found = actor.data(query, json!({ "name": name, "id": global("account", id.0) })).await;
            assert_eq!(found["account"]["username"] == *name, expected.contains(name), "{viewer} looks for {name}");
            assert_eq!(found["node"].is_object(), expected.contains(name), "{viewer} looks for {name}");
        }
        // Nor does a filter find what is hidden, or count it.
        let hidden = list(&actor, json!({ "filter": { "role": ["ADMIN"] } })).await;
        let admins = expected.iter().filter(|name| ["root", "yz-admin"].contains(name)).count();
        assert_eq!((names(&hidden).len(), &hidden["totalCount"]), (admins, &json!(admins)), "{viewer}");
    }
}
