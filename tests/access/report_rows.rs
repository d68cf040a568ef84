//! The rows of reports and blockers, and of how a jurisdiction's notices are reported on and judged.

use entity::{Action, JurisdictionId, NoticeState, ReportState, UnitId};
use minsheng::access::policy::{NoticeFacts, ReportFacts, Resource};

use super::rows::{Question, Row, row, row_called};

const ACCEPTED: [ReportState; 1] = [ReportState::Accepted];
const DRAFT: [ReportState; 1] = [ReportState::Draft];
const WAITING: [ReportState; 2] = [ReportState::Submitted, ReportState::Returned];
const TOLD: [ReportState; 3] = [ReportState::Submitted, ReportState::Returned, ReportState::Accepted];

const SEE_REPORT: (&str, &str) = ("查看填报", "See a report");
const SEE_BLOCKER: (&str, &str) = ("查看堵点", "See a blocker");

fn facts(notices: impl IntoIterator<Item = NoticeFacts>, units: &[UnitId], states: &[ReportState]) -> Vec<ReportFacts> {
    let mut found = Vec::new();
    for notice in notices {
        for unit in units {
            found.extend(states.iter().map(|state| ReportFacts { notice, unit: *unit, state: *state }));
        }
    }
    found
}

fn reports(notices: impl IntoIterator<Item = NoticeFacts>, units: &[UnitId], states: &[ReportState]) -> Vec<Resource> {
    facts(notices, units, states).into_iter().map(Resource::Report).collect()
}

fn raised(notices: impl IntoIterator<Item = NoticeFacts>, units: &[UnitId], states: &[ReportState], open: &[bool]) -> Vec<Resource> {
    let reports = facts(notices, units, states);
    reports.into_iter().flat_map(|report| open.iter().map(move |open| Resource::Blocker { report, open: *open })).collect()
}

/// Any unit but the viewer's.
fn another() -> UnitId {
    UnitId::generate()
}

/// The viewer's unit and another.
fn any_unit(asked: &Question<'_>) -> [UnitId; 2] {
    [asked.own_unit(), another()]
}

/// All notices on which there may be reports: those in force, and those that were withdrawn.
fn reported_on(jurisdiction: JurisdictionId) -> Vec<NoticeFacts> {
    let withdrawn = Question::idle_notices(jurisdiction).into_iter().filter(|notice| notice.state == NoticeState::Withdrawn);
    Question::issued_notices(jurisdiction).into_iter().chain(withdrawn).collect()
}

fn published(jurisdictions: &[JurisdictionId]) -> Vec<NoticeFacts> {
    jurisdictions.iter().copied().flat_map(Question::published_notices).collect()
}

pub fn seen() -> Vec<Row> {
    let see = |chinese, english, resources| row_called(SEE_REPORT, Action::ReadNotice, chinese, english, resources);
    vec![
        see("已接受，通知已公开：任何辖区", "accepted, of a published notice: anywhere", |asked| {
            reports(published(&asked.everywhere()), &any_unit(asked), &ACCEPTED)
        }),
        see("已接受，通知未公开：本区", "accepted, of a notice that is not published: in the district", |asked| {
            reports(Question::internal_notices(asked.places.district), &any_unit(asked), &ACCEPTED)
        }),
        see("同上：邻区", "the same: in a neighbouring district", |asked| {
            reports(Question::internal_notices(asked.places.neighbour), &[another()], &ACCEPTED)
        }),
        see("已报送、已退回：本区", "submitted or returned: in the district", |asked| {
            reports(reported_on(asked.places.district), &any_unit(asked), &WAITING)
        }),
        see("已报送、已退回：下级", "submitted or returned: below the district", |asked| {
            reports(reported_on(asked.places.below), &[another()], &WAITING)
        }),
        see("已报送、已退回：邻区", "submitted or returned: in a neighbouring district", |asked| {
            reports(reported_on(asked.places.neighbour), &[another()], &WAITING)
        }),
        see("已报送、已退回，其他单位的：市", "submitted or returned, of another unit: of the city", |asked| {
            reports(reported_on(asked.places.city), &[another()], &WAITING)
        }),
        see(
            "已报送、已退回，本单位的：市，通知已公开",
            "submitted or returned, of one's own unit: of the city, the notice published",
            |asked| reports(published(&[asked.places.city]), &[asked.own_unit()], &WAITING),
        ),
        see(
            "已报送、已退回、已接受，本单位的：市，通知未公开",
            "submitted, returned or accepted, of one's own unit: of the city, the notice not published",
            |asked| reports(Question::internal_notices(asked.places.city), &[asked.own_unit()], &TOLD),
        ),
        see(
            "草稿，本单位的：本区，或市已公开的",
            "a draft of one's own unit: of the district, or published by the city",
            |asked| {
                let notices = reported_on(asked.places.district).into_iter().chain(published(&[asked.places.city]));
                reports(notices, &[asked.own_unit()], &DRAFT)
            },
        ),
        see("草稿，其他单位的：任何辖区", "a draft of another unit: anywhere", |asked| {
            reports(asked.everywhere().into_iter().flat_map(reported_on), &[another()], &DRAFT)
        }),
    ]
}

pub fn reviewed() -> Vec<Row> {
    let review = [Action::ReviewProgress];
    vec![
        row(&review, "已报送、已退回、已接受：本区", "submitted, returned or accepted: in the district", |asked| {
            reports(Question::issued_notices(asked.places.district), &any_unit(asked), &TOLD)
        }),
        row(&review, "同上，通知已撤回：本区", "the same, the notice withdrawn: in the district", |asked| {
            let withdrawn = reported_on(asked.places.district).into_iter().filter(|notice| notice.state == NoticeState::Withdrawn);
            reports(withdrawn, &any_unit(asked), &TOLD)
        }),
        row(&review, "已报送、已退回、已接受：下级", "submitted, returned or accepted: below the district", |asked| {
            reports(reported_on(asked.places.below), &[another()], &TOLD)
        }),
        row(&review, "已报送、已退回：邻区", "submitted or returned: in a neighbouring district", |asked| {
            reports(reported_on(asked.places.neighbour), &[another()], &WAITING)
        }),
        row(&review, "已接受，通知已公开：邻区", "accepted, of a published notice: in a neighbouring district", |asked| {
            reports(published(&[asked.places.neighbour]), &[another()], &ACCEPTED)
        }),
        row(&review, "已报送、已退回：市", "submitted or returned: of the city", |asked| {
            reports(Question::issued_notices(asked.places.city), &any_unit(asked), &WAITING)
        }),
        row(&review, "已接受，通知已公开：市", "accepted, of a published notice: of the city", |asked| {
            reports(published(&[asked.places.city]), &any_unit(asked), &ACCEPTED)
        }),
        row(&review, "草稿：任何辖区", "a draft: anywhere", |asked| {
            reports(asked.everywhere().into_iter().flat_map(reported_on), &any_unit(asked), &DRAFT)
        }),
    ]
}

/// Whether a blocker is open.
const EITHER: [bool; 2] = [true, false];
const OPEN: [bool; 1] = [true];

pub fn blockers() -> Vec<Row> {
    let see = |chinese, english, resources| row_called(SEE_BLOCKER, Action::ReadNotice, chinese, english, resources);
    let resolve = [Action::ResolveBlocker];
    vec![
        see(
            "已报送、已退回、已接受的填报所提：本区",
            "of a report submitted, returned or accepted: in the district",
            |asked| raised(reported_on(asked.places.district), &any_unit(asked), &TOLD, &EITHER),
        ),
        see("同上：下级", "the same: below the district", |asked| {
            raised(reported_on(asked.places.below), &[another()], &TOLD, &EITHER)
        }),
        see("同上：邻区", "the same: in a neighbouring district", |asked| {
            raised(reported_on(asked.places.neighbour), &[another()], &TOLD, &EITHER)
        }),
        see("同上，其他单位所提：市", "the same, raised by another unit: of the city", |asked| {
            raised(reported_on(asked.places.city), &[another()], &TOLD, &EITHER)
        }),
        see(
            "同上，本单位所提：市，通知已公开",
            "the same, raised by one's own unit: of the city, the notice published",
            |asked| raised(published(&[asked.places.city]), &[asked.own_unit()], &TOLD, &EITHER),
        ),
        see("草稿中，本单位的：本区", "in a draft of one's own unit: in the district", |asked| {
            raised(reported_on(asked.places.district), &[asked.own_unit()], &DRAFT, &EITHER)
        }),
        see("草稿中，其他单位的：任何辖区", "in a draft of another unit: anywhere", |asked| {
            raised(asked.everywhere().into_iter().flat_map(reported_on), &[another()], &DRAFT, &EITHER)
        }),
        row(&resolve, "未解决，本单位所提：本区", "open, raised by one's own unit: in the district", |asked| {
            raised(reported_on(asked.places.district), &[asked.own_unit()], &TOLD, &OPEN)
        }),
        row(&resolve, "未解决，其他单位所提：本区", "open, raised by another unit: in the district", |asked| {
            raised(reported_on(asked.places.district), &[another()], &TOLD, &OPEN)
        }),
        row(&resolve, "未解决：下级", "open: below the district", |asked| {
            raised(reported_on(asked.places.below), &[another()], &TOLD, &OPEN)
        }),
        row(&resolve, "未解决：邻区", "open: in a neighbouring district", |asked| {
            raised(reported_on(asked.places.neighbour), &[another()], &TOLD, &OPEN)
        }),
        row(
            &resolve,
            "未解决，本单位所提：市，通知已公开",
            "open, raised by one's own unit: of the city, the notice published",
            |asked| raised(published(&[asked.places.city]), &[asked.own_unit()], &TOLD, &OPEN),
        ),
        row(
            &resolve,
            "已解决或已收回，本单位所提：本区",
            "resolved or withdrawn already, raised by one's own unit: in the district",
            |asked| raised(reported_on(asked.places.district), &[asked.own_unit()], &TOLD, &[false]),
        ),
        row(&resolve, "草稿中，本单位的：本区", "in a draft of one's own unit: in the district", |asked| {
            raised(reported_on(asked.places.district), &[asked.own_unit()], &DRAFT, &OPEN)
        }),
    ]
}

fn notices(notices: impl IntoIterator<Item = NoticeFacts>) -> Vec<Resource> {
    notices.into_iter().map(Resource::Notice).collect()
}

pub fn supervision() -> Vec<Row> {
    let compliance = [Action::ReadCompliance];
    let mut rows = vec![
        row(&compliance, "本区", "of the district", |asked| vec![Resource::Compliance(asked.places.district)]),
        row(&compliance, "下级", "of a place below the district", |asked| vec![Resource::Compliance(asked.places.below)]),
        row(&compliance, "邻区、市", "of a neighbouring district, or of the city", |asked| {
            asked.elsewhere().map(Resource::Compliance).to_vec()
        }),
    ];
    for action in [Action::ChangeReporting, Action::RecordMeeting] {
        rows.extend([
            row(&[action], "已印发的通知：本区", "of a notice in force: in the district", |asked| {
                notices(Question::issued_notices(asked.places.district))
            }),
            row(&[action], "未印发或已撤回的通知：本区", "of a draft or a withdrawn notice: in the district", |asked| {
                notices(Question::idle_notices(asked.places.district))
            }),
            row(&[action], "已公开的通知：邻区、下级", "of a published notice: in a neighbouring district, or below", |asked| {
                notices(published(&[asked.places.neighbour, asked.places.below]))
            }),
            row(&[action], "已公开的通知：市", "of a published notice: of the city", |asked| {
                notices(published(&[asked.places.city]))
            }),
            row(&[action], "未公开的通知：邻区", "of a notice that is not published: in a neighbouring district", |asked| {
                notices(Question::internal_notices(asked.places.neighbour))
            }),
        ]);
    }
    let adopt = [Action::AdoptRuleSet];
    rows.extend([
        row(&adopt, "为本区", "for the district", |asked| vec![Resource::Jurisdiction(asked.places.district)]),
        row(&adopt, "为邻区、下级", "for a neighbouring district, or a place below", |asked| {
            [asked.places.neighbour, asked.places.below].map(Resource::Jurisdiction).to_vec()
        }),
        row(&adopt, "为市", "for the city", |asked| vec![Resource::Jurisdiction(asked.places.city)]),
    ]);
    rows
}
