//! What each action is, in one entry: who may do it and by which proof, what must hold for it, what it moves and what it records.
//!
//! The match has no default, so that a new action does not compile until somebody has said all of this.

use entity::{Action, Role};
use sea_orm::Iterable as _;

use crate::access::recorded::{
    EACH_REPORT,
    Shown::{self, Always, Inside, WithSubject},
};

/// What an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who may do it to anything at all.
    pub who: Who,
    /// What it is done to, by which the proofs differ that are enough for it.
    pub kind: Kind,
    /// Whether it is left to an account whose password somebody else knows.
    pub before_first_password: bool,
    /// Whether units that support a task may do it too, and not those alone that lead it.
    pub for_supporting_units: bool,
    /// What must hold of what it is done to. The first that does not is the reason.
    pub wants: &'static [Want],
    /// Whether it may by itself change what the public sees. Where one that may not does show the public something, such as a report that
    /// is accepted, one of its events says so. The names of answers rise by this, and would tell the public of a hidden change.
    pub moves_the_public: bool,
    /// What it may put out of date that others hold.
    pub outdates: Option<Outdated>,
    /// The field of what it is done to that says whether it may be done.
    pub viewer_can: Option<&'static str>,
    /// All fields that it records, each with who is shown it.
    pub records: &'static [(&'static str, Shown)],
}

/// Who may do something to anything at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anybody,
    /// Whoever is signed in, to what is theirs.
    SignedIn,
    /// Accounts of these roles.
    Roles(&'static [Role]),
    /// The service itself, and the commands of the program.
    Service,
}

/// What something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: it is read.
    Reading,
    /// How the asking account itself signs in.
    Own,
    /// The session or the password that the asking account has here. Whoever signs in elsewhere has neither.
    OwnHere,
    /// How other accounts sign in, and what they may.
    Accounts,
    /// All else.
    Work,
}

/// What must hold of what something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The task is suspended.
    Suspended,
    /// The task is not suspended.
    Running,
    /// A unit claims that the task is done.
    Claimed,
    /// No unit claims that the task is done.
    Unclaimed,
    /// The account is locked.
    Locked,
    /// The account is not locked.
    Unlocked,
}

/// What others hold that is out of date after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outdated {
    /// What somebody proved themselves with, or what they may see. Whoever follows events proves themselves again.
    Standing,
    /// Which documents are trusted.
    Documents,
}

impl Kind {
    /// Whether it is on how the asking account itself signs in.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::OwnHere)
    }
}

impl Who {
    /// Whether accounts of a role are among them.
    #[must_use]
    pub fn includes(self, role: Role) -> bool {
        match self {
            Self::Anybody | Self::SignedIn => true,
            Self::Roles(roles) => roles.contains(&role),
            Self::Service => false,
        }
    }
}

const READING: Rule = Rule {
    who: Who::SignedIn,
    kind: Kind::Reading,
    before_first_password: false,
    for_supporting_units: false,
    wants: &[],
    moves_the_public: false,
    outdates: None,
    viewer_can: None,
    records: &[],
};
const OWN: Rule = Rule { kind: Kind::Own, ..READING };
const OF_SESSIONS: Rule = Rule { outdates: Some(Outdated::Standing), records: SESSIONS, ..OWN };
const OF_ACCOUNTS: Rule = Rule {
    who: Who::Roles(&[Role::Office, Role::Admin]),
    kind: Kind::Accounts,
    outdates: Some(Outdated::Standing),
    records: ACCOUNTS,
    ..READING
};
/// One that is not said to stay inside is taken for one that may move the public.
const WORK: Rule = Rule { who: Who::Roles(&[Role::Office]), kind: Kind::Work, moves_the_public: true, ..READING };
/// Work that stays inside a jurisdiction.
const INSIDE: Rule = Rule { moves_the_public: false, ..WORK };
const SERVICE: Rule = Rule { who: Who::Service, ..INSIDE };

const UNITS: Who = Who::Roles(&[Role::Unit]);
const UNITS_AND_OFFICES: Who = Who::Roles(&[Role::Unit, Role::Office]);

const SESSIONS: &[(&str, Shown)] = &[("openSessions", Always)];
const KEYS: &[(&str, Shown)] =
    &[("name", WithSubject), ("rights", WithSubject), ("expiresAt", WithSubject), ("secret", WithSubject), ("revokedAt", WithSubject)];
const ACCOUNTS: &[(&str, Shown)] = &[
    ("username", WithSubject),
    ("role", WithSubject),
    ("jurisdiction", WithSubject),
    ("unit", WithSubject),
    ("externalSubject", WithSubject),
    // A text of the office: why an account is locked.
    ("lockReason", WithSubject),
    ("openSessions", WithSubject),
    ("password", WithSubject),
    // Those of the demo.
    ("accounts", WithSubject),
];
/// Reports stand inside until they are accepted, and how they came about ever after.
const POSTS: &[(&str, Shown)] =
    &[("report", Inside), ("reportVersion", Inside), ("inventedReports", Inside), ("inventedMeetings", Inside), (EACH_REPORT, Inside)];

/// What an action is.
#[must_use]
pub fn rule(action: Action) -> Rule {
    match action {
        Action::ReadNotice => Rule { who: Who::Anybody, ..READING },
        Action::ReadAccount => Rule { before_first_password: true, ..READING },
        Action::ReadAudit => Rule { who: Who::Roles(&[Role::Office, Role::Admin]), ..READING },
        Action::ReadCompliance => Rule { who: Who::Roles(&[Role::Unit, Role::Office, Role::Leader]), ..READING },
        Action::SignIn => Rule { who: Who::Anybody, outdates: None, ..OF_SESSIONS },
        // `repeated` is for a token that two tabs have spent, or one whose answer was lost.
        Action::RefreshSession => Rule { who: Who::Anybody, records: &[("openSessions", Always), ("repeated", Inside)], ..OF_SESSIONS },
        Action::SignOut => Rule { kind: Kind::OwnHere, before_first_password: true, ..OF_SESSIONS },
        Action::SignOutEverywhere => Rule { before_first_password: true, ..OF_SESSIONS },
        Action::EndSession => Rule { before_first_password: true, viewer_can: Some("viewerCanEnd"), ..OF_SESSIONS },
        Action::ChangePassword => Rule {
            kind: Kind::OwnHere,
            before_first_password: true,
            records: &[("password", Always), ("otherSessions", Always)],
            ..OF_SESSIONS
        },
        Action::CreateApiKey => Rule { records: KEYS, ..OWN },
        Action::RevokeApiKey => Rule { outdates: Some(Outdated::Standing), viewer_can: Some("viewerCanRevoke"), records: KEYS, ..OWN },
        Action::CreateAccount => Rule { outdates: None, ..OF_ACCOUNTS },
        Action::ChangeAccount => Rule { viewer_can: Some("viewerCanChange"), ..OF_ACCOUNTS },
        Action::TransferAccount => Rule { viewer_can: Some("viewerCanTransfer"), ..OF_ACCOUNTS },
        Action::LockAccount => Rule { wants: &[Want::Unlocked], viewer_can: Some("viewerCanLock"), ..OF_ACCOUNTS },
        Action::UnlockAccount => Rule { wants: &[Want::Locked], viewer_can: Some("viewerCanUnlock"), ..OF_ACCOUNTS },
        Action::ResetPassword => Rule { viewer_can: Some("viewerCanResetPassword"), ..OF_ACCOUNTS },
        Action::SubmitProgress => Rule {
            who: UNITS,
            for_supporting_units: true,
            wants: &[Want::Running],
            viewer_can: Some("viewerCanSubmit"),
            records: POSTS,
            ..INSIDE
        },
        // The reason of a review is an internal text: `stateReason`, or that of each report by its id.
        Action::ReviewProgress => Rule {
            viewer_can: Some("viewerCanReview"),
            records: &[("state", Inside), ("stateReason", Inside), (EACH_REPORT, Inside)],
            ..INSIDE
        },
        Action::SavePlan => Rule {
            who: UNITS_AND_OFFICES,
            viewer_can: Some("viewerCanSavePlan"),
            records: &[("startsOn", WithSubject), ("dueOn", WithSubject), ("milestones", WithSubject)],
            ..WORK
        },
        Action::AllocateTarget => {
            Rule { who: UNITS_AND_OFFICES, viewer_can: Some("viewerCanAllocate"), records: &[("allocations", WithSubject)], ..WORK }
        }
        // `resolution` is an internal text of the blocker.
        Action::ResolveBlocker => Rule {
            who: UNITS_AND_OFFICES,
            viewer_can: Some("viewerCanResolve"),
            records: &[("state", Inside), ("resolution", Inside)],
            ..INSIDE
        },
        // `claimNote` and `returnReason` are internal texts of the task.
        Action::ClaimCompletion => Rule {
            who: UNITS,
            wants: &[Want::Running, Want::Unclaimed],
            viewer_can: Some("viewerCanClaim"),
            records: &[("claimedOn", Inside), ("claimNote", Inside)],
            ..INSIDE
        },
        Action::ReturnCompletion => Rule {
            wants: &[Want::Claimed],
            viewer_can: Some("viewerCanReturn"),
            records: &[("claimedOn", Inside), ("returnReason", Inside)],
            ..INSIDE
        },
        // What follows stands in the open with the task: `closingNote`, `suspensionReason` and `extensionReason` are public texts.
        Action::AcceptCompletion => Rule {
            wants: &[Want::Claimed],
            viewer_can: Some("viewerCanAccept"),
            records: &[("acceptedOn", WithSubject), ("inForceOn", WithSubject), ("closingNote", WithSubject)],
            ..WORK
        },
        Action::SuspendTask => Rule {
            wants: &[Want::Running],
            viewer_can: Some("viewerCanSuspend"),
            records: &[("suspendedOn", WithSubject), ("suspensionReason", WithSubject)],
            ..WORK
        },
        Action::ResumeTask => {
            Rule { wants: &[Want::Suspended], viewer_can: Some("viewerCanResume"), records: &[("suspendedOn", WithSubject)], ..WORK }
        }
        Action::ExtendTask => {
            Rule { viewer_can: Some("viewerCanExtend"), records: &[("extendedTo", WithSubject), ("extensionReason", WithSubject)], ..WORK }
        }
        Action::ChangeReporting => {
            Rule { records: &[("acceptsWeekly", WithSubject), ("movedByHolidays", WithSubject), ("duties", WithSubject)], ..WORK }
        }
        // A meeting is internal, and its summary is not recorded.
        Action::RecordMeeting => {
            Rule { who: Who::Roles(&[Role::Office, Role::Leader]), records: &[("kind", Inside), ("heldOn", Inside)], ..INSIDE }
        }
        Action::AdoptRuleSet => Rule { records: &[("ruleSet", Always), ("inForceFrom", Always)], ..WORK },
        // How many reports are overdue, in the whole installation.
        Action::WatchTime => Rule { records: &[("overdue", Inside), ("lights", Inside)], ..SERVICE },
        Action::RotateSigningKeys => {
            Rule { outdates: Some(Outdated::Standing), records: &[("retired", Always), ("revoked", Always)], ..SERVICE }
        }
        Action::ChangeDocuments => {
            Rule { outdates: Some(Outdated::Documents), records: &[("registered", Always), ("retired", Always)], ..SERVICE }
        }
    }
}

/// The actions that may put out of date what others hold.
pub fn outdating(what: Outdated) -> impl Iterator<Item = Action> {
    Action::iter().filter(move |action| rule(*action).outdates == Some(what))
}
