//! One socket from its beginning to its end.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes, WebSocket},
};
use futures_util::{StreamExt as _, future::pending};
use language::Text;
use serde_json::{Map, Value, value::RawValue};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinError, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::message::{Closing, FromClient, ToClient, next};
use crate::{
    answer::{
        Accepts, Answer, Holding, Outcome, Started,
        error::{Code, refusal},
    },
    http::{Gate, caller::Caller, json, parameters::Parameters, unproved_answer},
    product::Unproved,
    server::Stopping,
    subscription::Notification,
};

/// How long one message may take to be taken, or be queued for what stands before it.
const TAKING: Duration = Duration::from_secs(20);

/// How long the other side may take to answer a close. Whoever takes longer is left.
const PARTING: Duration = Duration::from_secs(2);

/// How many messages wait for a client that takes them slowly. Beyond that its operations pause; a subscription goes on where it was,
/// because it reads its events from the storage.
const WAITING: usize = 16;

/// A socket, and who opened it.
pub(crate) struct Session {
    gate: Gate,
    caller: Caller,
    /// Whether the client has begun.
    begun: bool,
    operations: HashMap<String, Running>,
    /// How many operations were begun: tells one from a later one under the same id.
    count: u64,
    tasks: JoinSet<()>,
    saying: mpsc::Sender<Said>,
    said: mpsc::Receiver<Said>,
}

struct Running {
    number: u64,
    task: AbortHandle,
}

/// What an operation has to say.
struct Said {
    id: String,
    number: u64,
    what: What,
}

enum What {
    /// An answer as a message, and what is counted until it has been sent.
    Next(Utf8Bytes, Holding),
    Event(Arc<RawValue>),
    /// It could not be run, or not any longer.
    Failed(Box<Answer>),
    /// The same, because who asks cannot prove it any more.
    Unproved(Box<Answer>),
    Complete,
}

impl Session {
    pub(crate) fn new(gate: Gate, caller: Caller) -> Self {
        let (saying, said) = mpsc::channel(WAITING);
        Self { gate, caller, begun: false, operations: HashMap::new(), count: 0, tasks: JoinSet::new(), saying, said }
    }

    /// Serves until either side has enough. What still runs then is ended with it; changes that have begun go on by themselves.
    pub(crate) async fn serve(mut self, mut socket: WebSocket, stopping: Option<Stopping>) {
        let stopped = async move {
            match stopping {
                Some(mut stopping) => {
                    stopping.told().await;
                    // Kept until the socket is closed: the service waits for it.
                    stopping
                }
                None => pending().await,
            }
        };
        let mut stopped = Box::pin(stopped);
        let (closing, _kept) = tokio::select! {
            closing = self.converse(&mut socket) => (closing, None),
            stopping = &mut stopped => (Some(Closing::Restarting), Some(stopping)),
        };
        self.tasks.abort_all();
        let closed = async {
            if let Some(closing) = closing {
                tracing::debug!(?closing, "a socket is closed");
                let _ = socket.send(Message::Close(Some(closing.frame()))).await;
            }
            // A close is answered by the other side with one of its own, which also sends ours.
            while let Some(Ok(_)) = socket.recv().await {}
        };
        let _ = timeout(PARTING, closed).await;
    }

    /// Serves until the socket is to be closed, or is gone.
    async fn converse(&mut self, socket: &mut WebSocket) -> Option<Closing> {
        let limits = self.gate.endpoint.limits();
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        let deadline = Instant::now().checked_add(seconds(limits.socket_begin_seconds))?;
        // One that gives no sign of life from one time to the next is gone.
        let mut keep_alive = interval(seconds(limits.socket_ping_seconds.max(1)));
        keep_alive.reset();
        // One that was missed while a message was being taken must not be followed by the next at once.
        keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut alive = true;
        loop {
            let outcome = tokio::select! {
                message = socket.recv() => {
                    alive = true;
                    match message {
                        None | Some(Ok(Message::Close(_))) => return None,
                        Some(Ok(message)) => self.hear(message, socket).await,
                        Some(Err(error)) => return broken(error),
                    }
                }
                Some(said) = self.said.recv() => self.pass_on(said, socket).await,
                () = sleep_until(deadline), if !self.begun => return Some(Closing::InitialisationTimeout),
                _ = keep_alive.tick() => {
                    if !alive {
                        return Some(Closing::Silent);
                    }
                    alive = false;
                    send(socket, Message::Ping(Bytes::new())).await
                }
                Some(ended) = self.tasks.join_next() => self.tidy(ended, socket).await,
            };
            if let Err(closing) = outcome {
                return Some(closing);
            }
        }
    }

    async fn hear(&mut self, message: Message, socket: &mut WebSocket) -> Result<(), Closing> {
        let text = match message {
            Message::Text(text) => text,
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
            Message::Binary(_) => return Err(Closing::Invalid("Messages are text".into())),
        };
        let limits = self.gate.endpoint.limits();
        if json::too_many_values(text.as_bytes(), limits.values).is_some() {
            return Err(Closing::TooManyValues(limits.values));
        }
        match FromClient::read(&text)? {
            FromClient::ConnectionInit { payload } => self.begin(payload, socket).await,
            FromClient::Ping { payload } => send(socket, ToClient::Pong { payload }.message()).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe { id, payload } => self.subscribe(id, *payload, socket).await,
            FromClient::Complete { id } => {
                if let Some(running) = self.operations.remove(&id) {
                    running.task.abort();
                }
                Ok(())
            }
        }
    }

    /// Begins: whoever presents something must prove something by it. What the message presents counts before what the request did,
    /// because a browser cannot set headers.
    async fn begin(&mut self, payload: Option<Map<String, Value>>, socket: &mut WebSocket) -> Result<(), Closing> {
        if self.begun {
            return Err(Closing::TooManyInitialisations);
        }
        self.begun = true;
        let mut given = payload.iter().flatten().filter(|(key, _)| key.eq_ignore_ascii_case("authorization"));
        match (given.next(), given.next()) {
            (Some((_, Value::Null)) | None, None) => {}
            (Some((_, Value::String(value))), None) => self.caller.present(value),
            _ => return Err(Closing::Forbidden),
        }
        if let Err(answer) = self.gate.endpoint.knock(self.caller.address, self.caller.language) {
            let limit = answer.errors().first().map(|error| error.message.clone());
            return Err(Closing::TooOften(limit.unwrap_or_default()));
        }
        match self.caller.prove(&self.gate).await {
            Ok(_) => send(socket, ToClient::ConnectionAck.message()).await,
            Err(Unproved::Invalid(_)) => Err(Closing::Forbidden),
            Err(Unproved::Unavailable(_)) => Err(Closing::TryAgainLater),
        }
    }

    async fn subscribe(&mut self, id: String, payload: Parameters, socket: &mut WebSocket) -> Result<(), Closing> {
        if !self.begun {
            return Err(Closing::Unauthorised);
        }
        if self.operations.contains_key(&id) {
            return Err(Closing::Duplicate(id));
        }
        let most = self.gate.endpoint.limits().socket_operations;
        if u32::try_from(self.operations.len()).is_ok_and(|running| running >= most) {
            let answer = self.gate.endpoint.too_many_on_socket(self.caller.language);
            return send(socket, ToClient::Error { id: &id, payload: answer.errors() }.message()).await;
        }
        self.count = self.count.saturating_add(1);
        let number = self.count;
        let speaker = Speaker { id: id.clone(), number, saying: self.saying.clone() };
        let task = self.tasks.spawn(operate(self.gate.clone(), self.caller.clone(), payload, speaker));
        self.operations.insert(id, Running { number, task });
        Ok(())
    }

    /// Forgets a task that has ended. One that panicked said nothing: its operation has failed, and the others go on.
    async fn tidy(&mut self, ended: Result<(), JoinError>, socket: &mut WebSocket) -> Result<(), Closing> {
        let Some(panicked) = ended.err().filter(JoinError::is_panic) else { return Ok(()) };
        let id = self.operations.iter().find(|(_, running)| running.task.id() == panicked.id()).map(|(id, _)| id.clone());
        let Some(id) = id else { return Ok(()) };
        self.operations.remove(&id);
        let message = Text::new("服务出现故障，请稍后重试。", "Something failed on our side; try again later.");
        let answer = Answer::refused(refusal(Code::Internal, self.caller.language, &message));
        send(socket, ToClient::Error { id: &id, payload: answer.errors() }.message()).await
    }

    /// Passes on what an operation says, unless the client has ended it.
    async fn pass_on(&mut self, said: Said, socket: &mut WebSocket) -> Result<(), Closing> {
        let Said { id, number, what } = said;
        if self.operations.get(&id).is_none_or(|running| running.number != number) {
            return Ok(());
        }
        if !matches!(what, What::Next(..) | What::Event(_)) {
            self.operations.remove(&id);
        }
        match what {
            What::Next(text, _holding) => send(socket, Message::Text(text)).await,
            What::Event(answer) => send(socket, ToClient::Event { id: &id, payload: &answer }.message()).await,
            What::Complete => send(socket, ToClient::Complete { id: &id }.message()).await,
            What::Failed(answer) => send(socket, ToClient::Error { id: &id, payload: answer.errors() }.message()).await,
            // Nothing else on this socket would be answered otherwise.
            What::Unproved(answer) => {
                send(socket, ToClient::Error { id: &id, payload: answer.errors() }.message()).await?;
                Err(Closing::Forbidden)
            }
        }
    }
}

/// An operation's way to the client.
struct Speaker {
    id: String,
    number: u64,
    saying: mpsc::Sender<Said>,
}

impl Speaker {
    /// Says something, as soon as there is room. Where the socket is gone, so is this task in a moment.
    async fn say(&self, what: What) {
        let _ = self.saying.send(Said { id: self.id.clone(), number: self.number, what }).await;
    }

    async fn next(&self, answer: Answer) {
        let (text, holding) = next(&self.id, answer);
        self.say(What::Next(text, holding)).await;
    }

    async fn answer(&self, answer: Box<Answer>) {
        match answer.outcome {
            Outcome::Run => {
                self.next(*answer).await;
                self.say(What::Complete).await;
            }
            Outcome::Refused | Outcome::NotAccepted | Outcome::Waiting(_) => self.say(What::Failed(answer)).await,
        }
    }
}

/// Runs one operation to its end.
async fn operate(gate: Gate, caller: Caller, parameters: Parameters, speaker: Speaker) {
    if let Err(answer) = gate.endpoint.knock(caller.address, caller.language) {
        return speaker.say(What::Failed(answer)).await;
    }
    let asked = match caller.prove(&gate).await {
        Ok(asked) => asked,
        Err(fault) => {
            let answer = Box::new(unproved_answer(&fault, &*gate.endpoint.product, caller.language));
            let what = if matches!(fault, Unproved::Invalid(_)) { What::Unproved(answer) } else { What::Failed(answer) };
            return speaker.say(what).await;
        }
    };
    match gate.endpoint.start(parameters.into(), Accepts::Anything, asked, caller.prover(&gate), None).await {
        Started::Answered(answer) => speaker.answer(answer).await,
        Started::Following(mut answers) => {
            while let Some(told) = answers.next().await {
                match told {
                    Notification::Event { answer, .. } => speaker.say(What::Event(answer)).await,
                    // A subscription that runs is refused to go on for one reason alone.
                    Notification::Answer(answer) => return speaker.say(What::Unproved(answer)).await,
                }
            }
            speaker.say(What::Complete).await;
        }
    }
}

/// Sends one message. A client that does not take it in time is gone, whatever it says.
async fn send(socket: &mut WebSocket, message: Message) -> Result<(), Closing> {
    match timeout(TAKING, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Closing::Silent),
    }
}

/// How a socket that cannot be read any more is closed, if it can be.
fn broken(error: axum::Error) -> Option<Closing> {
    // What the library says of a message that is too large; other faults have lost the place where the next message begins.
    let error = error.into_inner();
    let said = error.to_string();
    said.contains("too long").then_some(Closing::TooLarge)
}
