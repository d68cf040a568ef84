//! Files that have a name and an address of their own, with the columns that people know from the notices. Each is a query and its
//! headings, in the order of the notice; all else is as with any other query.

mod files;

use std::sync::Arc;

use async_graphql::{
    Name, Request, Value, Variables,
    parser::{
        parse_query,
        types::{BaseType, OperationDefinition, Type},
    },
};
use endpoint::{Answer, Asked, product::NamedFile, refusal, unavailable};

#[cfg(test)]
use self::files::Heading;
use self::files::{NAMED, Named};
use super::{error::Code, product::Known};
use crate::{
    access::{client::queueing, policy::Internals},
    domain::{
        catalogue::indicator::Indicator,
        language::{Language, Text},
        places::jurisdiction::Jurisdiction,
    },
    service::Service,
    store::{StoreError, Visible},
};

/// The variable that a document has for what only those see who see the internals of the jurisdiction.
const INTERNAL: &str = "internal";

/// The variable that a document has for the language of what has names in both.
const LANGUAGE: &str = "language";

/// The parameters by which a file is of a jurisdiction, and of an indicator.
const JURISDICTION: &str = "jurisdiction";
const INDICATOR: &str = "indicator";

/// The names of the files that have one.
pub(super) fn names() -> Vec<&'static str> {
    NAMED.iter().map(|named| named.name).collect()
}

/// Whether there is a file of a name.
pub(super) fn named(name: &str) -> Option<&'static Named> {
    NAMED.iter().find(|named| named.name == name)
}

/// The query of a file, with parameters as a URL has them.
///
/// # Errors
/// The answer, where there is none but errors.
pub(super) async fn file(
    service: &Service,
    named: &Named,
    parameters: &[(String, String)],
    asked: &mut Asked,
) -> Result<NamedFile, Box<Answer>> {
    let language = asked.language;
    let place = place_of(service, parameters, asked).await?;
    let Some(operation) = operation(named.document) else { return Err(Box::new(Answer::refused(unavailable(language)))) };
    let refused = |message: Text| Box::new(Answer::refused(refusal(Code::BadUserInput, language, &message)));
    let mut variables = variables(&operation, parameters).map_err(refused)?;
    if declares(&operation, INTERNAL) {
        let viewer = Known::of(&asked.identity).viewer;
        let is_internal = place.as_ref().is_some_and(|place| Internals::of(&viewer).contain(place.id));
        variables.insert(Name::new(INTERNAL), Value::Boolean(is_internal));
    }
    if declares(&operation, LANGUAGE) {
        let word = if language == Language::English { "ENGLISH" } else { "CHINESE" };
        variables.insert(Name::new(LANGUAGE), Value::String(word.to_owned()));
    }
    let indicator = indicator_of(service, parameters, asked).await?;
    let spoken = [
        (JURISDICTION, place.map(|place| Text::new(place.name, place.name_english))),
        (INDICATOR, indicator.map(|indicator| Text::new(indicator.name, indicator.name_english))),
    ];
    let headings = named.headings.iter().map(|(path, chinese, english)| (*path, Text::new(*chinese, *english))).collect();
    let request = Request::new(named.document).variables(variables);
    Ok(NamedFile { request, title: title(named, parameters, &spoken, language), headings })
}

/// The operation of a document that has one.
fn operation(document: &str) -> Option<OperationDefinition> {
    let document = parse_query(document).ok()?;
    document.operations.iter().next().map(|(_, operation)| operation.node.clone())
}

/// The jurisdiction that the parameters name, if there is one.
async fn place_of(service: &Service, parameters: &[(String, String)], asked: &mut Asked) -> Result<Option<Jurisdiction>, Box<Answer>> {
    let Some((_, code)) = parameters.iter().find(|(name, _)| name == JURISDICTION) else { return Ok(None) };
    let Known { viewer, jurisdictions } = Known::of(&asked.identity);
    let tree = if let Some(tree) = jurisdictions {
        tree
    } else {
        let client = queueing(&viewer, asked.address);
        let visible = Visible::of_request(service.database(), viewer.clone(), client, None);
        visible.jurisdictions().await.map_err(|fault| unread(asked, &fault))?
    };
    asked.identity.viewer = Arc::new(Known { viewer, jurisdictions: Some(Arc::clone(&tree)) });
    Ok(tree.by_code(code).cloned())
}

/// The indicator that the parameters name, if there is one.
async fn indicator_of(service: &Service, parameters: &[(String, String)], asked: &Asked) -> Result<Option<Indicator>, Box<Answer>> {
    let Some((_, code)) = parameters.iter().find(|(name, _)| name == INDICATOR) else { return Ok(None) };
    let viewer = Known::of(&asked.identity).viewer;
    let client = queueing(&viewer, asked.address);
    let visible = Visible::of_request(service.database(), viewer, client, None);
    visible.indicator_by_code(code).await.map_err(|fault| unread(asked, &fault))
}

fn unread(asked: &Asked, fault: &StoreError) -> Box<Answer> {
    tracing::error!(request_id = asked.request_id, ?fault, "what a file is of could not be read");
    Box::new(Answer::refused(unavailable(asked.language)))
}

fn declares(operation: &OperationDefinition, name: &str) -> bool {
    operation.variable_definitions.iter().any(|definition| definition.node.name.node == name)
}

/// The variables of an operation, from texts: the schema says which of them are numbers and which are lists.
fn variables(operation: &OperationDefinition, parameters: &[(String, String)]) -> Result<Variables, Text> {
    let known =
        || operation.variable_definitions.iter().filter(|definition| ![INTERNAL, LANGUAGE].contains(&definition.node.name.node.as_str()));
    let names = || known().map(|definition| definition.node.name.node.to_string()).collect::<Vec<_>>().join("、");
    if let Some((unknown, _)) = parameters.iter().find(|(name, _)| !known().any(|definition| definition.node.name.node == name.as_str())) {
        let unknown: String = unknown.chars().take(64).collect();
        return Err(Text::new(
            format!("没有参数 {unknown}：可用的参数是 {}。", names()),
            format!("There is no parameter `{unknown}`: there are {}.", names()),
        ));
    }
    let mut variables = Variables::default();
    for definition in known() {
        let (name, of) = (&definition.node.name.node, &definition.node.var_type.node);
        let given: Vec<&str> =
            parameters.iter().filter(|(parameter, _)| *name == parameter.as_str()).map(|(_, value)| value.as_str()).collect();
        let value = match (&of.base, given.as_slice()) {
            (_, []) if of.nullable => continue,
            (BaseType::List(item), values @ [_, ..]) => {
                let items = values.iter().flat_map(|value| value.split(',')).map(|value| single(name, item, value));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            (BaseType::Named(_), [value]) => single(name, of, value)?,
            (BaseType::List(_), []) => {
                return Err(Text::new(
                    format!("须给出参数 {name}，可给多个，以逗号分隔。"),
                    format!("Give the parameter `{name}`: one or several, with commas between them."),
                ));
            }
            (BaseType::Named(_), _) => {
                return Err(Text::new(format!("须给出参数 {name}，且只给一次。"), format!("Give the parameter `{name}` exactly once.")));
            }
        };
        variables.insert(name.clone(), value);
    }
    Ok(variables)
}

fn single(name: &Name, of: &Type, text: &str) -> Result<Value, Text> {
    let kind = match &of.base {
        BaseType::Named(kind) => kind.as_str(),
        BaseType::List(_) => "",
    };
    let wrong = |chinese: &str, english: &str| {
        Text::new(format!("参数 {name} 须为{chinese}。"), format!("The parameter `{name}` must be {english}."))
    };
    match kind {
        "Int" => text.trim().parse::<i32>().map(Value::from).map_err(|_| wrong("整数，例如 2024", "a whole number, such as 2024")),
        "Boolean" => text.trim().parse::<bool>().map(Value::Boolean).map_err(|_| wrong("true 或 false", "true or false")),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// What a file is called: with the names of what its parameters give the codes of.
fn title(named: &Named, parameters: &[(String, String)], spoken: &[(&str, Option<Text>)], language: Language) -> String {
    let (chinese, english) = named.title;
    let title = Text::new(chinese, english).in_language(language).to_owned();
    parameters.iter().fold(title, |title, (name, value)| {
        let known = spoken.iter().find(|(of, _)| of == name).and_then(|(_, text)| text.as_ref());
        let value = known.map_or(value.as_str(), |text| text.in_language(language));
        title.replace(&format!("{{{name}}}"), value)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use endpoint::{SchemaIndex, columns};

    use super::*;

    #[test]
    fn every_column_of_a_named_file_has_its_heading() {
        let schema = SchemaIndex::of(&crate::graphql::sdl());
        for named in NAMED {
            let conditions = HashMap::from([(Name::new(INTERNAL), true)]);
            let columns = columns(&schema, named.document, &conditions).expect("a layout");
            let headings: Vec<&str> = named.headings.iter().map(|(path, _, _)| *path).collect();
            assert_eq!(columns, headings, "{}", named.name);
            for wording in [|heading: &Heading| heading.1, |heading: &Heading| heading.2] {
                let distinct: BTreeSet<&str> = named.headings.iter().map(wording).collect();
                assert_eq!(distinct.len(), headings.len(), "{}", named.name);
            }
        }
    }

    #[test]
    fn parameters_become_variables_of_their_types() {
        let document = "query($code: String!, $year: Int!, $light: [StatusLight!], $stale: Boolean, $internal: Boolean!) { x }";
        let operation = operation(document).expect("an operation");
        let given = |parameters: &[(&str, &str)]| {
            let parameters: Vec<(String, String)> = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            variables(&operation, &parameters).map_err(|text| text.in_language(Language::English).to_owned())
        };
        let good = given(&[("code", "jining"), ("year", "2024"), ("light", "RED,YELLOW"), ("light", "GREEN"), ("stale", "true")]);
        let good = serde_json::to_value(good.expect("variables")).expect("JSON");
        assert_eq!(good, serde_json::json!({ "code": "jining", "year": 2024, "light": ["RED", "YELLOW", "GREEN"], "stale": true }));
        for (parameters, wrong) in [
            (vec![("code", "x")], "Give the parameter `year` exactly once."),
            (vec![("code", "x"), ("code", "y"), ("year", "1")], "Give the parameter `code` exactly once."),
            (vec![("code", "x"), ("year", "two")], "The parameter `year` must be a whole number, such as 2024."),
            (vec![("code", "x"), ("year", "9999999999")], "The parameter `year` must be a whole number, such as 2024."),
            (vec![("code", "x"), ("year", "1"), ("stale", "yes")], "The parameter `stale` must be true or false."),
            (vec![("internal", "true")], "There is no parameter `internal`: there are code、year、light、stale."),
        ] {
            assert_eq!(given(&parameters).map(|_| ()), Err(wrong.to_owned()));
        }
    }
}
