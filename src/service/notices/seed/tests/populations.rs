//! The rules of residents, each by a file that breaks it.

use super::Folder;
use crate::domain::notices::seed::SeedPopulation;

const FILE: &str = "population/2023.yaml";
const POPULATION: &str = "\
year: 2023
source: 普查
sourceEnglish: Census
jurisdictions:
  - {code: city, residents: 824.05万}
  - {code: east, residents: 630000}
";

#[test]
fn a_year_is_read_as_it_is_written() {
    let count = |jurisdiction: &str, residents| SeedPopulation {
        jurisdiction: jurisdiction.into(),
        year: 2023,
        residents,
        source: "普查".into(),
        source_english: "Census".into(),
    };
    let counts = Folder::new().with(FILE, POPULATION).check().expect("no fault").populations;
    assert_eq!(counts, [count("city", 8_240_500), count("east", 630_000)]);
    assert_eq!(Folder::new().check().expect("no fault").populations, []);
}

#[test]
fn fields() {
    let cases = [
        ("year: 2023", "year: 2022", "year", "this says “2022”, the name of the file says “2023”"),
        ("source: 普查\n", "", "source", "source is missing"),
        ("sourceEnglish: Census", "sourceEnglish: ''", "sourceEnglish", "this is blank"),
        ("code: east", "code: west", "辖区“west” › code", "there is no jurisdiction “west”"),
        ("code: east", "code: city", "辖区“city” › code", "city"),
        ("630000", "many", "辖区“east” › residents", "“many” is not a figure"),
        ("630000", "0", "辖区“east” › residents", "“0” is no whole number of persons above zero"),
        ("630000", "63000.5", "辖区“east” › residents", "“63000.5” is no whole number of persons above zero"),
        ("630000", "-5", "辖区“east” › residents", "no whole number of persons"),
        ("residents: 630000", "people: 630000", "", "there is no field “people”; use one of code, residents"),
    ];
    for (from, to, place, reason) in cases {
        let faults = Folder::new().with(FILE, POPULATION.replace(from, to)).faults();
        let alike = faults.len() == 1 && faults[0].place == place && faults[0].reason.contains(reason);
        assert!(alike, "{from} → {to}: {faults:#?}");
    }
    let nothing = Folder::new().with(FILE, "year: 2023\n").faults();
    assert!(nothing.len() == 1 && nothing[0].reason.contains("the file lists nothing"), "{nothing:#?}");
}
