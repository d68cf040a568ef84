//! What a request to run GraphQL brings with it, in a body or in the parameters of a URL.

use async_graphql::{Request, Value};
use serde::Deserialize;

use super::json::Fields;
use crate::{
    document::{DOCUMENT_ID, PERSISTED_QUERY},
    examine::COST,
};

/// The parameters of a request. Anything else in a body is ignored, as the specification wants.
#[derive(Deserialize)]
#[serde(try_from = "Given")]
pub(crate) struct Parameters {
    query: String,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Fields>,
    persisted_query: Option<Value>,
    /// Whether to tell what the request costs.
    cost: Option<Value>,
    /// The list that makes the rows, of an answer that is to be a file.
    rows: Option<String>,
}

impl Parameters {
    /// From the parameters of a URL.
    ///
    /// # Errors
    /// What there is no such parameter of, or what cannot be read.
    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Result<Self, String> {
        // An address that is to be a file is written by hand or by a program of ours: what it asks for in vain is a mistake.
        if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !UrlParameters::NAMES.contains(&name.as_str())) {
            let unknown: String = unknown.chars().take(64).collect();
            return Err(format!("unknown parameter `{unknown}`"));
        }
        let pairs = pairs.into_iter().map(|(name, value)| (name, serde_json::Value::String(value))).collect();
        let parameters: UrlParameters = serde_json::from_value(serde_json::Value::Object(pairs)).map_err(|error| error.to_string())?;
        parameters.read()
    }

    /// The request, and the list that makes the rows of a file.
    pub(crate) fn into_parts(mut self) -> (Request, Option<String>) {
        let rows = self.rows.take();
        (self.into(), rows)
    }
}

/// The same as they come.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Fields>,
    /// No other extensions than those that are read below are understood.
    extensions: Option<Fields>,
}

/// The same in a URL, where variables and extensions are JSON texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UrlParameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

impl TryFrom<Given> for Parameters {
    type Error = &'static str;

    fn try_from(given: Given) -> Result<Self, Self::Error> {
        let extension = |name: &str| given.extensions.as_ref().and_then(|extensions| extensions.get(name)).cloned();
        let persisted_query = extension(PERSISTED_QUERY);
        let rows = match extension(TABLE) {
            Some(Value::Object(table)) => match table.get("rows") {
                Some(Value::String(rows)) => Some(rows.clone()),
                _ => None,
            },
            _ => None,
        };
        let cost = extension(COST);
        if given.query.is_none() && given.document_id.is_none() && persisted_query.is_none() {
            return Err("missing field `query`");
        }
        Ok(Self {
            query: given.query.unwrap_or_default(),
            document_id: given.document_id,
            operation_name: given.operation_name,
            variables: given.variables,
            persisted_query,
            cost,
            rows,
        })
    }
}

impl UrlParameters {
    const NAMES: [&str; 5] = ["query", "documentId", "operationName", "variables", "extensions"];

    /// The same, read.
    ///
    /// # Errors
    /// Something cannot be read.
    pub(crate) fn read(self) -> Result<Parameters, String> {
        let object = |text: Option<String>| {
            let text = text.filter(|text| !text.is_empty());
            text.as_deref().map_or(Ok(None), serde_json::from_str::<Option<Fields>>).map_err(|error| error.to_string())
        };
        let given = Given {
            query: self.query,
            document_id: self.document_id.filter(|id| !id.is_empty()),
            operation_name: self.operation_name.filter(|name| !name.is_empty()),
            variables: object(self.variables)?,
            extensions: object(self.extensions)?,
        };
        given.try_into().map_err(str::to_owned)
    }
}

impl From<Parameters> for Request {
    fn from(parameters: Parameters) -> Self {
        let mut request = Self::new(parameters.query);
        request.operation_name = parameters.operation_name;
        let named = [
            (DOCUMENT_ID, parameters.document_id.map(Value::from)),
            (PERSISTED_QUERY, parameters.persisted_query),
            (COST, parameters.cost),
        ];
        request.extensions.extend(named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        match parameters.variables {
            Some(variables) => request.variables(variables.into_variables()),
            None => request,
        }
    }
}

/// The extension that chooses the rows of a file.
const TABLE: &str = "table";
