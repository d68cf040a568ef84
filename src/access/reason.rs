//! Why something is not allowed, in a word for programs and a sentence for people.

use crate::domain::language::Text;

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody is signed in.
    SignInFirst,
    /// The password was set by somebody else.
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
        }
    }

    /// The sentence that people read; it says what to do next.
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
        }
    }
}
