//! What does not fit, and how it is told.

use async_graphql::{Pos, Response};
use language::{Language, Text};

use crate::answer::error::{Code, refusal, shortened};

/// What does not fit.
#[derive(Debug, PartialEq)]
pub(crate) struct Misfit {
    /// Where it is: `$input.year`, `first`.
    pub path: String,
    /// What is wrong there.
    pub why: Why,
    /// Where in the document.
    pub place: Option<Pos>,
}

/// What is wrong.
#[derive(Debug, PartialEq)]
pub(crate) enum Why {
    /// Something of another type belongs there.
    Wanted(String),
    /// A type, or what takes arguments, has nothing of this name.
    Unknown(String),
    /// Something of this type must be there.
    Missing(String),
    /// It stands where it may not.
    Misplaced,
    /// It stands there already.
    Twice,
}

impl Why {
    fn message(&self, path: &str) -> Text {
        match self {
            Self::Wanted(wanted) => Text::new(
                format!("{path} 的值不合要求：此处需要 {wanted}。"),
                format!("The value of {path} does not fit: {wanted} belongs here."),
            ),
            Self::Unknown(of) => {
                Text::new(format!("没有“{path}”：请对照“{of}”的定义更正。"), format!("There is no {path}: see what {of} has."))
            }
            Self::Missing(of) => {
                Text::new(format!("缺少“{path}”（{of}）：请给出它的值。"), format!("{path} ({of}) is missing: give its value."))
            }
            Self::Misplaced => Text::new(format!("{path} 不能用在此处：请去掉它。"), format!("{path} may not stand here: leave it out.")),
            Self::Twice => Text::new(format!("{path} 在同一处出现两次：请只写一次。"), format!("{path} stands here twice: give it once.")),
        }
    }
}

impl Misfit {
    /// As the answer to a request.
    pub(crate) fn refusal(&self, language: Language) -> Response {
        let Self { path, why, place } = self;
        let mut response = refusal(Code::ValidationFailed, language, &why.message(path));
        for error in &mut response.errors {
            error.locations = place.iter().copied().collect();
            error.extensions.get_or_insert_default().set("argument", shortened(path.trim_start_matches('$')));
        }
        response
    }
}
