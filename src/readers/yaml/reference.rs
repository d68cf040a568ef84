//! Jurisdictions, topics and indicators.

use std::collections::BTreeMap;

use entity::TargetKind;

use super::{
    document::{IndicatorDocument, JurisdictionDocument, TopicDocument},
    files::File,
    reason,
};
use crate::domain::{
    fault::{Claims, Faults},
    nearest::nearest,
    notices::{
        check::{Names, topic},
        seed::{SeedIndicator, SeedJurisdiction, SeedTopic},
    },
    written::{Entry, Record, Written},
};

/// The units in which a rate is given.
const RATE_UNITS: [&str; 2] = ["%", "个百分点"];

/// The values that only one entry of a catalogue may have.
#[derive(Default)]
struct Identities {
    codes: Claims<String>,
    names: Claims<String>,
}

impl Identities {
    /// The code and the name of an entry, each its own.
    fn read(&mut self, record: &mut Record<'_>, code: Option<&Written>, name: Option<&Written>) -> Option<(String, String)> {
        let code = record.code("code", code);
        if let Some(code) = code {
            record.claim(&mut self.codes, code.text.clone(), "code", code.at, &code.text);
        }
        let name = record.required("name", name);
        if let Some(name) = name {
            record.claim(&mut self.names, name.text.clone(), "name", name.at, &name.text);
        }
        Some((code?.text.clone(), name?.text.clone()))
    }
}

pub(super) fn jurisdictions(file: &File<Vec<Entry<JurisdictionDocument>>>, faults: &mut Faults) -> Vec<SeedJurisdiction> {
    let documents = file.content.as_deref().unwrap_or_default();
    let tree = Tree::of(documents);
    let (mut identities, mut division_codes) = (Identities::default(), Claims::default());
    let mut jurisdictions = Vec::new();
    for (index, entry) in documents.iter().enumerate() {
        let document = &entry.value;
        let mut record = Record::of_list(&file.spot, entry, "辖区", document.code.as_ref(), index, faults);
        let identity = identities.read(&mut record, document.code.as_ref(), document.name.as_ref());
        let name_english = record.text("nameEnglish", document.name_english.as_ref());
        let kind = record.word("kind", document.kind.as_ref());
        let division_code = division_code(&mut record, document.division_code.as_ref(), &mut division_codes);
        let parent = tree.parent(&mut record, index, document);
        jurisdictions.extend(identity.zip(name_english).zip(kind).map(|(((code, name), name_english), kind)| SeedJurisdiction {
            code,
            name,
            name_english,
            kind,
            division_code,
            parent,
        }));
    }
    jurisdictions
}

fn division_code(record: &mut Record<'_>, written: Option<&Written>, taken: &mut Claims<String>) -> Option<String> {
    let written = record.optional("divisionCode", written)?;
    if written.text.len() == 6 && written.text.bytes().all(|byte| byte.is_ascii_digit()) {
        record.claim(taken, written.text.clone(), "divisionCode", written.at, &written.text);
    } else {
        record.fault("divisionCode", written.at, reason::not_a_division_code(&written.text));
    }
    Some(written.text.clone())
}

/// The places of jurisdictions in their file, and their parents, by code.
struct Tree<'d>(BTreeMap<&'d str, (usize, Option<&'d str>)>);

impl<'d> Tree<'d> {
    fn of(documents: &'d [Entry<JurisdictionDocument>]) -> Self {
        let mut places = BTreeMap::new();
        for (index, document) in documents.iter().enumerate() {
            if let Some(code) = &document.value.code {
                let parent = document.value.parent.as_ref().map(|parent| parent.text.as_str());
                places.entry(code.text.as_str()).or_insert((index, parent));
            }
        }
        Self(places)
    }

    /// The parent, which stands further up in the file. So there is no way round in a circle.
    fn parent(&self, record: &mut Record<'_>, index: usize, document: &JurisdictionDocument) -> Option<String> {
        let parent = record.optional("parent", document.parent.as_ref())?;
        let code = document.code.as_ref().map_or("", |code| code.text.as_str());
        let reason = match self.0.get(parent.text.as_str()) {
            None => reason::unknown_parent(&parent.text, &nearest(&parent.text, self.0.keys().copied())),
            Some((place, _)) if *place < index => return Some(parent.text.clone()),
            Some(_) if self.leads_back(&parent.text, code) => reason::parent_in_circle(&parent.text),
            Some(_) => reason::parent_below(&parent.text),
        };
        record.fault("parent", parent.at, reason);
        None
    }

    fn leads_back(&self, from: &str, to: &str) -> bool {
        let mut at = Some(from);
        // No way up is longer than there are jurisdictions.
        for _ in 0..=self.0.len() {
            match at {
                Some(code) if code == to => return true,
                Some(code) => at = self.0.get(code).and_then(|(_, parent)| *parent),
                None => return false,
            }
        }
        false
    }
}

pub(super) fn topics(file: &File<Vec<Entry<TopicDocument>>>, faults: &mut Faults) -> Vec<SeedTopic> {
    let mut identities = Identities::default();
    let mut topics = Vec::new();
    for (index, entry) in file.content.iter().flatten().enumerate() {
        let document = &entry.value;
        let mut record = Record::of_list(&file.spot, entry, "领域", document.code.as_ref(), index, faults);
        let identity = identities.read(&mut record, document.code.as_ref(), document.name.as_ref());
        let name_english = record.text("nameEnglish", document.name_english.as_ref());
        topics.extend(identity.zip(name_english).map(|((code, name), name_english)| SeedTopic { code, name, name_english }));
    }
    topics
}

pub(super) fn indicators(file: &File<Vec<Entry<IndicatorDocument>>>, names: &Names, faults: &mut Faults) -> Vec<SeedIndicator> {
    let mut identities = Identities::default();
    let mut indicators = Vec::new();
    for (place, entry) in file.content.iter().flatten().enumerate() {
        let mut record = Record::of_list(&file.spot, entry, "指标", entry.value.code.as_ref(), place, faults);
        indicators.extend(indicator(&entry.value, &mut record, &mut identities, names));
    }
    indicators
}

fn indicator(document: &IndicatorDocument, record: &mut Record<'_>, identities: &mut Identities, names: &Names) -> Option<SeedIndicator> {
    let identity = identities.read(record, document.code.as_ref(), document.name.as_ref());
    let name_english = record.text("nameEnglish", document.name_english.as_ref());
    let topic = record.required("topic", document.topic.as_ref()).map(|written| topic(record, "topic", written, names));
    let kind = record.word("kind", document.kind.as_ref());
    let unit = record.required("unit", document.unit.as_ref());
    if let (Some(TargetKind::Rate), Some(unit)) = (kind, unit)
        && !RATE_UNITS.contains(&unit.text.as_str())
    {
        record.fault("unit", unit.at, reason::not_a_rate_unit(&unit.text, &RATE_UNITS));
    }
    let aggregation = record.word("aggregation", document.aggregation.as_ref());
    let higher_is_better = record.truth("higherIsBetter", document.higher_is_better.as_ref());
    let description = record.text("description", document.description.as_ref());
    let description_english = record.text("descriptionEnglish", document.description_english.as_ref());
    let (code, name) = identity?;
    Some(SeedIndicator {
        code,
        name,
        name_english: name_english?,
        description: description?,
        description_english: description_english?,
        topic: topic?,
        unit: unit?.text.clone(),
        kind: kind?,
        aggregation: aggregation?,
        higher_is_better: higher_is_better?,
    })
}
