//! The ledger and the annex of a notice, as people click for them.

use calamine::Data;
use entity::Role;
use serde_json::json;

use super::file::{Opened, records};
use crate::{
    cases,
    progress::scene::{SUBMIT, Scene},
    support::{app::App, sample},
};

cases![
    a_ledger_is_a_workbook_that_others_open,
    a_ledger_is_text_that_excel_opens,
    a_text_is_never_a_formula,
    only_those_who_may_see_internals_get_them,
    what_is_not_public_is_no_file,
    an_annex_has_the_columns_of_its_notice,
    a_file_costs_the_same_statements_a_page_however_long,
];

const LEDGER: &str = "/export/ledger.xlsx?jurisdiction=taibai-lake&year=2024";

const HEADINGS: [&str; 20] = [
    "序号",
    "项目",
    "任务",
    "内容",
    "牵头单位",
    "协办单位",
    "目标任务",
    "完成情况",
    "完成率",
    "应完成比例",
    "差距（百分点）",
    "灯",
    "陈旧",
    "下一时间节点",
    "节点期限",
    "最近填报期",
    "填报单位",
    "报送时间",
    "进展情况",
    "含演示数据",
];

const CANTEENS: &str = "建设老年人食堂";

/// Taibai Lake with one canteen of three, accepted, and something written about it.
async fn with_progress<'a>(app: &'a App, narrative: &str) -> Scene<'a> {
    let scene = Scene::of(app).await;
    let mut post = scene.post("2024-W15", "1").await;
    post["narrative"] = json!(narrative);
    let report = scene.posted(&post).await["report"].clone();
    scene.reviewed(&report, "ACCEPT", None).await;
    scene
}

async fn a_ledger_is_a_workbook_that_others_open(app: App) {
    let scene = with_progress(&app, "已开一处").await;
    let reply = app.follow_link(LEDGER, &[]).await;
    for (header, value) in [
        (
            "content-disposition",
            "attachment; filename=\"minsheng.xlsx\"; filename*=UTF-8''%E5%A4%AA%E7%99%BD%E6%B9%96%E6%96%B0%E5%8C%BA2024%E5%B9%B4%E5%8F%B0%E8%B4%A6.xlsx",
        ),
        ("cache-control", "no-store"),
        ("vary", "Accept, Accept-Language, Authorization"),
        ("content-language", "zh-CN"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(reply.headers[header], value, "{header}");
    }
    let opened = Opened::of(&reply);
    assert_eq!((opened.name.as_str(), opened.headings()), ("太白湖新区2024年台账", HEADINGS.map(str::to_owned).to_vec()));
    assert_eq!(opened.rows.len(), 21, "the headings and all tasks");
    let numbers: Vec<String> = opened.rows[1..].iter().map(|row| row[0].to_string()).collect();
    assert_eq!(numbers, (1..=20).map(|number| number.to_string()).collect::<Vec<_>>());
    let cell = |heading: &str| opened.cell(CANTEENS, heading).clone();
    assert_eq!(cell("序号"), Data::Float(2.0));
    assert_eq!(cell("项目"), Data::String("老年人服务".into()));
    assert_eq!(cell("牵头单位"), Data::String("区社会事业发展局".into()));
    assert_eq!(cell("协办单位"), Data::String("区财政金融局；区市场监督管理局；石桥镇政府；许庄街道办事处".into()));
    assert_eq!(cell("目标任务"), Data::String("老年人食堂 恰为 3 处".into()));
    assert_eq!(cell("完成情况"), Data::String("老年人食堂 1 33.33%".into()));
    assert_eq!(cell("完成率"), Data::Float(0.3333));
    assert_eq!(cell("灯"), Data::String("绿灯".into()));
    assert_eq!((cell("陈旧"), cell("含演示数据")), (Data::Empty, Data::String("否".into())));
    assert_eq!(cell("报送时间"), Data::Empty);
    assert_eq!((cell("最近填报期"), cell("填报单位")), (Data::String("2024-W15".into()), Data::String("区社会事业发展局".into())));
    // Whether it is stale and when it was reported is for those inside: in Jining's time, which the reader shows without a zone.
    let inside = Opened::of(&app.follow_link(LEDGER, &[("authorization", &format!("Bearer {}", scene.office.bearer()))]).await);
    assert_eq!(inside.cell(CANTEENS, "陈旧"), &Data::String("否".into()));
    let Data::DateTime(submitted) = inside.cell(CANTEENS, "报送时间") else { panic!("no time") };
    assert_eq!(submitted.to_ymd_hms_milli(), (2024, 4, 12, 10, 0, 0, 0));
    // The headings stay in view, columns are as wide as what they hold, and rows can be filtered.
    for part in [
        "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>",
        "<col min=\"1\" max=\"1\" width=",
        "<autoFilter ref=\"A1:T21\"/>",
    ] {
        assert!(opened.xml.contains(part), "{part}\n{}", opened.xml);
    }
    let english = app.follow_link(LEDGER, &[("accept-language", "en")]).await;
    assert!(
        english.headers["content-disposition"].to_str().expect("ASCII").contains("filename=\"Taibai Lake New Area 2024 ledger.xlsx\""),
        "{:?}",
        english.headers
    );
    let english = Opened::of(&english);
    assert_eq!(english.headings()[..4], ["No.", "Project", "Task", "Content"]);
    assert_eq!(english.cell(CANTEENS, "Light"), &Data::String("Green".into()));
}

async fn a_ledger_is_text_that_excel_opens(app: App) {
    with_progress(&app, "已开一处").await;
    let reply = app.follow_link("/export/ledger.csv?jurisdiction=taibai-lake&year=2024", &[]).await;
    let records = records(&reply);
    assert_eq!((records[0].as_slice(), records.len()), (HEADINGS.map(str::to_owned).as_slice(), 21));
    let canteens = &records[2];
    assert_eq!([&canteens[0], &canteens[2], &canteens[8], &canteens[17]], ["2", CANTEENS, "33.33%", ""]);
    // A filter chooses, as in the query; what is ahead of its plan has a number below zero.
    let filtered = async |filter: &str| {
        let address = format!("/export/ledger.csv?jurisdiction=taibai-lake&year=2024&{filter}");
        super::file::records(&app.follow_link(&address, &[]).await)
    };
    assert_eq!(filtered("light=GREEN,BLUE&light=GREY&on=2024-04-12").await, records);
    // Which rows are stale is not for the public, so that none is chosen by it.
    for stale in ["stale=true", "stale=false"] {
        assert_eq!(filtered(stale).await, records[..1], "{stale}");
    }
    assert_eq!(filtered("light=RED").await, records[..1], "the headings alone");
    assert_eq!(canteens[10], "-29.68");
}

async fn a_text_is_never_a_formula(app: App) {
    let formula = "=HYPERLINK(\"http://elsewhere\",\"点我\")";
    with_progress(&app, formula).await;
    let reply = app.follow_link("/export/ledger.csv?jurisdiction=taibai-lake&year=2024", &[]).await;
    assert_eq!(records(&reply)[2][18], format!("'{formula}"));
    let opened = Opened::of(&app.follow_link(LEDGER, &[]).await);
    assert_eq!(opened.cell(CANTEENS, "进展情况"), &Data::String(formula.into()));
    assert!(!opened.xml.contains("<f>") && !opened.xml.contains("<hyperlink"), "{}", opened.xml);
}

async fn only_those_who_may_see_internals_get_them(app: App) {
    let scene = with_progress(&app, "已开一处").await;
    let city = app.actor("city-office", Role::Office, "jining").await;
    let neighbour = app.actor("yanzhou-office", Role::Office, "yanzhou").await;
    let deputy = app.actor("deputy", Role::Deputy, "taibai-lake").await;
    for inside in [&scene.office, &scene.lead, &city] {
        let opened = Opened::of(&inside.download(&app, LEDGER).await);
        assert_eq!(opened.cell(CANTEENS, "堵点"), &Data::String("场地未定".into()), "{}", inside.username);
    }
    for outside in [&neighbour, &deputy] {
        let opened = Opened::of(&outside.download(&app, LEDGER).await);
        assert_eq!(opened.headings(), HEADINGS, "{}", outside.username);
        assert!(!opened.xml.contains("场地未定"), "{}", outside.username);
    }
    // What is submitted and not accepted is told to those alone, too.
    let later = scene.post("2024-04", "2").await;
    scene.lead.data(SUBMIT, json!({ "input": later })).await;
    let latest = async |reply| Opened::of(&reply).cell(CANTEENS, "最近填报期").to_string();
    assert_eq!(latest(scene.office.download(&app, LEDGER).await).await, "2024-04");
    assert_eq!(latest(app.follow_link(LEDGER, &[]).await).await, "2024-W15");
}

async fn what_is_not_public_is_no_file(app: App) {
    let unreadable = app.follow_link("/export/%ff.csv", &[]).await;
    assert_eq!((unreadable.status.as_u16(), &unreadable.body["errors"][0]["extensions"]["code"]), (404, &json!("NOT_FOUND")));
    let scene = Scene::of(&app).await;
    let addresses = [LEDGER, "/export/notice.csv?jurisdiction=taibai-lake&year=2024"];
    for hidden in ["state = 'DRAFT', issued_on = NULL", "disclosure = 'WITHHELD'", "state = 'WITHDRAWN'"] {
        app.execute(&format!("UPDATE notice SET {hidden} WHERE document_number = '济太管发〔2024〕1号'")).await.expect("hidden");
        for address in addresses {
            let reply = app.follow_link(address, &[]).await;
            let absent = app.follow_link(&address.replace("2024", "1999"), &[]).await;
            assert_eq!(
                (reply.status.as_u16(), &reply.body["errors"][0]["extensions"]["code"]),
                (404, &json!("NOT_FOUND")),
                "{hidden}: {address}"
            );
            assert_eq!(reply.text, absent.text, "{hidden}: what is hidden looks like what is not there");
            assert_eq!(scene.office.download(&app, address).await.status.as_u16(), 200, "{hidden}: {address}");
        }
    }
}

async fn an_annex_has_the_columns_of_its_notice(app: App) {
    let opened = Opened::of(&app.follow_link("/export/notice.xlsx?jurisdiction=taibai-lake&year=2024", &[]).await);
    assert_eq!(opened.headings(), ["项目序号", "项目", "序号", "小序号", "任务", "内容", "牵头单位", "协办单位", "目标任务", "领域"]);
    assert_eq!(opened.rows.len(), 21);
    assert_eq!(
        opened.rows[2].iter().map(ToString::to_string).collect::<Vec<_>>()[..5],
        ["1", "老年人服务", "2", "(2)", CANTEENS],
        "each task beside its project"
    );
}

async fn a_file_costs_the_same_statements_a_page_however_long(app: App) {
    let mut counts = Vec::new();
    // 3 tasks, 99 tasks, and 101 tasks, which are two pages.
    for width in [2, 50, 51] {
        app.database.load_seed(&sample::wide(width)).await.expect("a wide city");
        let mut of_width = Vec::new();
        for address in ["/export/ledger.csv?jurisdiction=wide&year=2020", "/export/notice.csv?jurisdiction=wide&year=2020"] {
            let (statements, reply) = app.statements_while(app.follow_link(address, &[])).await;
            assert_eq!(records(&reply).len(), usize::try_from(2 * width).expect("a number"), "{address}");
            of_width.push(statements.len());
        }
        counts.push(of_width);
    }
    println!("statements of a ledger and an annex of 3, 99 and 101 tasks: {counts:?}");
    assert_eq!(counts[0], counts[1]);
    // A second page asks, besides, whether there is one before it.
    assert_eq!(counts[2], [2 * counts[0][0] + 1, counts[0][1]]);
}
