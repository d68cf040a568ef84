//! Where the matrix plays, and who asks in it: its columns.

use std::sync::Arc;

use entity::{AccountId, ApiKeyId, ApiKeyRights, JurisdictionId, Role, SessionId, UnitId};
use minsheng::access::viewer::{Actor, Credential, Viewer};
use sea_orm::Iterable as _;

/// Where the matrix plays: a district, a place below it, its neighbour, and the city above them.
pub struct Places {
    pub city: JurisdictionId,
    pub district: JurisdictionId,
    pub below: JurisdictionId,
    pub neighbour: JurisdictionId,
}

impl Places {
    pub fn new() -> Self {
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

    pub fn account(&self, role: Role, jurisdiction_id: JurisdictionId, password_temporary: bool, credential: Credential) -> Viewer {
        Viewer::Account(Arc::new(Actor {
            id: AccountId::generate(),
            username: "somebody".into(),
            role,
            jurisdiction_id,
            unit_id: (role == Role::Unit).then(UnitId::generate),
            version: 1,
            password_temporary,
            subtree: self.subtree(jurisdiction_id),
            credential,
        }))
    }

    /// Somebody of each role whose password somebody else knows.
    fn temporary(&self) -> Vec<Viewer> {
        Role::iter().map(|role| self.account(role, self.district, true, session())).collect()
    }
}

fn session() -> Credential {
    Credential::Session(SessionId::generate())
}

fn key(rights: ApiKeyRights) -> Credential {
    Credential::ApiKey(ApiKeyId::generate(), rights)
}

/// One column: viewers for whom every cell is the same, which is asserted.
pub struct Column {
    pub title: &'static str,
    pub viewers: Vec<Viewer>,
}

/// Who asks about notices and accounts, and by which proof.
pub fn columns(places: &Places) -> Vec<Column> {
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
        Column { title: "初始密码未改<br>temporary password", viewers: places.temporary() },
        Column { title: "督查室只读密钥<br>office, key READ", viewers: office_by(key(ApiKeyRights::Read)) },
        Column { title: "督查室全权密钥<br>office, key FULL", viewers: office_by(key(ApiKeyRights::Full)) },
        Column { title: "督查室统一身份认证<br>office, identity provider", viewers: office_by(Credential::External) },
    ]
}

/// Who asks about reports and tasks. Whoever signed in here, signed in elsewhere, or presents a key with all rights, may the same,
/// so they share their columns; a key for queries has its own.
pub fn columns_at_work(places: &Places) -> Vec<Column> {
    let (city, district) = (places.city, places.district);
    let anyhow = |role, jurisdictions: &[JurisdictionId]| -> Vec<Viewer> {
        let at = |jurisdiction: &JurisdictionId| {
            [session(), key(ApiKeyRights::Full), Credential::External].map(|proof| places.account(role, *jurisdiction, false, proof))
        };
        jurisdictions.iter().flat_map(at).collect()
    };
    let reading = |role| vec![places.account(role, district, false, key(ApiKeyRights::Read))];
    vec![
        Column { title: "公众<br>public", viewers: vec![Viewer::Public] },
        Column { title: "本区单位<br>unit of the district", viewers: anyhow(Role::Unit, &[district]) },
        Column { title: "本区督查室<br>district office", viewers: anyhow(Role::Office, &[district]) },
        Column { title: "市督查室<br>city office", viewers: anyhow(Role::Office, &[city]) },
        Column { title: "本区领导<br>district leader", viewers: anyhow(Role::Leader, &[district]) },
        Column { title: "市领导<br>city leader", viewers: anyhow(Role::Leader, &[city]) },
        Column { title: "代表<br>deputy", viewers: anyhow(Role::Deputy, &[district, city]) },
        Column { title: "管理员<br>admin", viewers: anyhow(Role::Admin, &[district, city]) },
        Column { title: "初始密码未改<br>temporary password", viewers: places.temporary() },
        Column { title: "本区单位只读密钥<br>unit, key READ", viewers: reading(Role::Unit) },
        Column { title: "本区督查室只读密钥<br>office, key READ", viewers: reading(Role::Office) },
    ]
}
