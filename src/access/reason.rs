//! Why something is not allowed, in a word for programs and a sentence for people.

use crate::domain::language::Text;

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody is signed in.
    SignInFirst,
    /// Another person set the password.
    PasswordTemporary,
    /// The role may not do this to anything.
    RoleMayNot,
    /// It belongs to a jurisdiction that is neither the viewer's nor below it.
    OutsideJurisdiction,
    /// The role to give is not one that the viewer may give.
    MoreThanYouHave,
    /// Nobody administers their own account.
    OwnAccount,
    /// An API key for queries was used.
    ReadOnlyKey,
    /// An API key was used where a person must have signed in.
    NotByKey,
    /// The account signs in elsewhere, so it has no session or password here.
    NotSignedInHere,
    /// The account is locked already.
    AlreadyLocked,
    /// The account is not locked.
    NotLocked,
    /// Nobody could manage the installation any more.
    LastAdmin,
    /// It has ended or been revoked.
    AlreadyEnded,
    /// The viewer's unit has no part in the task.
    NotAssigned,
    /// The viewer's unit does not lead the task.
    NotLead,
    /// It is the business of the office of another jurisdiction.
    OtherJurisdiction,
    /// It is internal to a jurisdiction that the viewer does not read.
    InternalElsewhere,
    /// It is of another unit.
    NotYourReport,
    /// The notice is not in force.
    NotIssued,
    /// The task is closed.
    TaskClosed,
    /// The task is suspended.
    TaskSuspended,
    /// The task is not suspended.
    NotSuspended,
    /// The unit claims already that the task is done.
    AlreadyClaimed,
    /// Nobody claims that the task is done.
    NotClaimed,
}

impl Reason {
    /// The word that programs match on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SignInFirst => "SIGN_IN_FIRST",
            Self::PasswordTemporary => "PASSWORD_TEMPORARY",
            Self::RoleMayNot => "ROLE_MAY_NOT",
            Self::OutsideJurisdiction => "OUTSIDE_JURISDICTION",
            Self::MoreThanYouHave => "MORE_THAN_YOU_HAVE",
            Self::OwnAccount => "OWN_ACCOUNT",
            Self::ReadOnlyKey => "READ_ONLY_KEY",
            Self::NotByKey => "NOT_BY_KEY",
            Self::NotSignedInHere => "NOT_SIGNED_IN_HERE",
            Self::AlreadyLocked => "ALREADY_LOCKED",
            Self::NotLocked => "NOT_LOCKED",
            Self::LastAdmin => "LAST_ADMIN",
            Self::AlreadyEnded => "ALREADY_ENDED",
            Self::NotAssigned => "NOT_ASSIGNED",
            Self::NotLead => "NOT_LEAD",
            Self::OtherJurisdiction => "OTHER_JURISDICTION",
            Self::InternalElsewhere => "INTERNAL_ELSEWHERE",
            Self::NotYourReport => "NOT_YOUR_REPORT",
            Self::NotIssued => "NOT_ISSUED",
            Self::TaskClosed => "TASK_CLOSED",
            Self::TaskSuspended => "TASK_SUSPENDED",
            Self::NotSuspended => "NOT_SUSPENDED",
            Self::AlreadyClaimed => "ALREADY_CLAIMED",
            Self::NotClaimed => "NOT_CLAIMED",
        }
    }

    /// The sentence for people, with the remedy.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::SignInFirst => Text::new("请先登录。", "Sign in first."),
            Self::PasswordTemporary => {
                Text::new("请先用 changePassword 修改初始密码。", "Change your initial password with `changePassword` first.")
            }
            Self::RoleMayNot => Text::new(
                "您的角色不能执行此操作；如有需要请联系督查室或管理员。",
                "Your role may not do this; ask the supervision office or an admin if you need it done.",
            ),
            Self::OutsideJurisdiction => Text::new(
                "只能管理本辖区及其下级；请联系该辖区或其上级的督查室。",
                "You manage your own jurisdiction and those below it; ask the office of that one or of one above it.",
            ),
            Self::MoreThanYouHave => Text::new(
                "督查室可以授予单位、领导和代表角色；其他角色请联系管理员。",
                "An office gives the roles of unit, leader and deputy; ask an admin for another.",
            ),
            Self::OwnAccount => Text::new(
                "不能管理自己的账号；请由另一位有权的人操作。修改密码请用 changePassword。",
                "Nobody manages their own account: ask another who may. For the password use `changePassword`.",
            ),
            Self::ReadOnlyKey => Text::new(
                "此 API 密钥只能查询；请登录，或使用权限为 FULL 的密钥。",
                "This API key is for queries; sign in, or use one with the rights FULL.",
            ),
            Self::NotByKey => Text::new(
                "API 密钥不能管理账号和登录方式；请登录后操作。",
                "An API key cannot manage accounts or how they sign in; sign in to do that.",
            ),
            Self::NotSignedInHere => Text::new(
                "您通过统一身份认证登录，会话和密码请在那里管理。",
                "You signed in with an identity provider; manage your session and password there.",
            ),
            Self::AlreadyLocked => Text::new("账号已经锁定。", "The account is locked already."),
            Self::NotLocked => Text::new("账号没有锁定，无需解锁。", "The account is not locked; there is nothing to undo."),
            Self::LastAdmin => Text::new(
                "这是最后一位可以登录的管理员；请先新建或解锁另一位管理员。",
                "This is the last admin who can sign in; create or unlock another first.",
            ),
            Self::AlreadyEnded => Text::new("已经结束或吊销，无需再次操作。", "It has ended already; there is nothing left to do."),
            Self::NotAssigned => Text::new(
                "贵单位不承担此任务：请核对任务，或请督查室调整分工。",
                "Your unit has no part in this task: check which one you mean, or ask the supervision office about the assignments.",
            ),
            Self::NotLead => Text::new("此操作由牵头单位办理：请联系牵头单位。", "The unit that leads the task does this: ask it to."),
            Self::OtherJurisdiction => Text::new(
                "由该辖区自己的督查室办理：上级可以查看，不能代办。",
                "The office of that jurisdiction does this; those above read and do not edit.",
            ),
            Self::InternalElsewhere => Text::new(
                "分单位的报送情况仅本辖区及其上级可见：请查询自己的辖区。",
                "How units report is internal to their jurisdiction and those above: ask for your own.",
            ),
            Self::NotYourReport => Text::new(
                "这是其他单位提出的：请由提出单位或督查室办理。",
                "Another unit has raised it: that unit or the supervision office does this.",
            ),
            Self::NotIssued => {
                Text::new("通知尚未印发或已撤回：印发后再办理。", "The notice is not issued, or withdrawn: do this once it is in force.")
            }
            Self::TaskClosed => Text::new(
                "任务已办结销号，不再变更：如有错误请联系督查室。",
                "The task is closed and changes no more: tell the supervision office if that is wrong.",
            ),
            Self::TaskSuspended => Text::new("任务已暂停：恢复后再办理。", "The task is suspended: do this once it is resumed."),
            Self::NotSuspended => Text::new("任务没有暂停，无需恢复。", "The task is not suspended; there is nothing to resume."),
            Self::AlreadyClaimed => Text::new(
                "已申请办结：请等待督查室审核。",
                "It was claimed already that the task is done: wait for the supervision office.",
            ),
            Self::NotClaimed => Text::new(
                "牵头单位尚未申请办结：请先由其申请。",
                "The unit that leads the task has not claimed that it is done: that comes first.",
            ),
        }
    }
}
