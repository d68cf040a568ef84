//! Who is asking.

/// Who is asking. A request without an account is the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody in particular: sees what is published.
    Public,
}
