//! 公开与内部: for whom a task is judged, and the light that each of them is shown.

use entity::StatusLight;

/// For whom a task is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Those who may read how duties are met. Missing reports count.
    Office,
    /// Everybody else. Only public facts count, so no answer reveals a report that is not accepted.
    Public,
}

/// The lights of a task: one for each audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lights {
    /// That of the office, which counts missing reports.
    pub office: StatusLight,
    /// That of the public.
    pub public: StatusLight,
}
