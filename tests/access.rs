//! Who may do what, as people read it: `docs/ACCESS.md` shows what the policy decides, and the policy names every root field.
//!
//! `MINSHENG_UPDATE=1 cargo test --test integration -- access::the_docs` writes both tables into the page; the difference is for a reader to
//! judge.

use std::{
    collections::BTreeSet,
    env,
    fmt::Write as _,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql_parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use entity::{AccountId, Action, ApiKeyId, ApiKeyRights, Disclosure, JurisdictionId, NoticeState, Role, SessionId};
use minsheng::{
    access::{
        policy::{self, AccountFacts, Decision, NoticeFacts, Resource},
        reason::Reason,
        root_field::{MUTATIONS, OPEN_MUTATIONS, QUERIES, Requirement},
        viewer::{Actor, Credential, Viewer},
    },
    domain::language::Language,
};
use sea_orm::Iterable as _;
use serde::Serialize;

use crate::plain_cases;

plain_cases![
    the_docs_show_what_the_policy_decides,
    every_action_is_in_the_matrix,
    the_docs_show_who_may_call_what,
    every_root_field_is_named_in_the_policy,
    a_root_field_that_nobody_has_opened_is_noticed,
    a_field_that_is_not_for_everybody_says_what_it_needs,
    a_change_that_is_open_to_anybody_has_a_reason,
];

// --- The page -----------------------------------------------------------------------------------------------------------------

/// Compares a section of the page with what it should be, or writes it.
fn compare_section(name: &str, expected: &str) {
    // One at a time: two that write the page at once would each lose what the other wrote.
    static WRITING: Mutex<()> = Mutex::new(());
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ACCESS.md");
    let page = fs::read_to_string(&file).expect("docs/ACCESS.md");
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("docs/ACCESS.md has no line {begin:?}"));
    let (section, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/ACCESS.md has no line {end:?}"));
    if section == expected {
        return;
    }
    let command = "MINSHENG_UPDATE=1 cargo test --test integration -- access::the_docs";
    if env::var_os("MINSHENG_UPDATE").is_some() {
        fs::write(&file, format!("{before}{begin}{expected}{end}{after}")).expect("docs/ACCESS.md is written");
        println!("docs/ACCESS.md: the section `{name}` was written anew; read the difference");
        return;
    }
    let differing = section.lines().zip(expected.lines()).find(|(shown, decided)| shown != decided);
    let difference = differing.map_or_else(
        || format!("{} lines there, {} expected", section.lines().count(), expected.lines().count()),
        |(shown, decided)| format!("the first difference:\n  page:   {shown}\n  policy: {decided}"),
    );
    panic!(
        "the section `{name}` of docs/ACCESS.md is not what the policy says; {difference}\nwrite it anew with\n  {command}\nand read what changed"
    );
}

/// The word of an enumeration, as in the schema.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).expect("a word").as_str().expect("a word").to_owned()
}

/// What an action is called in both languages: the schema says it already.
fn name_of(action: Action) -> (String, String) {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let word = word(action);
    for definition in &document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && definition.node.name.node == "Action"
            && let TypeKind::Enum(actions) = &definition.node.kind
        {
            let value = actions.values.iter().find(|value| value.node.value.node == word).expect("an action of the schema");
            let text = &value.node.description.as_ref().expect("a description").node;
            let (chinese, english) = text.split_once("。 ").expect("both languages");
            return (chinese.to_owned(), english.trim_end_matches('.').to_owned());
        }
    }
    panic!("the schema has no Action");
}

// --- The matrix ---------------------------------------------------------------------------------------------------------------

/// Where the matrix plays: a district, a place below it, its neighbour, and the city above them.
struct Places {
    city: JurisdictionId,
    district: JurisdictionId,
    below: JurisdictionId,
    neighbour: JurisdictionId,
}

impl Places {
    fn new() -> Self {
        let [city, district, below, neighbour] = std::array::from_fn(|_| JurisdictionId::generate());
        Self { city, district, below, neighbour }
    }

    fn subtree(&self, of: JurisdictionId) -> Vec<JurisdictionId> {
        if of == self.city {
            vec![self.city, self.district, self.below, self.neighbour]
        } else if of == self.district {
            vec![self.district, self.below]
        } else {
            vec![of]
        }
    }

    fn account(&self, role: Role, jurisdiction_id: JurisdictionId, password_temporary: bool, credential: Credential) -> Viewer {
        Viewer::Account(Arc::new(Actor {
            id: AccountId::generate(),
            username: "somebody".into(),
            role,
            jurisdiction_id,
            unit_id: None,
            version: 1,
            password_temporary,
            subtree: self.subtree(jurisdiction_id),
            credential,
        }))
    }
}

/// One column: viewers for whom every cell is the same, which is asserted.
struct Column {
    title: &'static str,
    viewers: Vec<Viewer>,
}

fn columns(places: &Places) -> Vec<Column> {
    let session = || Credential::Session(SessionId::generate());
    let key = |rights| Credential::ApiKey(ApiKeyId::generate(), rights);
    let (city, district) = (places.city, places.district);
    let signed_in = |role, jurisdictions: &[JurisdictionId]| {
        jurisdictions.iter().map(|jurisdiction| places.account(role, *jurisdiction, false, session())).collect()
    };
    let office_by = |credential| vec![places.account(Role::Office, district, false, credential)];
    vec![
        Column { title: "公众<br>public", viewers: vec![Viewer::Public] },
        Column { title: "单位<br>unit", viewers: signed_in(Role::Unit, &[district]) },
        Column { title: "本区督查室<br>district office", viewers: signed_in(Role::Office, &[district]) },
        Column { title: "市督查室<br>city office", viewers: signed_in(Role::Office, &[city]) },
        Column { title: "领导<br>leader", viewers: signed_in(Role::Leader, &[district]) },
        // Wherever they are: it makes no difference for them.
        Column { title: "代表<br>deputy", viewers: signed_in(Role::Deputy, &[district, city]) },
        Column { title: "管理员<br>admin", viewers: signed_in(Role::Admin, &[district, city]) },
        Column {
            title: "初始密码未改<br>temporary password",
            viewers: Role::iter().map(|role| places.account(role, district, true, session())).collect(),
        },
        Column { title: "督查室只读密钥<br>office, key READ", viewers: office_by(key(ApiKeyRights::Read)) },
        Column { title: "督查室全权密钥<br>office, key FULL", viewers: office_by(key(ApiKeyRights::Full)) },
        Column { title: "督查室统一身份认证<br>office, identity provider", viewers: office_by(Credential::External) },
    ]
}

/// What a row is asked of: one viewer of a column, and one action of the row.
struct Question<'a> {
    places: &'a Places,
    viewer: &'a Viewer,
    action: Action,
}

const MANAGED: [Role; 3] = [Role::Unit, Role::Leader, Role::Deputy];
const MANAGING: [Role; 2] = [Role::Office, Role::Admin];

impl Question<'_> {
    fn own_district(&self) -> [JurisdictionId; 2] {
        [self.places.district, self.places.below]
    }

    fn elsewhere(&self) -> [JurisdictionId; 2] {
        [self.places.neighbour, self.places.city]
    }

    fn everywhere(&self) -> [JurisdictionId; 4] {
        [self.places.district, self.places.below, self.places.neighbour, self.places.city]
    }

    fn published() -> [Option<Disclosure>; 2] {
        [None, Some(Disclosure::Proactive)]
    }

    /// Notices that are not public: drafts and withdrawn ones however they are disclosed, and issued ones that are not for everybody.
    fn internal_notices(jurisdiction: JurisdictionId) -> Vec<Resource> {
        let mut found = Vec::new();
        for state in NoticeState::iter() {
            for disclosure in Disclosure::iter().map(Some).chain([None]) {
                if state != NoticeState::Issued || !Self::published().contains(&disclosure) {
                    found.push(Resource::Notice(NoticeFacts { jurisdiction, state, disclosure }));
                }
            }
        }
        found
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
struct Row {
    actions: Vec<Action>,
    chinese: &'static str,
    english: &'static str,
    resources: fn(&Question<'_>) -> Vec<Resource>,
}

/// The rows of one table, under its heading.
struct Table {
    heading: &'static str,
    rows: Vec<Row>,
}

fn tables() -> Vec<Table> {
    vec![
        Table {
            heading: "通知及其项目、任务、分工、目标任务 · Notices, with their projects, tasks, assignments and targets",
            rows: notices(),
        },
        Table { heading: "账号 · Accounts", rows: accounts() },
        Table { heading: "账号放在哪里、给什么角色 · Where an account is placed, and with which role", rows: placements() },
        Table { heading: "登录与会话 · Signing in, and sessions", rows: sessions() },
        Table { heading: "API 密钥 · API keys", rows: api_keys() },
        Table { heading: "审计与签名密钥 · The audit, and the signing keys", rows: installation() },
    ]
}

fn row(actions: &[Action], chinese: &'static str, english: &'static str, resources: fn(&Question<'_>) -> Vec<Resource>) -> Row {
    Row { actions: actions.to_vec(), chinese, english, resources }
}

fn notices() -> Vec<Row> {
    let read = [Action::ReadNotice];
    vec![
        row(
            &read,
            "已印发，主动公开或未注明，任何辖区",
            "issued, and publicly disclosed or without a stated disclosure, anywhere",
            |asked| {
                let of = |jurisdiction| {
                    Question::published()
                        .map(|disclosure| Resource::Notice(NoticeFacts { jurisdiction, state: NoticeState::Issued, disclosure }))
                };
                asked.everywhere().into_iter().flat_map(of).collect()
            },
        ),
        row(
            &read,
            "起草中、已撤回、不予公开或依申请公开：本区",
            "a draft, withdrawn, withheld or disclosed on request: of the district",
            |asked| Question::internal_notices(asked.places.district),
        ),
        row(&read, "同上：本区的下级", "the same: of a place below the district", |asked| {
            Question::internal_notices(asked.places.below)
        }),
        row(&read, "同上：邻区", "the same: of a neighbouring district", |asked| Question::internal_notices(asked.places.neighbour)),
        row(&read, "同上：市本级", "the same: of the city itself", |asked| Question::internal_notices(asked.places.city)),
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
        let mut add = |(chinese, english), resources: fn(&Question<'_>) -> Vec<Resource>| {
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
        row(&[Action::RotateSigningKeys], "只能用命令行", "by the command line alone", |_| vec![Resource::Installation]),
    ]
}

/// What the policy decides for a row and a column, which must be one thing.
fn cell(places: &Places, column: &Column, row: &Row) -> Decision {
    let mut decided: Option<Decision> = None;
    for viewer in &column.viewers {
        for action in row.actions.iter().copied() {
            for resource in (row.resources)(&Question { places, viewer, action }) {
                let decision = policy::decide(viewer, action, &resource);
                let first = *decided.get_or_insert(decision);
                assert_eq!(
                    decision, first,
                    "the row “{}” is not one row for “{}”: split it; the difference is {action:?} on {resource:?} for {viewer:?}",
                    row.english, column.title
                );
            }
        }
    }
    decided.expect("a row and a column hold something")
}

fn shown(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "✓",
        Decision::Hide => "–",
        Decision::Forbid(reason) => reason.word(),
    }
}

/// Every reason, in the order of the legend. The match makes a new one known here: it does not compile without.
fn reasons() -> Vec<Reason> {
    const ALL: [Reason; 13] = [
        Reason::SignInFirst,
        Reason::PasswordTemporary,
        Reason::RoleMayNot,
        Reason::OutsideJurisdiction,
        Reason::MoreThanYouHave,
        Reason::OwnAccount,
        Reason::ReadOnlyKey,
        Reason::NotByKey,
        Reason::NotSignedInHere,
        Reason::AlreadyLocked,
        Reason::NotLocked,
        Reason::LastAdmin,
        Reason::AlreadyEnded,
    ];
    let place = |reason: Reason| match reason {
        Reason::SignInFirst => 0,
        Reason::PasswordTemporary => 1,
        Reason::RoleMayNot => 2,
        Reason::OutsideJurisdiction => 3,
        Reason::MoreThanYouHave => 4,
        Reason::OwnAccount => 5,
        Reason::ReadOnlyKey => 6,
        Reason::NotByKey => 7,
        Reason::NotSignedInHere => 8,
        Reason::AlreadyLocked => 9,
        Reason::NotLocked => 10,
        Reason::LastAdmin => 11,
        Reason::AlreadyEnded => 12,
    };
    assert!(ALL.iter().enumerate().all(|(index, reason)| place(*reason) == index));
    ALL.to_vec()
}

fn matrix() -> String {
    let places = Places::new();
    let columns = columns(&places);
    let mut text = String::new();
    for table in tables() {
        let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
        let rule = "|---|---|".to_owned() + &":-:|".repeat(columns.len());
        write!(text, "\n### {}\n\n| 操作<br>action | 对象<br>on what | {} |\n{rule}\n", table.heading, titles.join(" | ")).unwrap();
        for row in table.rows {
            let (chinese, english): (Vec<String>, Vec<String>) = row.actions.iter().map(|action| name_of(*action)).unzip();
            let cells: Vec<&str> = columns.iter().map(|column| shown(cell(&places, column, &row))).collect();
            let actions = format!("{}<br>{}", chinese.join("、"), english.join("; "));
            writeln!(text, "| {actions} | {}<br>{} | {} |", row.chinese, row.english, cells.join(" | ")).unwrap();
        }
    }
    text.push_str("\n### 图例 · Legend\n\n| 格 cell | 含义 | meaning |\n|---|---|---|\n");
    text.push_str("| ✓ | 可以。 | It may be done. |\n");
    text.push_str("| – | 不可见：与不存在没有区别。 | Hidden: it cannot be told from what does not exist. |\n");
    for reason in reasons() {
        let sentence = reason.text();
        let (chinese, english) = (sentence.in_language(Language::Chinese), sentence.in_language(Language::English));
        writeln!(text, "| {} | {chinese} | {english} |", reason.word()).unwrap();
    }
    text.push('\n');
    text
}

fn the_docs_show_what_the_policy_decides() {
    compare_section("matrix", &matrix());
}

fn every_action_is_in_the_matrix() {
    let shown: BTreeSet<Action> = tables().into_iter().flat_map(|table| table.rows).flat_map(|row| row.actions).collect();
    let all: BTreeSet<Action> = Action::iter().collect();
    assert_eq!(shown, all, "an action has no row");
    let rows: usize = tables().iter().map(|table| table.rows.len()).sum();
    assert!((30..=60).contains(&rows), "{rows} rows: enough to say all, and few enough to be read");
}

// --- The root fields ----------------------------------------------------------------------------------------------------------

/// The root fields of one operation as the schema defines them, with their descriptions.
fn fields_of(root: &str) -> Vec<(String, String)> {
    let document = parse_schema(minsheng::graphql::sdl()).expect("the schema parses");
    let mut found = Vec::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && definition.node.name.node == root
            && let TypeKind::Object(object) = definition.node.kind
        {
            for field in object.fields {
                let description = field.node.description.map(|description| description.node).unwrap_or_default();
                found.push((field.node.name.node.to_string(), description));
            }
        }
    }
    found
}

/// What one of two sets of names has and the other has not, in words that say what to do.
pub fn differences(schema: &BTreeSet<String>, policy: &BTreeSet<String>) -> Vec<String> {
    let closed =
        schema.difference(policy).map(|name| format!("`{name}` is in the schema and not in access::root_field: say who may call it"));
    let stale = policy.difference(schema).map(|name| format!("`{name}` is in access::root_field and not in the schema: remove it"));
    closed.chain(stale).collect()
}

/// The names that the policy knows, of queries and of mutations.
pub fn named_in_the_policy() -> [BTreeSet<String>; 2] {
    [QUERIES.iter().map(|(name, _)| (*name).to_owned()).collect(), MUTATIONS.iter().map(|(name, _)| (*name).to_owned()).collect()]
}

fn every_root_field_is_named_in_the_policy() {
    let [queries, mutations] = named_in_the_policy();
    for (root, named) in [("Query", &queries), ("Mutation", &mutations)] {
        let schema: BTreeSet<String> = fields_of(root).into_iter().map(|(name, _)| name).collect();
        assert!(schema.len() > 10, "{root} was read");
        assert_eq!(differences(&schema, named), Vec::<String>::new(), "{root}");
    }
    assert!(fields_of("Subscription").is_empty(), "subscriptions need a table of their own in access::root_field");
    assert_eq!((queries.len(), mutations.len()), (QUERIES.len(), MUTATIONS.len()), "a name stands twice");
    for (name, requirement) in QUERIES {
        if let Requirement::Anybody(reason) = requirement {
            assert!(reason.split_whitespace().count() > 2, "`{name}` is open to anybody: say why");
        }
    }
}

fn a_root_field_that_nobody_has_opened_is_noticed() {
    let [mut policy, _] = named_in_the_policy();
    let schema = policy.clone();
    assert!(differences(&schema, &policy).is_empty());
    policy.remove("auditEvents");
    policy.insert("formerly".to_owned());
    let noticed = differences(&schema, &policy);
    assert_eq!(noticed.len(), 2, "{noticed:?}");
    assert!(noticed[0].contains("`auditEvents`") && noticed[1].contains("`formerly`"), "{noticed:?}");
}

/// Who may do an action to something at least, in both languages.
fn who(action: Action) -> String {
    let places = Places::new();
    let may = |viewer: &Viewer| policy::general(viewer, action).is_ok();
    if may(&Viewer::Public) {
        return "任何人 anybody".to_owned();
    }
    let roles: Vec<Role> = Role::iter()
        .filter(|role| may(&places.account(*role, places.district, false, Credential::Session(SessionId::generate()))))
        .collect();
    if roles.len() == Role::iter().count() {
        return "已登录 whoever is signed in".to_owned();
    }
    let named = roles.into_iter().map(|role| match role {
        Role::Unit => "单位 unit",
        Role::Office => "督查室 office",
        Role::Leader => "领导 leader",
        Role::Deputy => "代表 deputy",
        Role::Admin => "管理员 admin",
    });
    named.collect::<Vec<_>>().join("、")
}

fn root_fields() -> String {
    let mut text = String::new();
    let head = "| 字段 field | 谁可调用 who may call it | 依据 by which rule | 说明 description |\n|---|---|---|---|";
    let description = |fields: &[(String, String)], name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, description)| description.clone()).unwrap_or_default()
    };
    let queries = fields_of("Query");
    write!(text, "\n### 查询 · Queries\n\n{head}\n").unwrap();
    for (name, requirement) in QUERIES {
        let (who, rule) = match requirement {
            Requirement::Anybody(reason) => ("任何人 anybody".to_owned(), reason.to_owned()),
            Requirement::May(action) => (who(action), format!("`{}`", word(action))),
        };
        writeln!(text, "| `{name}` | {who} | {rule} | {} |", description(&queries, name)).unwrap();
    }
    let mutations = fields_of("Mutation");
    write!(text, "\n### 修改 · Mutations\n\n{head}\n").unwrap();
    for (name, action) in MUTATIONS {
        writeln!(text, "| `{name}` | {} | `{}` | {} |", who(action), word(action), description(&mutations, name)).unwrap();
    }
    text.push('\n');
    text
}

fn the_docs_show_who_may_call_what() {
    compare_section("root fields", &root_fields());
}

fn a_field_that_is_not_for_everybody_says_what_it_needs() {
    let public = |action| policy::general(&Viewer::Public, action).is_ok();
    let mut checked = 0;
    let mut check = |fields: &[(String, String)], name: &str, open: bool| {
        let (_, description) = fields.iter().find(|(field, _)| field == name).expect("a field");
        let says_so = description.contains("需要") && description.contains("Needs");
        assert_eq!(says_so, !open, "`{name}`: {description}");
        checked += 1;
    };
    let queries = fields_of("Query");
    for (name, requirement) in QUERIES {
        let open = match requirement {
            Requirement::Anybody(_) => true,
            Requirement::May(action) => public(action),
        };
        check(&queries, name, open);
    }
    let mutations = fields_of("Mutation");
    for (name, action) in MUTATIONS {
        let open = public(action);
        check(&mutations, name, open);
        // What is done without being signed in says that it is.
        let (_, description) = mutations.iter().find(|(field, _)| field == name).expect("a field");
        assert_eq!(description.contains("任何人") && description.contains("anybody"), open, "`{name}`: {description}");
    }
    assert_eq!(checked, QUERIES.len() + MUTATIONS.len());
}

fn a_change_that_is_open_to_anybody_has_a_reason() {
    let open: Vec<&str> = MUTATIONS
        .into_iter()
        .filter(|(_, action)| minsheng::access::policy::general(&minsheng::access::viewer::Viewer::Public, *action).is_ok())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(open, OPEN_MUTATIONS.map(|(name, _)| name));
    assert!(OPEN_MUTATIONS.iter().all(|(_, reason)| reason.len() > 10));
}
