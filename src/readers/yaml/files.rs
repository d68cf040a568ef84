//! The files of a source by their kind, which follows from their path, each parsed as a document.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_saphyr::DuplicateKeyPolicy;

use super::{
    document::{HolidayYearDocument, IndicatorDocument, JurisdictionDocument, PopulationDocument, TopicDocument, UnitsDocument},
    listing::{Listing, SourceFile},
    reason,
};
use crate::domain::{
    fault::{Faults, Spot},
    notices::{check::FileName, draft::NoticeDraft},
    written::{Entry, Position, is_code},
};

/// A file and its content; `None` if the file is missing or unreadable. That is a fault already reported, so no further fault is reported
/// about it or its expected content.
#[derive(Debug)]
pub(super) struct File<T> {
    /// The file as a whole.
    pub spot: Spot,
    pub content: Option<T>,
}

impl<T> File<T> {
    /// Reports a file that lists nothing: otherwise everything that refers to it would be at fault.
    fn unless(mut self, lists_nothing: impl Fn(&T) -> bool, faults: &mut Faults) -> Self {
        if self.content.as_ref().is_some_and(lists_nothing) {
            faults.add(self.spot.clone(), reason::empty_file());
            self.content = None;
        }
        self
    }
}

/// A notice's file, and the content of its name.
#[derive(Debug)]
pub(super) struct NoticeFile {
    pub name: FileName,
    pub file: File<Entry<NoticeDraft>>,
}

/// The file of a year's holidays, and the year that its name says.
#[derive(Debug)]
pub(super) struct HolidayFile {
    pub year: String,
    pub file: File<Entry<HolidayYearDocument>>,
}

/// The file of a year's residents, and the year that its name says.
#[derive(Debug)]
pub(super) struct PopulationFile {
    pub year: String,
    pub file: File<Entry<PopulationDocument>>,
}

/// All files of a source.
#[derive(Debug)]
pub(super) struct Files {
    pub jurisdictions: File<Vec<Entry<JurisdictionDocument>>>,
    pub topics: File<Vec<Entry<TopicDocument>>>,
    pub indicators: File<Vec<Entry<IndicatorDocument>>>,
    /// By the code of the jurisdiction.
    pub units: BTreeMap<String, File<Entry<UnitsDocument>>>,
    pub notices: Vec<NoticeFile>,
    /// By year; empty if the folder has no such file.
    pub holidays: Vec<HolidayFile>,
    /// By year; empty if the folder has no such file.
    pub populations: Vec<PopulationFile>,
    /// Whether every folder could be read: only then is a file that is not here known to be missing.
    pub complete: bool,
}

impl Files {
    pub fn read(mut listing: Listing, faults: &mut Faults) -> Self {
        let mut files = Self {
            jurisdictions: take_list(&mut listing, "jurisdictions.yaml", faults),
            topics: take_list(&mut listing, "topics.yaml", faults),
            indicators: take_list(&mut listing, "indicators.yaml", faults),
            units: BTreeMap::new(),
            notices: Vec::new(),
            holidays: Vec::new(),
            populations: Vec::new(),
            complete: listing.complete,
        };
        for file in listing.files {
            files.add(&file, faults);
        }
        files
    }

    /// Adds a file of units, a notice, or the holidays or residents of a year.
    fn add(&mut self, file: &SourceFile, faults: &mut Faults) {
        if let Some(jurisdiction) = jurisdiction_of_units(&file.path) {
            let lists_nothing = |document: &Entry<UnitsDocument>| document.value.units.is_empty();
            self.units.insert(jurisdiction.to_owned(), parse(file, faults).unless(lists_nothing, faults));
        } else if let Some((year, jurisdiction)) = year_and_jurisdiction_of_notice(&file.path) {
            let name = FileName { jurisdiction: jurisdiction.to_owned(), year: year.to_owned() };
            self.notices.push(NoticeFile { name, file: parse(file, faults) });
        } else if let Some(year) = year_of("population/", &file.path) {
            let lists_nothing = |document: &Entry<PopulationDocument>| document.value.jurisdictions.is_empty();
            self.populations.push(PopulationFile { year: year.to_owned(), file: parse(file, faults).unless(lists_nothing, faults) });
        } else if let Some(year) = year_of("holidays/", &file.path) {
            let lists_nothing = |document: &Entry<HolidayYearDocument>| document.value.holidays.is_empty();
            self.holidays.push(HolidayFile { year: year.to_owned(), file: parse(file, faults).unless(lists_nothing, faults) });
        } else {
            faults.add(Spot::file(&file.shown), reason::unexpected_file());
        }
    }
}

fn jurisdiction_of_units(path: &str) -> Option<&str> {
    path.strip_prefix("units/")?.strip_suffix(".yaml").filter(|code| is_code(code))
}

fn year_and_jurisdiction_of_notice(path: &str) -> Option<(&str, &str)> {
    let (year, jurisdiction) = path.strip_prefix("notices/")?.strip_suffix(".yaml")?.split_once('-')?;
    (is_year(year) && is_code(jurisdiction)).then_some((year, jurisdiction))
}

fn year_of<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_suffix(".yaml").filter(|year| is_year(year))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes the file at `path`, which has to be there and to list something.
fn take_list<T: DeserializeOwned>(listing: &mut Listing, path: &str, faults: &mut Faults) -> File<Vec<T>> {
    let Some(index) = listing.files.iter().position(|file| file.path == path) else {
        let spot = Spot::file(format_args!("{}/{path}", listing.shown.trim_end_matches('/')));
        if listing.complete {
            faults.add(spot.clone(), reason::missing_file());
        }
        return File { spot, content: None };
    };
    parse(&listing.files.remove(index), faults).unless(Vec::is_empty, faults)
}

fn parse<T: DeserializeOwned>(file: &SourceFile, faults: &mut Faults) -> File<T> {
    let spot = Spot::file(&file.shown);
    let content = file.text.as_deref().and_then(|text| {
        let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::Error, with_snippet: false };
        serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| {
                let at = error.location().map_or_else(Position::default, Position::from);
                faults.add(spot.at(at), reason::not_understood(&error));
            })
            .ok()
    });
    File { spot, content }
}

#[cfg(test)]
mod tests {
    use super::{jurisdiction_of_units, year_and_jurisdiction_of_notice, year_of};

    #[test]
    fn what_a_file_is_follows_from_where_it_lies() {
        assert_eq!(jurisdiction_of_units("units/jining-etdz.yaml"), Some("jining-etdz"));
        assert_eq!(year_and_jurisdiction_of_notice("notices/2023-jining-etdz.yaml"), Some(("2023", "jining-etdz")));
        for path in ["units/Yanzhou.yaml", "units/yanzhou.yml", "units/more/yanzhou.yaml", "yanzhou.yaml"] {
            assert_eq!(jurisdiction_of_units(path), None, "{path}");
        }
        for path in ["notices/23-yanzhou.yaml", "notices/2023.yaml", "notices/2023-.yaml", "notices/+023-yanzhou.yaml"] {
            assert_eq!(year_and_jurisdiction_of_notice(path), None, "{path}");
        }
        assert_eq!(year_of("holidays/", "holidays/2026.yaml"), Some("2026"));
        assert_eq!(year_of("population/", "population/2023.yaml"), Some("2023"));
        for path in ["holidays/26.yaml", "holidays/2026.yml", "holidays/2026-jining.yaml", "holidays/more/2026.yaml", "2026.yaml"] {
            assert_eq!(year_of("holidays/", path), None, "{path}");
        }
    }
}
