//! Hashes of passwords: making one, and checking a password against one in the same time whether there is one or not.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, Salt},
    },
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::spawn_blocking,
    time::{sleep, timeout},
};
use zeroize::Zeroizing;

use super::{NoRandomness, Password};

/// Memory of a hash in KiB, passes over it, and lanes: the least that OWASP recommends for Argon2id.
const MEMORY: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Bytes of a hash, and of its salt.
const OUTPUT: usize = 32;
const SALT: usize = 16;

/// The most memory in KiB and passes that a stored hash may ask for. The number of permits bounds the memory only if each hash is bounded.
/// A person who can write one row must not be able to stop the service with it.
const MOST_MEMORY: u32 = 131_072;
const MOST_PASSES: u32 = 16;

/// The hash of a password as it is stored: a PHC string, which names its parameters and its salt.
#[derive(Clone)]
pub struct Hash(String);

impl Hash {
    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash and its parameters, if a password can be checked against it at a bounded cost. All that the algorithm would refuse
    /// is refused here: a refusal there comes before the work, and shows in the time.
    fn parse(&self) -> Option<(PasswordHash, Params)> {
        let hash = PasswordHash::new(&self.0).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let complete = hash.algorithm == ARGON2ID_IDENT
            && hash.version == Some(Version::V0x13.into())
            && hash.salt.is_some_and(|salt| salt.len() >= argon2::MIN_SALT_LEN)
            && hash.hash.is_some();
        let bounded = params.m_cost() <= MOST_MEMORY && params.t_cost() <= MOST_PASSES;
        (complete && bounded).then_some((hash, params))
    }
}

/// A stored value that is not a hash matches no password.
impl From<String> for Hash {
    fn from(stored: String) -> Self {
        Self(stored)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hash(…)")
    }
}

/// Why there is no hash of a password.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The password is far too long: its weaknesses were not looked at.
    #[error("the password is too long to be hashed")]
    TooLong,
    /// There is no salt.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The algorithm failed; its memory was refused, most likely.
    #[error("the password could not be hashed")]
    Algorithm(#[from] password_hash::Error),
    /// The service is stopping.
    #[error("the hashing of a password was cut short")]
    Interrupted,
}

/// How long the memory of a hash is kept for the next.
const MEMORY_KEPT: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(20) };

/// How long a stranger lets others go first. People from new networks must get in too while an office signs in.
const LONGEST_COURTESY: Duration = Duration::from_millis(500);

/// Makes hashes and checks passwords, a few at a time. Clones share the limit.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// The second permit of a stranger, so strangers never hold all permits.
    strangers: Arc<Semaphore>,
    /// How many checks of others wait or run. Strangers let them go first.
    others: Arc<watch::Sender<usize>>,
    /// The memory of those that run, kept from one to the next: given back each time, the allocator would keep some of it for every
    /// thread that ever hashed, which came to a gigabyte. It is given back once nobody has hashed for [`MEMORY_KEPT`].
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    /// How many hashes have been made.
    made: Arc<AtomicU64>,
    /// The hash for an account without one. It is random instead of made from a password, so nothing matches it.
    decoy: Arc<PasswordHash>,
    #[cfg(test)]
    runs: Arc<std::sync::Mutex<Vec<Params>>>,
}

impl Hasher {
    /// A hasher that does `permits` hashes at once. Each takes 19 MiB and one core while it runs, so more of them than cores are of no
    /// use. Without a limit, a burst of sign-ins would take the memory of hundreds of hashes and starve all other work. A later caller
    /// waits for a permit.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn new(permits: NonZeroUsize) -> Result<Self, HashError> {
        let params = Params::new(MEMORY, PASSES, LANES, Some(OUTPUT)).map_err(password_hash::Error::from)?;
        let decoy = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(&random::<SALT>()?).map_err(|_| password_hash::Error::SaltInvalid)?),
            hash: Some(Output::new(&random::<OUTPUT>()?).map_err(|_| password_hash::Error::OutputSize)?),
        };
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(permits.get().min(Semaphore::MAX_PERMITS))),
            strangers: Arc::new(Semaphore::new(permits.get().min(Semaphore::MAX_PERMITS).saturating_sub(1).max(1))),
            others: Arc::default(),
            memory: Arc::default(),
            made: Arc::default(),
            decoy: Arc::new(decoy),
            #[cfg(test)]
            runs: Arc::default(),
        })
    }

    /// The hash of a password, under a salt of its own. Whether the password is fit to be one is asked before, of
    /// [`weaknesses`](super::weaknesses).
    ///
    /// # Errors
    /// The password is far too long, there is no randomness or memory, or the service is stopping.
    pub async fn hash(&self, password: Password) -> Result<Hash, HashError> {
        if password.overlong {
            return Err(HashError::TooLong);
        }
        let hasher = self.clone();
        self.apart(move || {
            let salt = random::<SALT>()?;
            let output = hasher.run(&hasher.argon2, password.reveal(), &salt, OUTPUT)?;
            let params = ParamsString::try_from(hasher.argon2.params())?;
            let salt = Salt::new(&salt).map_err(|_| password_hash::Error::SaltInvalid)?;
            let version = Some(Version::V0x13.into());
            let hash = PasswordHash { algorithm: ARGON2ID_IDENT, version, params, salt: Some(salt), hash: Some(output) };
            Ok(Hash(hash.to_string()))
        })
        .await?
    }

    /// Whether `password` is the one of `hash`.
    ///
    /// The time does not show the reason of a failure. The work is that of a wrong password in three other cases. They are no hash (no
    /// such account, or one without a password), an unreadable hash, and a password that is far too long.
    pub async fn verify(&self, password: Password, hash: Option<Hash>) -> bool {
        let _first = First::of(&self.others);
        self.verify_holding(None, password, hash).await
    }

    /// Whether `password` is the one of `hash`, for somebody from an unknown network. All but one of the permits serve strangers, who
    /// wait for each other first. Before it takes its permit, a stranger lets all others go first, for half a second at most. So
    /// somebody else waits for the strangers that run already, however many there are.
    pub async fn verify_for_stranger(&self, password: Password, hash: Option<Hash>) -> bool {
        let Ok(turn) = Arc::clone(&self.strangers).acquire_owned().await else { return false };
        // Whether nobody is left or the time is over: it is this stranger's turn.
        let _ = timeout(LONGEST_COURTESY, self.others.subscribe().wait_for(|others| *others == 0)).await;
        self.verify_holding(Some(turn), password, hash).await
    }

    async fn verify_holding(&self, turn: Option<OwnedSemaphorePermit>, password: Password, hash: Option<Hash>) -> bool {
        let hasher = self.clone();
        let work = move || {
            let outcome = hasher.check(&password, hash.as_ref());
            // Held until here for the same reason as the permit: a request that is given up does not stop the thread.
            drop(turn);
            outcome
        };
        let checked = self.apart(work).await;
        checked.and_then(|outcome| outcome).unwrap_or_else(|error| {
            tracing::error!(fault = %error, "a password could not be checked, and counts as wrong");
            false
        })
    }

    /// Whether a hash was made with other parameters than today's. It should then be made again at the next sign-in, when the password is
    /// known.
    #[must_use]
    pub fn needs_rehash(&self, hash: &Hash) -> bool {
        hash.parse().is_none_or(|(_, params)| params != *self.argon2.params())
    }

    fn check(&self, password: &Password, hash: Option<&Hash>) -> Result<bool, HashError> {
        let genuine = hash.filter(|_| !password.overlong).and_then(Hash::parse);
        let is_genuine = genuine.is_some();
        let (target, params) = genuine.unwrap_or_else(|| (PasswordHash::clone(&self.decoy), self.argon2.params().clone()));
        let (Some(salt), Some(expected)) = (&target.salt, &target.hash) else { return Ok(false) };
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        #[cfg(test)]
        self.runs.lock().unwrap().push(argon2.params().clone());
        let output = self.run(&argon2, password.reveal(), salt, expected.as_bytes().len())?;
        // Outputs compare in constant time.
        Ok(output == *expected && is_genuine)
    }

    /// One run of the algorithm, in memory that is wiped and kept for the next.
    fn run(&self, argon2: &Argon2<'_>, password: &str, salt: &[u8], length: usize) -> Result<Output, HashError> {
        let mut output = Zeroizing::new(vec![0; length]);
        let mut blocks = self.memory.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        blocks.resize(argon2.params().block_count(), Block::default());
        let run = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut blocks);
        blocks.fill(Block::default());
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
        run.map_err(password_hash::Error::from)?;
        Ok(Output::new(&output).map_err(|_| password_hash::Error::OutputSize)?)
    }

    /// Does `work` on a thread that may be kept busy, once there is a permit.
    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| HashError::Interrupted)?;
        // The thread holds the permit, not the request. A request that is given up does not stop the thread, and a caller who keeps giving
        // up would get past the limit.
        let running = spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        let done = running.await.map_err(|_| HashError::Interrupted);
        self.give_back_later();
        done
    }

    /// Gives the memory back unless another hash is made meanwhile.
    fn give_back_later(&self) {
        let made = self.made.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let hasher = self.clone();
        tokio::spawn(async move {
            sleep(MEMORY_KEPT).await;
            if hasher.made.load(Ordering::Relaxed) == made {
                *hasher.memory.lock().unwrap_or_else(PoisonError::into_inner) = Vec::new();
            }
        });
    }
}

/// Somebody who goes before strangers, until it is dropped.
struct First(Arc<watch::Sender<usize>>);

impl First {
    fn of(others: &Arc<watch::Sender<usize>>) -> Self {
        others.send_modify(|others| *others = others.saturating_add(1));
        Self(Arc::clone(others))
    }
}

impl Drop for First {
    fn drop(&mut self) {
        self.0.send_modify(|others| *others = others.saturating_sub(1));
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hasher").field("argon2", &self.argon2).field("permits", &self.permits).finish_non_exhaustive()
    }
}

fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], NoRandomness> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher as _;

    use super::*;

    const SECRET: &str = "kettle umbrella ninety";

    fn hasher() -> Hasher {
        Hasher::new(NonZeroUsize::MIN).unwrap()
    }

    /// A hash with other parameters than today's.
    fn hash_with(memory: u32, passes: u32) -> Hash {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, 1, Some(OUTPUT)).unwrap());
        Hash(argon2.hash_password_with_salt(SECRET.as_bytes(), &[7; SALT]).unwrap().to_string())
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let hasher = hasher();
        let hash = hasher.hash(Password::new(SECRET)).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(hasher.verify(Password::new(SECRET), Some(hash.clone())).await);
        assert!(hasher.verify(Password::new("kettle\u{3000}umbrella ninety"), Some(Hash::from(hash.as_str().to_owned()))).await);
        for other in ["Kettle umbrella ninety", "kettle umbrella ninety ", ""] {
            assert!(!hasher.verify(Password::new(other), Some(hash.clone())).await, "{other:?}");
        }
        let again = hasher.hash(Password::new(SECRET)).await.unwrap();
        assert_ne!(again.as_str(), hash.as_str(), "each has a salt of its own");
    }

    #[tokio::test]
    async fn a_check_is_one_run_of_the_same_cost_whatever_is_checked() {
        let hasher = hasher();
        let hash = hasher.hash(Password::new(SECRET)).await.unwrap();
        let broken = |text: &str| Some(Hash::from(text.to_owned()));
        let shortened = hash.as_str().rsplit_once('$').unwrap().0;
        let of_nothing = hasher.hash(Password::new("")).await.unwrap();
        let cases = [
            ("right", Password::new(SECRET), Some(hash.clone()), true),
            ("wrong", Password::new("wrong"), Some(hash.clone()), false),
            ("no account", Password::new(SECRET), None, false),
            ("far too long", Password::new("x".repeat(1 << 20)), Some(hash.clone()), false),
            ("far too long, of which nothing is kept", Password::new("x".repeat(1 << 20)), Some(of_nothing), false),
            ("far too long, no account", Password::new("x".repeat(1 << 20)), None, false),
            ("empty hash", Password::new(""), broken(""), false),
            ("NUL", Password::new("\0"), broken("\0"), false),
            ("no output", Password::new(SECRET), broken(shortened), false),
            ("other algorithm", Password::new(SECRET), broken(&hash.as_str().replace("argon2id", "argon2i")), false),
            ("old version", Password::new(SECRET), broken(&hash.as_str().replace("v=19", "v=16")), false),
            ("unknown version", Password::new(SECRET), broken(&hash.as_str().replace("v=19", "v=99")), false),
            ("no version", Password::new(SECRET), broken(&hash.as_str().replace("$v=19", "")), false),
            ("too much memory", Password::new(SECRET), broken(&hash.as_str().replace("m=19456", "m=4294967295")), false),
            ("too many passes", Password::new(SECRET), broken(&hash.as_str().replace("t=2", "t=4294967295")), false),
            ("no memory", Password::new(SECRET), broken(&hash.as_str().replace("m=19456", "m=1")), false),
            ("a megabyte", Password::new(SECRET), broken(&"$".repeat(1 << 20)), false),
        ];
        let count = cases.len();
        for (case, password, hash, expected) in cases {
            assert_eq!(hasher.verify(password, hash).await, expected, "{case}");
        }
        let runs = hasher.runs.lock().unwrap();
        assert_eq!(*runs, vec![hasher.argon2.params().clone(); count]);
    }

    #[tokio::test]
    async fn nothing_matches_the_decoy() {
        let hasher = hasher();
        let decoy = Hash::from(hasher.decoy.to_string());
        assert!(decoy.parse().is_some(), "it can be checked against, so it costs as much");
        for guess in ["", SECRET] {
            assert!(!hasher.verify(Password::new(guess), Some(decoy.clone())).await);
        }
        assert_ne!(Hasher::new(NonZeroUsize::MIN).unwrap().decoy, hasher.decoy);
    }

    #[tokio::test]
    async fn an_older_hash_still_counts_and_asks_to_be_made_again() {
        let hasher = hasher();
        for (hash, outdated) in [(hash_with(MEMORY, PASSES), false), (hash_with(8, 1), true), (hash_with(MEMORY, 1), true)] {
            assert_eq!(hasher.needs_rehash(&hash), outdated, "{}", hash.as_str());
            assert!(hasher.verify(Password::new(SECRET), Some(hash)).await);
        }
        assert!(hasher.needs_rehash(&Hash::from(String::new())));
    }

    #[tokio::test]
    async fn far_too_much_is_not_hashed() {
        assert!(matches!(hasher().hash(Password::new("x".repeat(1 << 20))).await, Err(HashError::TooLong)));
    }

    #[tokio::test]
    async fn strangers_leave_a_permit_to_others() {
        let hasher = Hasher::new(NonZeroUsize::new(2).unwrap()).unwrap();
        let turn = Arc::clone(&hasher.strangers).acquire_owned().await.unwrap();
        let of_stranger = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.verify_for_stranger(Password::new(SECRET), Some(hash_with(8, 1))).await }
        });
        // The stranger waits for the other stranger, and holds no permit meanwhile.
        tokio::task::yield_now().await;
        assert_eq!(hasher.permits.available_permits(), 2);
        assert!(hasher.verify(Password::new(SECRET), Some(hash_with(8, 1))).await);
        assert!(!of_stranger.is_finished());
        drop(turn);
        assert!(of_stranger.await.unwrap());
        assert_eq!(hasher.strangers.available_permits(), 1);
    }

    #[tokio::test]
    async fn a_request_that_is_given_up_keeps_its_permit_until_the_work_is_done() {
        let hasher = hasher();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let request = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                hasher
                    .apart(move || {
                        started.send(()).unwrap();
                        finished.recv().unwrap();
                    })
                    .await
            }
        });
        has_started.await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(hasher.permits.available_permits(), 0, "its thread still runs");
        finish.send(()).unwrap();
        assert!(!hasher.verify(Password::new(SECRET), None).await, "the permit comes back, or this waits for ever");
    }

    #[tokio::test]
    async fn memory_is_kept_for_the_next_hash_and_given_back_when_none_comes() {
        let hasher = hasher();
        let kept = || hasher.memory.lock().unwrap().len();
        for _ in 0..3 {
            assert!(hasher.verify(Password::new(SECRET), Some(hash_with(8, 1))).await);
            assert_eq!(kept(), 1);
        }
        sleep(4 * MEMORY_KEPT).await;
        assert_eq!(kept(), 0);
    }

    #[tokio::test]
    async fn strangers_let_others_go_first_but_not_for_ever() {
        let hasher = hasher();
        let first = First::of(&hasher.others);
        let check = |hasher: Hasher| async move { hasher.verify_for_stranger(Password::new(SECRET), Some(hash_with(8, 1))).await };
        let begun = tokio::time::Instant::now();
        assert!(check(hasher.clone()).await, "it gets in at last");
        assert!(begun.elapsed() >= LONGEST_COURTESY);
        drop(first);
        let begun = tokio::time::Instant::now();
        assert!(check(hasher).await);
        assert!(begun.elapsed() < LONGEST_COURTESY, "nobody else wants to");
    }

    #[test]
    fn a_log_shows_nothing_of_a_hash() {
        let hasher = hasher();
        let output = hasher.decoy.hash.unwrap().to_string();
        assert!(!format!("{hasher:?}").contains(&output));
        assert_eq!(format!("{:?}", Hash::from(output)), "Hash(…)");
    }
}
