//! x
use super::*;
#[test]
fn t() {
    let n = "notices/2024-east.yaml";
    for (from, to) in [
        ("lead: [区卫健局]", "lead: 区卫健局"),
        ("title: 新增托位", "title: [新增托位]"),
        ("title: 新增托位", "title: 新增: 托位"),
        ("title: 新增托位", "title: {a: 托位}"),
        ("title: 新增托位", "title：新增托位"),
        ("title: 新增托位", "title:新增托位"),
        ("title: 新增托位", "title: %新增托位"),
        ("title: 新增托位", "title: \"新增托位"),
        ("title: 新增托位", "title: [新增托位"),
        ("title: 新增托位", "\ttitle: 新增托位"),
        ("title: 新增托位", " title: 新增托位"),
        ("        title: 新增托位", "       title: 新增托位"),
        ("title: 新增托位", "title: *x"),
        ("title: 新增托位", "title: \"a\\0b\""),
        ("title: 新增托位", "title: @新增托位"),
        ("  method: DEPUTY_VOTE\n  meeting: 区人大三次会议\n", ""),
        ("adoption:\n  method: DEPUTY_VOTE\n  meeting: 区人大三次会议\n", "adoption: x\n"),
        ("  - kind: PROGRESS_REPORT", "  - x\n  - kind: PROGRESS_REPORT"),
        ("  - kind: PROGRESS_REPORT", "  -\n  - kind: PROGRESS_REPORT"),
        ("[各镇人民政府]", "[各镇人民政府, , a]"),
        ("[各镇人民政府]", "[各镇人民政府,, [a]]"),
        ("[各镇人民政府]", "[各镇人民政府，a]"),
        ("[各镇人民政府]", ""),
        ("[各镇人民政府]", "\n- a\n-\n- b"),
        ("2024-01-12", "2024年1月12日"),
        ("17.58万", "17.58E4"),
        ("17.58万", "１７"),
        ("17.58万", "1,000"),
        ("17.58万", "0x10"),
        ("17.58万", "1_000"),
        ("17.58万", ".5"),
        ("17.58万", "5."),
        ("17.58万", "5e3"),
        ("17.58万", "约5"),
        ("17.58万", "-0"),
        ("17.58万", "+5"),
        ("graceDays: 3", "graceDays: 3.0"),
        ("graceDays: 3", "graceDays: +3"),
        ("graceDays: 3", "graceDays: 03"),
        ("graceDays: 3", "graceDays: !!str 3"),
    ] {
        println!("{to:?}: {:#?}", Folder::new().changed(n, from, to).faults());
    }
}
