//! Reading for a client: each statement waits for its turn, so that one client's statements do not hold up another's.
//!
//! A turn is held for one statement and nothing is waited for while it is held, so readers cannot lock each other out.

use std::sync::Arc;

use async_trait::async_trait;
use fair::{Client, Fair, Turn};
use sea_orm::{ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::database::PATIENCE;

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

/// A statement's place, among those of its request and among those of all clients.
struct Place<'a> {
    _of_request: Option<SemaphorePermit<'a>>,
    _turn: Turn<Client>,
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

    async fn turn(&self) -> Result<Option<Place<'_>>, DbErr> {
        let Some(queue) = &self.queue else { return Ok(None) };
        // A request waits for its own statements as long as it may run.
        let of_request = queue.of_request.acquire().await.ok();
        // Waiting longer than this for others is a sign that the database is too slow, as it is of the pool.
        let turn = timeout(PATIENCE, queue.places.wait(queue.client)).await;
        let turn = turn.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?;
        Ok(Some(Place { _of_request: of_request, _turn: turn }))
    }
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await?;
        self.connection.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, statement: &str) -> Result<ExecResult, DbErr> {
        let _turn = self.turn().await?;
        self.connection.execute_unprepared(statement).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _turn = self.turn().await?;
        self.connection.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = self.turn().await?;
        self.connection.query_all_raw(statement).await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_request_has_three_statements_at_once() {
        let client = Client::Network([192, 0, 2, 1].into());
        let places = Fair::new(10, 10);
        let reader = || Reader::of_client(DatabaseConnection::default(), client, places.clone());
        let (one, another) = (reader(), reader());
        let mut turns: Vec<_> = (0..3).filter_map(|_| one.turn().now_or_never()).collect();
        assert_eq!(turns.len(), 3);
        assert!(one.turn().now_or_never().is_none(), "a fourth waits");
        assert!(another.turn().now_or_never().is_some(), "another request of the client");
        turns.pop();
        assert!(one.turn().now_or_never().is_some());
    }

    #[test]
    fn the_service_itself_does_not_queue() {
        let reader = Reader::of_service(DatabaseConnection::default());
        let turns: Vec<_> = (0..10).map(|_| reader.turn().now_or_never()).collect();
        assert!(turns.iter().all(|turn| matches!(turn, Some(Ok(None)))));
    }
}
