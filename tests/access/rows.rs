//! The rows of the matrix: what is done to what.

use entity::{AccountId, Action, Disclosure, JurisdictionId, NoticeState, Role, UnitId};
use minsheng::access::{
    policy::{AccountFacts, NoticeFacts, Resource},
    viewer::Viewer,
};
use sea_orm::Iterable as _;

use super::{
    places::{Column, Places, columns, columns_at_work},
    report_rows, task_rows,
};

/// What a row is asked of: one viewer of a column, and one action of the row.
pub struct Question<'a> {
    pub places: &'a Places,
    pub viewer: &'a Viewer,
    pub action: Action,
}

const MANAGED: [Role; 3] = [Role::Unit, Role::Leader, Role::Deputy];
const MANAGING: [Role; 2] = [Role::Office, Role::Admin];

impl Question<'_> {
    fn own_district(&self) -> [JurisdictionId; 2] {
        [self.places.district, self.places.below]
    }

    pub fn elsewhere(&self) -> [JurisdictionId; 2] {
        [self.places.neighbour, self.places.city]
    }

    pub fn everywhere(&self) -> [JurisdictionId; 4] {
        [self.places.district, self.places.below, self.places.neighbour, self.places.city]
    }

    pub fn published() -> [Option<Disclosure>; 2] {
        [None, Some(Disclosure::Proactive)]
    }

    /// Notices that everybody reads.
    pub fn published_notices(jurisdiction: JurisdictionId) -> [NoticeFacts; 2] {
        Self::published().map(|disclosure| NoticeFacts { jurisdiction, state: NoticeState::Issued, disclosure })
    }

    fn internal(jurisdiction: JurisdictionId) -> Vec<Resource> {
        Self::internal_notices(jurisdiction).into_iter().map(Resource::Notice).collect()
    }

    /// Notices that are not public: drafts and withdrawn ones however they are disclosed, and issued ones that are not for everybody.
    pub fn internal_notices(jurisdiction: JurisdictionId) -> Vec<NoticeFacts> {
        let mut found = Vec::new();
        for state in NoticeState::iter() {
            for disclosure in Disclosure::iter().map(Some).chain([None]) {
                if state != NoticeState::Issued || !Self::published().contains(&disclosure) {
                    found.push(NoticeFacts { jurisdiction, state, disclosure });
                }
            }
        }
        found
    }

    /// Notices that are in force, however they are disclosed.
    pub fn issued_notices(jurisdiction: JurisdictionId) -> Vec<NoticeFacts> {
        let disclosures = Disclosure::iter().map(Some).chain([None]);
        disclosures.map(|disclosure| NoticeFacts { jurisdiction, state: NoticeState::Issued, disclosure }).collect()
    }

    /// Notices that are not: drafts and withdrawn ones.
    pub fn idle_notices(jurisdiction: JurisdictionId) -> Vec<NoticeFacts> {
        Self::internal_notices(jurisdiction).into_iter().filter(|notice| notice.state != NoticeState::Issued).collect()
    }

    /// The viewer's unit; of a viewer without one, any.
    pub fn own_unit(&self) -> UnitId {
        self.viewer.actor().and_then(|actor| actor.unit_id).unwrap_or_else(UnitId::generate)
    }

    fn placements(roles: &[Role], jurisdictions: &[JurisdictionId]) -> Vec<Resource> {
        let of_role = |role: &Role| {
            let role = *role;
            jurisdictions.iter().map(move |jurisdiction| Resource::Placement { role, jurisdiction: *jurisdiction })
        };
        roles.iter().flat_map(of_role).collect()
    }

    /// Whether a lock makes sense of the action: an account that is not locked is locked, one that is locked is unlocked, and with the
    /// others it does not matter.
    fn fitting_locks(&self) -> Vec<bool> {
        match self.action {
            Action::LockAccount => vec![false],
            Action::UnlockAccount => vec![true],
            _ => vec![false, true],
        }
    }

    fn facts(roles: &[Role], jurisdictions: &[JurisdictionId], locks: &[bool]) -> Vec<AccountFacts> {
        let mut found = Vec::new();
        for role in roles {
            for jurisdiction in jurisdictions {
                for locked in locks {
                    let (role, jurisdiction, locked) = (*role, *jurisdiction, *locked);
                    found.push(AccountFacts { id: AccountId::generate(), role, jurisdiction, locked });
                }
            }
        }
        found
    }

    fn accounts(roles: &[Role], jurisdictions: &[JurisdictionId], locks: &[bool]) -> Vec<Resource> {
        Self::facts(roles, jurisdictions, locks).into_iter().map(Resource::Account).collect()
    }

    /// The viewer's account. The public has none; what it would be told of one is asked of any.
    fn own(&self) -> AccountFacts {
        match self.viewer.actor() {
            Some(actor) => AccountFacts { id: actor.id, role: actor.role, jurisdiction: actor.jurisdiction_id, locked: false },
            None => AccountFacts { id: AccountId::generate(), role: Role::Unit, jurisdiction: self.places.district, locked: false },
        }
    }

    fn keys(roles: &[Role], jurisdictions: &[JurisdictionId], revoked: bool) -> Vec<Resource> {
        let owners = Self::facts(roles, jurisdictions, &[false, true]);
        owners.into_iter().map(|owner| Resource::ApiKey { owner, revoked }).collect()
    }
}

/// One row: actions and resources for which every cell is the same, which is asserted.
pub struct Row {
    pub actions: Vec<Action>,
    /// What is done, where the name of the action does not say it.
    pub called: Option<(&'static str, &'static str)>,
    pub chinese: &'static str,
    pub english: &'static str,
    pub resources: Asked,
}

/// What the resources of a row are for one viewer and one action.
pub type Asked = fn(&Question<'_>) -> Vec<Resource>;

/// The rows of one table, under its heading.
pub struct Table {
    pub heading: &'static str,
    pub columns: fn(&Places) -> Vec<Column>,
    pub rows: Vec<Row>,
}

pub fn tables() -> Vec<Table> {
    let table = |heading, rows| Table { heading, columns, rows };
    let at_work = |heading, rows| Table { heading, columns: columns_at_work, rows };
    vec![
        table("通知及其项目、任务、分工、目标任务 · Notices, with their projects, tasks, assignments and targets", notices()),
        at_work("看填报 · Seeing reports", report_rows::seen()),
        at_work("填报 · Reporting progress", task_rows::reporting()),
        at_work("审核 · Reviewing reports", report_rows::reviewed()),
        at_work("堵点 · Blockers", report_rows::blockers()),
        at_work("实施计划与分解指标 · Plans, and the shares of targets", task_rows::planning()),
        at_work("申请办结与销号 · Claiming that a task is done, and closing it", task_rows::closing()),
        at_work("暂停、恢复、延期 · Suspending, resuming, extending", task_rows::dates()),
        at_work("报送情况、填报要求、会议、亮灯规则 · Compliance, reporting, meetings, rules for lights", report_rows::supervision()),
        table("账号 · Accounts", accounts()),
        table("账号放在哪里、给什么角色 · Where an account is placed, and with which role", placements()),
        table("登录与会话 · Signing in, and sessions", sessions()),
        table("API 密钥 · API keys", api_keys()),
        table("审计与签名密钥 · The audit, and the signing keys", installation()),
    ]
}

pub fn row(actions: &[Action], chinese: &'static str, english: &'static str, resources: Asked) -> Row {
    Row { actions: actions.to_vec(), called: None, chinese, english, resources }
}

/// The same, under another name than the action's.
pub fn row_called(
    called: (&'static str, &'static str),
    action: Action,
    chinese: &'static str,
    english: &'static str,
    resources: Asked,
) -> Row {
    Row { called: Some(called), ..row(&[action], chinese, english, resources) }
}

fn notices() -> Vec<Row> {
    let read = [Action::ReadNotice];
    vec![
        row(
            &read,
            "已印发，主动公开或未注明，任何辖区",
            "issued, and publicly disclosed or without a stated disclosure, anywhere",
            |asked| asked.everywhere().into_iter().flat_map(Question::published_notices).map(Resource::Notice).collect(),
        ),
        row(
            &read,
            "起草中、已撤回、不予公开或依申请公开：本区",
            "a draft, withdrawn, withheld or disclosed on request: of the district",
            |asked| Question::internal(asked.places.district),
        ),
        row(&read, "同上：本区的下级", "the same: of a place below the district", |asked| Question::internal(asked.places.below)),
        row(&read, "同上：邻区", "the same: of a neighbouring district", |asked| Question::internal(asked.places.neighbour)),
        row(&read, "同上：市本级", "the same: of the city itself", |asked| Question::internal(asked.places.city)),
    ]
}

fn accounts() -> Vec<Row> {
    use Action::{ChangeAccount, LockAccount, ReadAccount, ResetPassword, TransferAccount, UnlockAccount};
    const OWN: (&str, &str) = ("自己的", "one's own");
    const HERE: (&str, &str) = ("单位、领导、代表账号：本区及下级", "of a unit, leader or deputy: in the district or below it");
    const ELSEWHERE: (&str, &str) =
        ("单位、领导、代表账号：邻区、市本级", "of a unit, leader or deputy: in a neighbouring district, or of the city");
    const OTHERS: (&str, &str) = ("其他督查室和管理员的账号", "of another office, or an admin's");
    let mut rows = Vec::new();
    for actions in [vec![ReadAccount], vec![ChangeAccount, TransferAccount, LockAccount, UnlockAccount, ResetPassword]] {
        let mut add = |(chinese, english), resources: Asked| {
            rows.push(row(&actions, chinese, english, resources));
        };
        add(OWN, |asked| vec![Resource::Account(asked.own())]);
        add(HERE, |asked| Question::accounts(&MANAGED, &asked.own_district(), &asked.fitting_locks()));
        add(ELSEWHERE, |asked| Question::accounts(&MANAGED, &asked.elsewhere(), &asked.fitting_locks()));
        add(OTHERS, |asked| Question::accounts(&MANAGING, &asked.everywhere(), &asked.fitting_locks()));
    }
    rows.extend([
        row(&[LockAccount], "已锁定的：本区及下级", "locked already: in the district or below it", |asked| {
            Question::accounts(&MANAGED, &asked.own_district(), &[true])
        }),
        row(&[LockAccount], "已锁定的：邻区、市本级", "locked already: elsewhere", |asked| {
            Question::accounts(&MANAGED, &asked.elsewhere(), &[true])
        }),
        row(&[LockAccount], "已锁定的：其他督查室和管理员", "locked already: of another office, or an admin's", |asked| {
            Question::accounts(&MANAGING, &asked.everywhere(), &[true])
        }),
        row(&[UnlockAccount], "没有锁定的：本区及下级", "not locked: in the district or below it", |asked| {
            Question::accounts(&MANAGED, &asked.own_district(), &[false])
        }),
        row(&[UnlockAccount], "没有锁定的：邻区、市本级", "not locked: elsewhere", |asked| {
            Question::accounts(&MANAGED, &asked.elsewhere(), &[false])
        }),
        row(&[UnlockAccount], "没有锁定的：其他督查室和管理员", "not locked: of another office, or an admin's", |asked| {
            Question::accounts(&MANAGING, &asked.everywhere(), &[false])
        }),
    ]);
    rows
}

fn placements() -> Vec<Row> {
    let actions = [Action::CreateAccount, Action::ChangeAccount, Action::TransferAccount];
    vec![
        row(&actions, "单位、领导、代表：本区及下级", "unit, leader or deputy: in the district or below it", |asked| {
            Question::placements(&MANAGED, &asked.own_district())
        }),
        row(
            &actions,
            "单位、领导、代表：邻区、市本级",
            "unit, leader or deputy: in a neighbouring district, or of the city",
            |asked| Question::placements(&MANAGED, &asked.elsewhere()),
        ),
        row(&actions, "督查室、管理员：任何辖区", "office or admin: anywhere", |asked| {
            Question::placements(&MANAGING, &asked.everywhere())
        }),
    ]
}

fn sessions() -> Vec<Row> {
    use Action::{ChangePassword, EndSession, RefreshSession, SignIn, SignOut, SignOutEverywhere};
    let nothing = |_: &Question<'_>| vec![Resource::Installation];
    vec![
        row(&[SignIn, RefreshSession], "自己", "oneself", nothing),
        row(&[SignOut, ChangePassword], "自己", "oneself", nothing),
        row(&[SignOutEverywhere], "自己", "oneself", nothing),
        row(&[EndSession], "自己的，未结束", "one's own, open", |asked| {
            vec![Resource::Session { owner: asked.own().id, ended: false }]
        }),
        row(&[EndSession], "自己的，已结束", "one's own, over", |asked| {
            vec![Resource::Session { owner: asked.own().id, ended: true }]
        }),
        row(&[EndSession], "他人的", "somebody else's", |_| {
            [false, true].map(|ended| Resource::Session { owner: AccountId::generate(), ended }).to_vec()
        }),
    ]
}

fn api_keys() -> Vec<Row> {
    use Action::{CreateApiKey, RevokeApiKey};
    let revoke = [RevokeApiKey];
    vec![
        row(&[CreateApiKey], "为自己", "for oneself", |_| vec![Resource::Installation]),
        row(&revoke, "自己的", "one's own", |asked| vec![Resource::ApiKey { owner: asked.own(), revoked: false }]),
        row(&revoke, "单位、领导、代表的：本区及下级", "of a unit, leader or deputy: in the district or below it", |asked| {
            Question::keys(&MANAGED, &asked.own_district(), false)
        }),
        row(&revoke, "单位、领导、代表的：邻区、市本级", "of a unit, leader or deputy: elsewhere", |asked| {
            Question::keys(&MANAGED, &asked.elsewhere(), false)
        }),
        row(&revoke, "其他督查室和管理员的", "of another office, or an admin's", |asked| {
            Question::keys(&MANAGING, &asked.everywhere(), false)
        }),
        row(&revoke, "已吊销的：自己的", "revoked already: one's own", |asked| {
            vec![Resource::ApiKey { owner: asked.own(), revoked: true }]
        }),
        row(
            &revoke,
            "已吊销的：单位、领导、代表的，本区及下级",
            "revoked already: of a unit, leader or deputy, here or below",
            |asked| Question::keys(&MANAGED, &asked.own_district(), true),
        ),
        row(
            &revoke,
            "已吊销的：单位、领导、代表的，邻区、市本级",
            "revoked already: of a unit, leader or deputy, elsewhere",
            |asked| Question::keys(&MANAGED, &asked.elsewhere(), true),
        ),
    ]
}

fn installation() -> Vec<Row> {
    vec![
        row(
            &[Action::ReadAudit],
            "督查室：本辖区及下级的；管理员：全部",
            "an office: those of its jurisdiction and below; an admin: all",
            |_| vec![Resource::Installation],
        ),
        row(&[Action::RotateSigningKeys, Action::ChangeDocuments], "只能用命令行", "by the command line alone", |_| {
            vec![Resource::Installation]
        }),
        row(&[Action::WatchTime], "只由服务自身", "by the service alone", |_| vec![Resource::Installation]),
    ]
}
