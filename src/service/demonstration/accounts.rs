//! An admin, and one account of each other role in the city and in three jurisdictions below it. Their password is another with
//! every start.

use entity::{AccountId, Action, JurisdictionId, Role, SessionEnd, UnitId};

use crate::{
    access::password::{self, Password},
    domain::{
        audit::Changes,
        people::account::{Account, Username},
    },
    service::{Call, Refusal, Service},
    store::{Record, Sessions, Visible},
};

/// Where there are demo accounts, and whose the unit account of each place is.
const PLACES: [(&str, &str); 4] =
    [("jining", "市民政局"), ("yanzhou", "区卫生健康局"), ("jining-etdz", "区社会事业中心"), ("taibai-lake", "区社会事业发展局")];

/// The roles that each place has an account of.
const ROLES: [(Role, &str); 4] = [(Role::Office, "office"), (Role::Leader, "leader"), (Role::Unit, "unit"), (Role::Deputy, "deputy")];

/// The demo accounts and the password of all of them.
#[derive(Debug)]
pub struct Demonstration {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// Their password: one for all, because a person reads it from a screen to try the demo.
    pub password: Password,
}

impl Service {
    /// Makes the demo accounts where they are not there, and gives all of them a new password.
    ///
    /// # Errors
    /// A place or unit of the demo is not among the jurisdictions, or a fault of ours.
    pub async fn prepare_demonstration(&self, call: &Call) -> Result<Demonstration, Refusal> {
        self.attempt(call, Action::CreateAccount, None, |entitled| async move {
            let permit = entitled.permit(&[])?;
            let visible = self.visible(call);
            let wanted = self.wanted(call, &visible).await?;
            let password = password::generate("")?;
            let hash = self.hasher.hash(Password::new(password.reveal())).await?;
            let mut accounts = Vec::new();
            let mut known = Vec::new();
            for account in wanted {
                known.push(visible.account_by_name(&account.username).await?);
                accounts.push(account);
            }
            let writer = self.database.writing(permit).await?;
            for (account, known) in accounts.iter_mut().zip(known) {
                match known {
                    // Whatever was tried with it, the next demo begins with the account as it should be.
                    Some(known) => {
                        *account = Account { id: known.id, version: known.version, created_at: known.created_at, ..account.clone() };
                        writer.change_account(account).await?;
                        writer.end_sessions(Sessions::Of(known.id), SessionEnd::PasswordChanged, call.occasion.at).await?;
                    }
                    None => writer.add_account(account).await?,
                }
                writer.set_password(account.id, hash.as_str(), false).await?;
            }
            let names: Vec<&str> = accounts.iter().map(|account| account.username.as_str()).collect();
            let changes = Changes::default().with("accounts", None::<&str>, names).with_secret("password");
            writer.commit(&call.occasion, Record::done().with(changes)).await?;
            Ok(Demonstration { accounts, password })
        })
        .await
    }

    async fn wanted(&self, call: &Call, visible: &Visible) -> Result<Vec<Account>, Refusal> {
        let tree = visible.jurisdictions().await?;
        let mut wanted = Vec::new();
        for (place, unit) in PLACES {
            let jurisdiction = tree.by_code(place).ok_or(Refusal::NotFound)?.id;
            let unit = visible.unit_by_name(jurisdiction, unit).await?.ok_or(Refusal::NotFound)?.id;
            if wanted.is_empty() {
                wanted.push(demo_account(call, "admin", Role::Admin, jurisdiction, None)?);
            }
            for (role, name) in ROLES {
                let unit = (role == Role::Unit).then_some(unit);
                wanted.push(demo_account(call, &name_of(place, name), role, jurisdiction, unit)?);
            }
        }
        Ok(wanted)
    }
}

/// The name of the account of a role in a place.
pub(super) fn name_of(place: &str, role: &str) -> String {
    format!("{place}-{role}")
}

fn demo_account(call: &Call, name: &str, role: Role, jurisdiction_id: JurisdictionId, unit_id: Option<UnitId>) -> Result<Account, Refusal> {
    let at = call.occasion.at;
    Ok(Account {
        id: AccountId::generate(),
        // The names above are names.
        username: Username::new(name).map_err(|_| Refusal::NotFound)?,
        role,
        jurisdiction_id,
        unit_id,
        has_password: true,
        password_temporary: false,
        external_subject: None,
        demonstration: true,
        lock: None,
        version: 1,
        created_at: at,
        changed_at: at,
        changed_by: None,
    })
}
