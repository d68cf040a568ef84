//! What changes cost beside the size of their answers: each takes the turn of the only writer, and leaves an audit event for ever.

/// Signing in and renewing a session. Whole offices do it at the same hour from one address.
const SESSION: u64 = 10;

/// Any other change.
const CHANGE: u64 = 20;

/// The points of one change.
pub fn price(field: &str) -> u64 {
    match field {
        "signIn" | "refreshSession" => SESSION,
        _ => CHANGE,
    }
}
