//! How many descriptors the process may have: each connection is one.

/// Raises the soft limit to the hard one and says how many descriptors there may be, where the system tells.
///
/// Many systems begin with 1024, which is for programs that use `select`. Nothing here does.
#[must_use]
pub fn raise() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        if current == maximum {
            return current;
        }
        match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
            Ok(()) => maximum,
            Err(error) => {
                tracing::warn!(%error, ?current, "the limit of descriptors cannot be raised");
                current
            }
        }
    }
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::*;

    #[test]
    fn the_soft_limit_becomes_the_hard_one() {
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        // Enough for the other tests of this process.
        let lower = maximum.unwrap_or(4_096).min(4_096);
        setrlimit(Resource::Nofile, Rlimit { current: Some(lower.saturating_sub(1)), maximum }).expect("it can be lowered");
        assert_eq!(raise(), maximum);
        assert_eq!(getrlimit(Resource::Nofile).current, maximum);
    }
}
