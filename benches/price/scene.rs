//! Many times the data of the demo.

use entity::{AssignmentRole, JurisdictionKind};
use minsheng::{
    domain::notices::seed::{Seed, SeedJurisdiction, SeedNotice},
    service::notices::seed::{Source, check},
};

/// The five notices, and as many copies of them in made-up jurisdictions as make `times` of each.
pub fn multiplied(times: usize) -> Seed {
    let mut seed = check(&Source::Embedded).expect("the seeds are sound");
    let originals: Vec<SeedNotice> = seed.notices.clone();
    for copy in 1..times {
        for (index, original) in originals.iter().enumerate() {
            let code = format!("copy-{copy}-{index}");
            seed.jurisdictions.push(SeedJurisdiction {
                code: code.clone(),
                name: code.clone(),
                name_english: code.clone(),
                kind: JurisdictionKind::District,
                division_code: None,
                parent: Some("jining".into()),
            });
            let mut notice = SeedNotice { jurisdiction: code, document_number: None, issuer: None, supervisor: None, ..original.clone() };
            for task in notice.projects.iter_mut().flat_map(|project| &mut project.tasks) {
                task.assignments.retain(|(role, _)| *role == AssignmentRole::Lead);
            }
            seed.notices.push(notice);
        }
    }
    seed
}
