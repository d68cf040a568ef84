//! Large answers take turns. While an answer is made, its values take many times as much memory as its text.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many values of large answers may be made at once in one process, by their estimated sizes.
const VALUES: u32 = 1_000_000;

/// The largest answer that waits for nobody.
const SMALL: u64 = 5_000;

/// Places for large answers, in the order in which they come.
#[derive(Clone)]
pub struct Large(Arc<Semaphore>);

impl Default for Large {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(usize::try_from(VALUES).unwrap_or(Semaphore::MAX_PERMITS))))
    }
}

impl Large {
    /// Waits until there is room for an answer of this estimated size. A small one needs none.
    pub async fn room(&self, values: u64) -> Option<OwnedSemaphorePermit> {
        if values <= SMALL {
            return None;
        }
        // One that is larger than all of them is made alone.
        let values = u32::try_from(values).unwrap_or(VALUES).min(VALUES);
        // The semaphore is never closed.
        Arc::clone(&self.0).acquire_many_owned(values).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn large_answers_wait_for_each_other_and_small_ones_for_nobody() {
        let large = Large::default();
        let waits = async |values| timeout(Duration::from_millis(20), large.room(values)).await.is_err();
        let one = large.room(600_000).await;
        assert!(one.is_some() && waits(600_000).await);
        let other = large.room(400_000).await;
        assert!(waits(5_001).await);
        assert!(large.room(5_000).await.is_none(), "a small one");
        drop((one, other));
        assert!(large.room(u64::MAX).await.is_some(), "one that is larger than all");
    }
}
