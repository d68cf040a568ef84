//! 单位: departments, towns, branches, enterprises: who does work.

use entity::{JurisdictionId, UnitId, UnitKind};

/// A unit does work, in one jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The jurisdiction it belongs to. A branch of a city bureau in a zone is the zone's.
    pub jurisdiction_id: JurisdictionId,
    /// The name that notices use, unique in the jurisdiction.
    pub name: String,
    /// The kind of the unit.
    pub kind: UnitKind,
    /// Its place in the official order of its jurisdiction.
    pub position: i32,
}
