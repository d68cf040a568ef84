//! Addresses of files, for links and for programs: `/export/name.xlsx?year=2024`, and any query as
//! `/export/query.csv?query=…`.
//!
//! A browser that follows a link sends no token. Without one it gets what the public sees; with a ticket, which the page has asked
//! for and which opens this one address for a short time, what its account sees.

use axum::{
    Router,
    extract::{Extension, OriginalUri, Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
    routing::get,
};
use language::Text;
use url::form_urlencoded;

use super::{
    caller::{Caller, Gate, Peer, unproved},
    file::failed,
    graphql::away,
    media_type::MediaType,
    parameters::Parameters,
};
use crate::{answer::error::Code, export::Format, product::Files};

/// The name of a file that any query makes.
const QUERY: &str = "query";

pub(crate) fn routes(gate: Gate) -> Router {
    Router::new().route("/export/{file}", get(export)).with_state(gate)
}

async fn export(
    State(gate): State<Gate>,
    peer: Option<Extension<Peer>>,
    OriginalUri(uri): OriginalUri,
    file: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let mut caller = Caller::of(&gate, peer, &headers);
    if gate.surface.origins.refuse_part(&headers) {
        return caller.foreign();
    }
    if gate.endpoint.product.is_away() {
        return away(MediaType::Json, caller.language);
    }
    if let Err(answer) = gate.endpoint.knock(caller.address, caller.language) {
        return failed(*answer, &gate, caller.language);
    }
    let parameters = present(&mut caller, &uri, &gate);
    let Ok(Path(file)) = file else { return caller.no_such_file(&gate) };
    let Some((name, format)) = file.rsplit_once('.').and_then(|(name, ending)| Some((name, Format::of_extension(ending)?))) else {
        return caller.no_such_file(&gate);
    };
    if name == QUERY {
        return match Parameters::from_pairs(parameters) {
            Ok(parameters) => {
                let (request, rows) = parameters.into_parts();
                caller.answer_with_file(&gate, request, rows, format).await
            }
            Err(reason) => caller.malformed(MediaType::Json, &reason),
        };
    }
    let asked = match caller.prove(&gate).await {
        Ok(asked) => asked,
        Err(fault) => return unproved(&fault, &gate, MediaType::Json, caller.language),
    };
    match gate.endpoint.named_table(name, &parameters, asked, caller.prover(&gate)).await {
        None => caller.no_such_file(&gate),
        Some(Ok(table)) => caller.send(&gate, table, format).await,
        Some(Err(answer)) => failed(*answer, &gate, caller.language),
    }
}

/// The parameters of an address; a ticket among them is presented.
fn present(caller: &mut Caller, uri: &Uri, gate: &Gate) -> Vec<(String, String)> {
    let address = uri.path_and_query().map(axum::http::uri::PathAndQuery::as_str).unwrap_or_default();
    let product = &gate.endpoint.product;
    let (address, ticket) = product.split_ticket(address);
    if let Some(ticket) = ticket {
        caller.present_ticket(ticket, address, product.now());
    }
    let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let parameters = form_urlencoded::parse(query.as_bytes()).into_owned();
    let is_ticket = |name: &str| product.ticket_parameter().is_some_and(|ticket| name.eq_ignore_ascii_case(ticket));
    let (tickets, parameters): (Vec<_>, Vec<_>) = parameters.partition(|(name, _)| is_ticket(name));
    // Whoever changes a signed address must not be served as the public: the file would lack rows, and nobody would know.
    if !tickets.is_empty() {
        caller.present_nothing_readable();
    }
    parameters
}

impl Caller {
    fn no_such_file(&self, gate: &Gate) -> Response {
        let mut names = gate.endpoint.product.files().map(Files::names).unwrap_or_default();
        names.push(QUERY);
        let names = names.join("、");
        let message = Text::new(
            format!("没有这个文件：可用 {names}，后缀 csv 或 xlsx。"),
            format!("There is no such file: there are {names}, as csv or xlsx."),
        );
        self.refuse(MediaType::Json, StatusCode::NOT_FOUND, Code::NotFound, &message)
    }
}
