//! What is decided about a request before anything of it runs: whether it is one, whether it is within the limits, whether it fits the
//! schema where the engine does not look, and which of its fields are closed.

use std::borrow::Cow;

use async_graphql::{
    Name, Request, SimpleObject, Value, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use language::{Language, Text};

use super::{Complexity, check_document, check_text, check_variables, complexity, root_field};
use crate::{
    answer::{
        Accepts, Answer, Outcome,
        error::{self, Code, refusal},
    },
    asked::Asked,
    client::TooMuch,
    endpoint::Endpoint,
    engine::{absent_variables, coercion, unescape},
    limit::Measure,
    telemetry,
};

/// 本次请求的花费。
///
/// What this request costs.
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct Cost {
    /// 从每分钟的额度中扣除的点数：一点，加上估计大小与工作量之和的千分之一。
    ///
    /// Points taken from the allowance of the minute: one, and one for each thousand of the estimated size and the work.
    points: u64,
    /// 估计的结果大小：字段数乘以所在列表的长度。
    ///
    /// The estimated size of the answer: fields times the lengths of the lists that they are in.
    complexity: u64,
    /// 内省部分的估计大小。
    ///
    /// The same for what is asked of the schema.
    introspection: u64,
    /// The work that was paid for.
    #[graphql(skip)]
    work: u64,
}

/// The extension of a request by which it asks for what it costs.
pub const COST: &str = "cost";

/// How much of the estimated size and work of an answer makes a point.
const SIZE_OF_A_POINT: u64 = 1_000;

impl Cost {
    fn of(complexity: Complexity) -> Self {
        let Complexity { ours, introspection, work } = complexity;
        let beyond = points(ours.saturating_add(introspection).saturating_add(work));
        Self { points: beyond.saturating_add(1), complexity: ours, introspection, work }
    }

    /// What a request costs.
    pub(crate) fn price(&self) -> u64 {
        self.points
    }

    /// The points that an answer costs beyond what was estimated, by the work that was really done for it.
    pub(crate) fn beyond(&self, work: u64) -> u64 {
        points(work.saturating_sub(self.work))
    }

    /// How many values the answer may have.
    pub(crate) fn values(&self) -> u64 {
        self.complexity
    }

    /// With the price of changes.
    fn with_changes(self, points: u64) -> Self {
        Self { points: self.points.saturating_add(points), ..self }
    }

    /// As callers see it beside their answer, with how many objects it had.
    pub(crate) fn told(&self, beyond: u64, objects: usize) -> Value {
        let told = serde_json::json!({
            "points": self.points.saturating_add(beyond), "complexity": self.complexity, "introspection": self.introspection, "objects": objects,
        });
        Value::from_json(told).unwrap_or_default()
    }
}

fn points(units: u64) -> u64 {
    units.checked_div(SIZE_OF_A_POINT).unwrap_or_default()
}

/// A request that may run.
#[derive(Clone, Copy)]
pub(crate) struct Admitted {
    /// Which kind of operation it is. A document without the operation that was chosen has none; the engine says so.
    pub kind: Option<OperationType>,
    /// What it costs.
    pub cost: Cost,
}

impl Endpoint {
    /// Checks what can be checked before anything runs, and counts it as asked by whoever asks.
    pub(crate) fn admit(&self, request: &mut Request, accepts: Accepts, asked: &Asked) -> Result<Admitted, Box<Answer>> {
        let waiting = |too_much: TooMuch| Box::new(Answer::waiting(&too_much, asked.language));
        self.clients.enter(self.limits(), asked).map_err(waiting)?;
        let admitted = self.readmit(request, accepts, asked)?;
        // One was taken when the request came in.
        self.clients.spend(self.limits(), asked, admitted.cost.points.saturating_sub(1)).map_err(waiting)?;
        Ok(admitted)
    }

    /// The same for more of what has been counted already.
    pub(crate) fn readmit(&self, request: &mut Request, accepts: Accepts, asked: &Asked) -> Result<Admitted, Box<Answer>> {
        let (limits, language) = (self.limits(), asked.language);
        let refused = |response| Box::new(Answer::refused(response));
        check_text(&request.query, limits, language).map_err(|response| refused(*response))?;
        check_variables(&request.variables, limits, language).map_err(|response| refused(*response))?;
        if let Cow::Owned(plain) = unescape::plain(&request.query) {
            request.query = plain;
        }
        // What is read of the document does not change the variables.
        let mut variables = std::mem::take(&mut request.variables);
        let examined = self.look_at(request, &variables, accepts, language);
        if examined.is_ok() {
            // Nobody can use what is not declared, and whoever follows would keep it.
            let operation = chosen_operation(request);
            variables.retain(|name, _| operation.is_some_and(|operation| declares(operation, name)));
        }
        request.variables = variables;
        let mut admitted = examined?;
        if admitted.kind == Some(OperationType::Subscription) {
            // What it was asked with is kept for as long as it runs.
            let given = serde_json::to_string(&request.variables).map_or(0, |given| given.len());
            let kept = request.query.len().saturating_add(given);
            Measure::FollowingBytes.hold(limits, kept).map_err(|excess| refused(excess.refusal(language)))?;
        }
        telemetry::note(request, &self.shape);
        if let Some(response) = root_field::too_much(request, limits, language) {
            return Err(refused(response));
        }
        admitted.cost = admitted.cost.with_changes(root_field::price_of_changes(request, self.costs.change));
        if let Some(response) = root_field::closed(request, &self.shape, &*self.product, asked) {
            return Err(Box::new(Answer::run(response)));
        }
        Ok(admitted)
    }

    fn look_at(&self, request: &mut Request, variables: &Variables, accepts: Accepts, language: Language) -> Result<Admitted, Box<Answer>> {
        let limits = self.limits();
        let refused = |response| Box::new(Answer::refused(response));
        let name = request.operation_name.clone();
        let document = request.parsed_query().map_err(|error| refused(error::not_graphql(&error, language)))?;
        check_document(&self.shape, document, variables, limits, language).map_err(|response| refused(*response))?;
        let Some(operation) = chosen(document, name.as_deref()) else { return Ok(Admitted { kind: None, cost: Cost::default() }) };
        let kind = operation.ty;
        if accepts == Accepts::Queries && kind == OperationType::Mutation {
            let message = Text::new("GET 请求只能查询；修改请用 POST。", "GET only queries; use POST to change anything.");
            let response = refusal(Code::BadUserInput, language, &message);
            return Err(Box::new(Answer { outcome: Outcome::NotAccepted, ..Answer::refused(response) }));
        }
        if let Some(name) = missing_variable(operation, variables) {
            let message = Text::new(
                format!("缺少变量 ${name}：请在 variables 中给出它的值。"),
                format!("The variable ${name} is missing: give its value in `variables`."),
            );
            return Err(refused(refusal(Code::ValidationFailed, language, &message)));
        }
        if let Some(response) = coercion::misfit(&self.shape, document, operation, variables, language) {
            return Err(refused(response));
        }
        let complexity = complexity(&self.shape, &self.costs, document, operation, variables);
        for (measure, counted) in [(Measure::Complexity, complexity.ours), (Measure::IntrospectionComplexity, complexity.introspection)] {
            measure.hold(limits, counted).map_err(|excess| refused(excess.refusal(language)))?;
        }
        if let Some(changed) = absent_variables::left_out(&self.shape, document, name.as_deref(), variables) {
            request.set_parsed_query(changed);
        }
        Ok(Admitted { kind: Some(kind), cost: Cost::of(complexity) })
    }
}

/// A variable of the chosen operation that must have a value and has none. The engine would take it for null and run the query.
fn missing_variable<'a>(operation: &'a OperationDefinition, variables: &Variables) -> Option<&'a Name> {
    let given = |name: &Name| variables.get(name).is_some_and(|value| *value != Value::Null);
    operation
        .variable_definitions
        .iter()
        .filter(|definition| !definition.node.var_type.node.nullable && definition.node.default_value.is_none())
        .map(|definition| &definition.node.name.node)
        .find(|name| !given(name))
}

fn declares(operation: &OperationDefinition, variable: &Name) -> bool {
    operation.variable_definitions.iter().any(|definition| definition.node.name.node == *variable)
}

/// The operation to run. A document that is no GraphQL has none; the engine says what is wrong with it.
pub(crate) fn chosen_operation(request: &mut Request) -> Option<&OperationDefinition> {
    let name = request.operation_name.clone();
    chosen(request.parsed_query().ok()?, name.as_deref())
}

pub(crate) fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
        // One operation is chosen without being named, also where it has a name (GraphQL, section 6.1).
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next()?,
        (DocumentOperations::Multiple(_), None) => return None,
    };
    Some(&operation.node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_took_more_work_than_was_paid_for_costs_more() {
        let cost = Cost::of(Complexity { ours: 2_500, introspection: 600, work: 4_000 });
        assert_eq!(cost.price(), 1 + 7);
        assert_eq!([0, 4_000, 4_999, 5_000, 204_000].map(|work| cost.beyond(work)), [0, 0, 0, 1, 200]);
    }
}
