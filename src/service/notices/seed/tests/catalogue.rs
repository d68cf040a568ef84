//! The rules of jurisdictions, topics, indicators and units, each by a folder that breaks it.

use super::{Folder, assert_each};

const JURISDICTIONS: &str = "jurisdictions.yaml";
const TOPICS: &str = "topics.yaml";
const INDICATORS: &str = "indicators.yaml";
const UNITS: &str = "units/east.yaml";
const CITY_UNITS: &str = "units/city.yaml";

#[test]
fn jurisdictions() {
    let file = JURISDICTIONS;
    assert_each(&[
        (
            file,
            "parent: city",
            "parent: city\n- {code: city, name: 另市, nameEnglish: Other, kind: CITY}",
            12,
            "辖区“city” › code",
            "“city” stands in jurisdictions.yaml:1 already",
        ),
        (file, "name: 东区", "name: 市", 7, "辖区“east” › name", "“市” stands in jurisdictions.yaml:2 already"),
        (file, "370811", "370800", 10, "辖区“east” › divisionCode", "“370800” stands in jurisdictions.yaml:5 already"),
        (file, "370811", "37081", 10, "辖区“east” › divisionCode", "“37081” is not a division code; write the six digits"),
        (file, "370811", "37081x", 10, "辖区“east” › divisionCode", "“37081x” is not a division code"),
        (file, "nameEnglish: City", "nameEnglish: ' '", 3, "辖区“city” › nameEnglish", "this is blank"),
        (file, "  nameEnglish: City\n", "", 1, "辖区“city” › nameEnglish", "nameEnglish is missing; add it"),
        (file, "kind: DISTRICT", "kind: ZONE", 9, "辖区“east” › kind", "“ZONE” is not a word for this place; use one of CITY, DISTRICT,"),
        (file, "parent: city", "parent: cty", 11, "辖区“east” › parent", "there is no jurisdiction above “cty” (similar: city)"),
        (file, "parent: city", "parent: east", 11, "辖区“east” › parent", "under “east” this would be above itself"),
        (file, "\"370800\"", "\"370800\"\n  parent: east", 6, "辖区“city” › parent", "under “east” this would be above itself"),
    ]);
    let moved = Folder::new().changed(file, "parent: city", "parent: west").changed(
        file,
        "- code: east",
        "- {code: far, name: 远区, nameEnglish: Far, kind: DISTRICT, parent: west}\n- {code: west, name: 西区, nameEnglish: West, kind: DISTRICT}\n- code: east",
    );
    let faults = moved.faults();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert_eq!(faults[0].reason, "“west”, the level above, comes further down; move it up, before this one");
}

#[test]
fn a_code_is_a_slug() {
    let code = "East";
    let faults = Folder::new().changed(TOPICS, "code: housing", &format!("code: {code}")).faults();
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert!(faults[0].reason.starts_with("there is no topic “housing”"));
    assert!(faults[1].reason.starts_with("“East” cannot be a code"));
}

#[test]
fn topics_and_indicators() {
    let rate = "指标“public-share” › unit";
    assert_each(&[
        (
            TOPICS,
            "nameEnglish: Housing",
            "nameEnglish: Housing\n- {code: housing, name: 房, nameEnglish: H}",
            7,
            "领域“housing” › code",
            "“housing” stands in topics.yaml:4 already",
        ),
        (TOPICS, "name: 住房", "name: 托育", 5, "领域“housing” › name", "“托育” stands in topics.yaml:2 already"),
        (
            INDICATORS,
            "code: public-share",
            "code: childcare-places-added",
            11,
            "指标“childcare-places-added” › code",
            "“childcare-places-added” stands in indicators.yaml:1 already",
        ),
        (INDICATORS, "name: 公办率", "name: 新增托位", 12, "指标“public-share” › name", "“新增托位” stands in indicators.yaml:2 already"),
        (
            INDICATORS,
            "childcare\n  unit: \"%\"",
            "child-care\n  unit: \"%\"",
            14,
            "指标“public-share” › topic",
            "there is no topic “child-care” (similar: childcare)",
        ),
        (INDICATORS, "\"%\"", "个", 15, rate, "a RATE cannot be counted in “个”; use % or 个百分点"),
        (INDICATORS, "kind: RATE", "kind: SHARE", 16, "指标“public-share” › kind", "“SHARE” is not a word for this place"),
        (
            INDICATORS,
            "higherIsBetter: false",
            "higherIsBetter: no",
            18,
            "指标“public-share” › higherIsBetter",
            "“no” is not a word for this place; use one of true, false",
        ),
        (
            INDICATORS,
            "LATEST",
            "MEAN",
            17,
            "指标“public-share” › aggregation",
            "“MEAN” is not a word for this place; use one of SUM, LATEST",
        ),
        (INDICATORS, "  description: 公办托位占比。\n", "", 11, "指标“public-share” › description", "description is missing"),
    ]);
}

#[test]
fn units() {
    assert_each(&[
        (UNITS, "jurisdiction: east", "jurisdiction: west", 1, "jurisdiction", "this says “west”, the name of the file says “east”"),
        (UNITS, "jurisdiction: east\n", "", 1, "jurisdiction", "jurisdiction is missing"),
        (
            UNITS,
            "name: 大安镇",
            "name: 大安镇\n    kind: TOWN\n  - name: 大安镇",
            11,
            "单位“大安镇” › name",
            "“大安镇” stands in units/east.yaml:9 already",
        ),
        (
            UNITS,
            "aliases: [区卫健局]",
            "aliases: [区卫健局, 大安镇]",
            9,
            "单位“大安镇” › name",
            "“大安镇” stands in units/east.yaml:8 already",
        ),
        (
            UNITS,
            "aliases: [区卫健局]",
            "aliases: [区卫健局, 东区政府]",
            8,
            "单位“区卫生健康局” › aliases",
            "“东区政府” stands in units/east.yaml:5 already",
        ),
        (UNITS, "aliases: [区卫健局]", "aliases: [区卫健局, '']", 8, "单位“区卫生健康局” › aliases", "this is blank"),
        (UNITS, "kind: TOWN", "kind: CITY", 10, "单位“大安镇” › kind", "“CITY” is not a word for this place"),
        (UNITS, "kind: TOWN", "kind: TOWN\n    members: [区卫健局]", 11, "单位“大安镇” › members", "only a COLLECTIVE unit has members"),
        (
            UNITS,
            "members: [大安镇]",
            "members: [太安镇]",
            13,
            "单位“各镇街” › members",
            "there is no unit “太安镇”; correct it, or add it to units/east.yaml first",
        ),
        (
            UNITS,
            "members: [大安镇]",
            "members: [大安镇, 区卫生局]",
            13,
            "单位“各镇街” › members",
            "there is no unit “区卫生局” (similar: 区卫生健康局, 区卫健局)",
        ),
        (UNITS, "members: [大安镇]", "members: [各镇街]", 13, "单位“各镇街” › members", "“各镇街” is a collective unit itself"),
        (UNITS, "members: [大安镇]", "members: [city/各区]", 13, "单位“各镇街” › members", "“city/各区” is a collective unit itself"),
        (
            UNITS,
            "members: [大安镇]",
            "members: [区卫健局, 区卫生健康局]",
            13,
            "单位“各镇街” › members",
            "“区卫生健康局” stands in units/east.yaml:13 already",
        ),
        (
            CITY_UNITS,
            "east/东区政府",
            "west/西区政府",
            7,
            "单位“各区” › members",
            "there is no unit “west/西区政府”; correct it, or add it to units/west.yaml first",
        ),
        (
            CITY_UNITS,
            "east/东区政府",
            "无/东区政府",
            7,
            "单位“各区” › members",
            "there is no unit “无/东区政府”; correct it, or add it to units/city.yaml first",
        ),
    ]);
}
