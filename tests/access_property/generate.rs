//! What a world is made of.

use chrono::TimeDelta;
use entity::{AccountId, Disclosure, NoticeState, Role, account, notice};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Iterable as _, QueryFilter as _};
use serde_json::json;

use super::{ask, progress};
use crate::support::{app::App, chance::Dice, rows, sample};

/// Somebody who asks: the public, an account in a session, or one by an API key.
pub struct Asker {
    pub name: String,
    pub bearer: Option<String>,
    pub account: Option<AccountId>,
    /// The global id of the API key that it asks with.
    pub key: Option<String>,
}

/// Where accounts are: the city, places below it, and another city with a place of its own.
pub const PLACES: [&str; 5] = ["jining", "yanzhou", "jining-etdz", "taibai-lake", "wide"];

/// Those whom the rule keeps from the most, who ask in every world: an office of the city that has not changed its first password, and
/// a unit and a deputy of the city, below which everything else is.
const KEEN: [(Role, &str); 3] = [(Role::Office, "jining"), (Role::Unit, "jining"), (Role::Deputy, "jining")];

/// Makes a world, and says who asks in it: those who always do, and those of whom some are chosen.
pub async fn generate(app: &App, dice: &mut Dice) -> (Vec<Asker>, Vec<Asker>) {
    app.database.load_seed(&sample::wide(2)).await.expect("another city");
    grow_a_level(app, dice).await;
    mix_notices(app, dice).await;
    progress::scatter(app, dice).await;
    let mut keen = Vec::new();
    for (role, place) in KEEN {
        let name = format!("keen-{place}-{number}", number = keen.len());
        let account = app.create(&name, role, place).await;
        let bearer = Some(app.sign_in(&name).await.bearer().to_owned());
        if role == Role::Office {
            make_temporary(app, account.id).await;
        }
        keen.push(Asker { name: format!("{role:?} {name}"), bearer, account: Some(account.id), key: None });
    }
    let mut askers = vec![Asker { name: "the public".into(), bearer: None, account: None, key: None }];
    let mut cast = vec![(Role::Office, "jining"), (Role::Office, "wide")];
    cast.extend(Role::iter().flat_map(|role| [(role, *dice.pick(&PLACES)), (role, *dice.pick(&PLACES))]));
    for (number, (role, place)) in cast.iter().enumerate() {
        let name = format!("account{number}-{place}");
        let account = app.create(&name, *role, place).await;
        let actor = app.sign_in(&name).await;
        let bearer = Some(actor.bearer().to_owned());
        askers.push(Asker { name: format!("{role:?} {name}"), bearer, account: Some(account.id), key: None });
        if dice.below(2) == 0 {
            let second = app.sign_in(&name).await;
            if dice.below(2) == 0 {
                second.data("mutation { signOut { ended } }", json!({})).await;
            }
        }
        let rights = *dice.pick(&["READ", "FULL"]);
        let expires = (app.now() + TimeDelta::days(30)).to_rfc3339();
        let creation = "mutation($r: ApiKeyRights!, $e: DateTime!) {
            createApiKey(input: { name: \"dashboard\", rights: $r, expiresAt: $e }) { secret apiKey { id } } }";
        let made = actor.data(creation, json!({ "r": rights, "e": expires })).await["createApiKey"].clone();
        match dice.below(4) {
            0 => {
                let revoke = "mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }";
                actor.data(revoke, json!({ "id": made["apiKey"]["id"] })).await;
            }
            1 => {
                let bearer = made["secret"].as_str().map(str::to_owned);
                let key = made["apiKey"]["id"].as_str().map(str::to_owned);
                askers.push(Asker { name: format!("{role:?} {name} by a key {rights}"), bearer, account: Some(account.id), key });
            }
            // It rests while the account has a temporary password.
            2 => make_temporary(app, account.id).await,
            _ => {}
        }
    }
    // Whom nobody asks as: accounts to be seen or not, one of them locked, and refusals in the audit.
    for number in 0..4 {
        let place = *dice.pick(&PLACES);
        let role = *dice.pick(&[Role::Unit, Role::Leader, Role::Deputy]);
        let account = app.create(&format!("quiet{number}"), role, place).await;
        if number == 0 {
            lock(app, account.id).await;
        }
    }
    let refused = "mutation { lockAccount(input: { id: \"nobody\", expectedVersion: 1, reason: \"a try\" }) { account { id } } }";
    for asker in keen.iter().chain(&askers) {
        ask(app, asker, refused, json!({})).await;
    }
    (keen, askers)
}

/// Puts a zone below a district in two worlds of three, so that there are three levels.
async fn grow_a_level(app: &App, dice: &mut Dice) {
    let upper = match dice.below(3) {
        0 => return,
        1 => "yanzhou",
        _ => "taibai-lake",
    };
    app.execute(&format!(
        "UPDATE jurisdiction SET parent_id = (SELECT above.id FROM jurisdiction above WHERE above.code = '{upper}') WHERE code = 'jining-etdz'"
    ))
    .await
    .expect("a third level");
}

/// Gives every notice some state and some disclosure; the first two are one that is public and one that is not.
async fn mix_notices(app: &App, dice: &mut Dice) {
    let disclosures: Vec<Option<Disclosure>> = Disclosure::iter().map(Some).chain([None]).collect();
    let states: Vec<NoticeState> = NoticeState::iter().collect();
    let mut notices = rows!(app, notice);
    // Ids differ from run to run, and with them the order of rows.
    notices.sort_by(|one, other| (&one.title, one.year).cmp(&(&other.title, other.year)));
    dice.shuffle(&mut notices);
    for (index, notice) in notices.iter().enumerate() {
        let (state, disclosure) = match index {
            0 => (NoticeState::Issued, Some(Disclosure::Proactive)),
            1 => (NoticeState::Issued, Some(Disclosure::Withheld)),
            _ => (*dice.pick(&states), *dice.pick(&disclosures)),
        };
        let mut change = notice::ActiveModel { state: Set(state), disclosure: Set(disclosure), ..notice::ActiveModel::default() };
        if state == NoticeState::Draft {
            change.issued_on = Set(None);
        }
        notice::Entity::update_many().set(change).filter(notice::Column::Id.eq(notice.id)).exec(&app.raw).await.expect("it is changed");
    }
}

async fn make_temporary(app: &App, id: AccountId) {
    let change = account::ActiveModel { password_temporary: Set(true), ..account::ActiveModel::default() };
    account::Entity::update_many().set(change).filter(account::Column::Id.eq(id)).exec(&app.raw).await.expect("it is changed");
}

async fn lock(app: &App, id: AccountId) {
    let (at, reason) = (Set(Some(app.now().into())), Set(Some("left".to_owned())));
    let change = account::ActiveModel { locked_at: at, lock_reason: reason, ..account::ActiveModel::default() };
    account::Entity::update_many().set(change).filter(account::Column::Id.eq(id)).exec(&app.raw).await.expect("it is changed");
}
