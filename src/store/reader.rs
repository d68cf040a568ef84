//! Reading for a client: each statement waits for its turn, so that one client's statements do not hold up another's.
//!
//! A turn is held for one statement and nothing is waited for while it is held, so readers cannot lock each other out.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::access::{
    client::Client,
    fair::{Fair, Turn},
};

/// How many connections one request holds at once.
const OF_A_REQUEST: usize = 3;

/// A connection to read through, for the length of one request.
#[derive(Clone, Debug)]
pub struct Reader {
    connection: DatabaseConnection,
    queue: Option<Queue>,
}

/// Where the statements of a request wait.
#[derive(Clone, Debug)]
struct Queue {
    client: Client,
    places: Fair<Client>,
    of_request: Arc<Semaphore>,
}

impl Reader {
    /// Reads of the service itself, such as finding out who asks. They do not queue: each is one short statement.
    pub(super) fn of_service(connection: DatabaseConnection) -> Self {
        Self { connection, queue: None }
    }

    /// Reads of one request of a client.
    pub(super) fn of_client(connection: DatabaseConnection, client: Client, places: Fair<Client>) -> Self {
        let of_request = Arc::new(Semaphore::new(OF_A_REQUEST));
        Self { connection, queue: Some(Queue { client, places, of_request }) }
    }

    async fn turn(&self) -> Option<(Option<SemaphorePermit<'_>>, Turn<Client>)> {
        let queue = self.queue.as_ref()?;
        // The semaphore is never closed; were it, the places would still be bounded.
        let of_request = queue.of_request.acquire().await.ok();
        Some((of_request, queue.places.wait(queue.client).await))
    }
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await;
        self.connection.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, statement: &str) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await;
        self.connection.execute_unprepared(statement).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _turn = self.turn().await;
        self.connection.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = self.turn().await;
        self.connection.query_all_raw(statement).await
    }
}
