//! The rules of an account; each fault names the field of the input.

use entity::{JurisdictionId, Role, UnitId, UnitKind};

use crate::{
    access::issuer::SUBJECT_LENGTH,
    domain::people::account::Account,
    service::{Fault, Refusal},
    store::{Taken, Visible, Writer},
};

/// The jurisdiction with a code.
pub(super) async fn jurisdiction(visible: &Visible, code: &str, faults: &mut Vec<Fault>) -> Result<Option<JurisdictionId>, Refusal> {
    let found = visible.jurisdictions().await?.by_code(code).map(|jurisdiction| jurisdiction.id);
    if found.is_none() {
        faults.push(Fault::new(
            "UNKNOWN_JURISDICTION",
            "jurisdiction",
            "没有这个辖区：请用 jurisdictions 查询返回的 code。",
            "There is no such jurisdiction: use a `code` that `jurisdictions` returns.",
        ));
    }
    Ok(found)
}

/// A unit account has a unit of its own jurisdiction that does work itself; no other account has one.
pub(super) async fn check_unit(
    visible: &Visible,
    role: Role,
    jurisdiction: Option<JurisdictionId>,
    unit: Option<UnitId>,
    faults: &mut Vec<Fault>,
) -> Result<(), Refusal> {
    match (role, unit) {
        (Role::Unit, None) => {
            faults.push(Fault::new("UNIT_REQUIRED", "unit", "单位账号须指定单位。", "A unit account needs a unit."));
        }
        (Role::Unit, Some(id)) => {
            let found = visible.units_by_id(&[id]).await?.remove(&id);
            let fits = found.is_some_and(|unit| {
                unit.kind != UnitKind::Collective && jurisdiction.is_none_or(|jurisdiction| jurisdiction == unit.jurisdiction_id)
            });
            if !fits {
                faults.push(Fault::new(
                    "UNIT_MISMATCH",
                    "unit",
                    "该单位不存在、不属于该辖区，或是集合单位：请选择该辖区的一个具体单位。",
                    "There is no such unit, it belongs to another jurisdiction, or it is collective: choose one unit of the jurisdiction.",
                ));
            }
        }
        (_, Some(_)) => {
            faults.push(Fault::new(
                "UNIT_UNEXPECTED",
                "unit",
                "只有单位账号才有单位，请去掉。",
                "Only a unit account has a unit; leave it out.",
            ));
        }
        (_, None) => {}
    }
    Ok(())
}

pub(super) fn check_subject(subject: Option<&str>, faults: &mut Vec<Fault>) {
    let Some(subject) = subject else { return };
    if subject.trim().is_empty() || subject.len() > SUBJECT_LENGTH || subject.contains(char::is_control) {
        faults.push(Fault::new(
            "EXTERNAL_SUBJECT",
            "externalSubject",
            format!("外部身份须为 1 至 {SUBJECT_LENGTH} 个字节，与统一身份认证中的标识完全一致。"),
            format!("An external subject has 1 to {SUBJECT_LENGTH} bytes, exactly as the identity provider writes it."),
        ));
    }
}

/// Whether unique values are unique among all accounts, also the hidden ones: a name cannot be given twice.
///
/// Writers take turns, so two who ask for one name or look at once get it one after the other, and the second is refused.
pub(super) async fn check_taken(writer: &Writer, before: Option<&Account>, account: &Account) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let is_another = before.is_none_or(|before| before.username.key() != account.username.key());
    if writer.is_taken(account.id, Taken::Username(&account.username)).await? {
        faults.push(Fault::new("USERNAME_TAKEN", "username", "账号名已被使用，请换一个。", "The username is taken; choose another."));
    } else if is_another && writer.has_look_alike(account.id, &account.username).await? {
        faults.push(Fault::new(
            "USERNAME_LOOKS_LIKE_ANOTHER",
            "username",
            "账号名与另一个账号名看起来一样（如 1 和 l、0 和 o），容易认错，请换一个。",
            "The username looks like that of another account, as 1 looks like l and 0 like o; choose another.",
        ));
    }
    if let Some(subject) = &account.external_subject
        && writer.is_taken(account.id, Taken::ExternalSubject(subject)).await?
    {
        faults.push(Fault::new(
            "EXTERNAL_SUBJECT_TAKEN",
            "externalSubject",
            "该外部身份已绑定另一个账号。",
            "Another account has this external subject.",
        ));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Faults(faults)) }
}
