//! Comparison, coverage, trend and shares as files: the same answers, by the same means.

use calamine::Data;
use serde_json::json;

use super::file::{Opened, XLSX, records};
use crate::{cases, support::app::App};

const COMPARE: &str = include_str!("../contract/03-compare.graphql");
const COVERAGE: &str = include_str!("../contract/04-coverage.graphql");

cases![a_comparison_is_a_file, every_named_file_opens];

async fn a_comparison_is_a_file(app: App) {
    let variables = json!({ "indicator": "childcare-places-added" });
    let opened = Opened::of(&app.post_with(COMPARE, variables.clone(), &[("accept", XLSX)]).await);
    let answer = app.data(COMPARE, variables).await["comparison"]["rows"].clone();
    let answer = answer.as_array().expect("rows");
    assert_eq!(opened.rows.len(), answer.len() + 1, "those that have it, and not those that have none");
    assert_eq!(opened.cell("yanzhou", "年份"), &Data::Float(2023.0));
    assert_eq!(opened.rows[3][opened.headings().iter().position(|heading| heading == "目标值").expect("targets")], Data::Float(576.0));
    // A row a jurisdiction, year and topic.
    let map = records(&app.post_with(COVERAGE, json!({ "years": [2023, 2024] }), &[("accept", "text/csv")]).await);
    let data = app.data(COVERAGE, json!({ "years": [2023, 2024] })).await["coverage"].clone();
    let cells = data["rows"].as_array().expect("rows").len() * data["topics"].as_array().expect("topics").len();
    assert_eq!((map.len() - 1, map[0].len()), (cells, 7));
}

async fn every_named_file_opens(app: App) {
    for (address, name, rows) in [
        ("comparison.xlsx?indicator=childcare-places-added&years=2023,2024", "新增托位横向比较", 3),
        ("absent.xlsx?indicator=childcare-places-added&years=2024&jurisdictions=yanzhou,taibai-lake,qufu", "新增托位没有这一项的辖区", 2),
        ("trend.xlsx?indicator=childcare-places-added&jurisdiction=yanzhou", "兖州区新增托位走势", 24),
        ("allocations.xlsx?jurisdiction=yanzhou&year=2024", "兖州区2024年目标分解", 0),
        ("coverage.xlsx?root=yanzhou&years=2024", "领域覆盖", 0),
    ] {
        let opened = Opened::of(&app.follow_link(&format!("/export/{address}"), &[]).await);
        let expected: String = name.chars().take(31).collect();
        assert_eq!(opened.name, expected, "{address}");
        assert!(opened.rows.len() > 1, "{address}");
        if rows > 0 {
            assert_eq!(opened.rows.len() - 1, rows, "{address}: {:?}", opened.rows);
        }
    }
    let english = app.follow_link("/export/coverage.csv?root=jining&years=2024", &[("accept-language", "en")]).await;
    assert!(english.text.contains("Jining City") && !english.text.contains("济宁"), "{}", english.text);
    let reply = app.follow_link("/export/coverage.csv?root=jining", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.text.contains("years")), (400, true), "{}", reply.text);
    let reply = app.follow_link("/export/comparison.csv?indicator=nothing", &[]).await;
    assert_eq!(reply.status.as_u16(), 404);
}
