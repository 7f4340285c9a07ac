//! The contract as the tests read it: its operations, and the check that it documents a response.

use std::{collections::HashMap, sync::LazyLock};

use http::{Method, header::CONTENT_TYPE};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::response::Response;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// `openapi.yaml` as JSON.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(latchkey_domain::CONTRACT).unwrap());

/// Every operation, in the order of the document.
pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of_path = |(path, item): (&'static String, &'static Value)| {
        let methods = item.as_object().unwrap().iter().filter(|(name, _)| METHODS.contains(&name.as_str()));
        methods.map(move |(method, description)| Operation {
            id: description["operationId"].as_str().unwrap(),
            method: method.to_uppercase().parse().unwrap(),
            path,
            description,
        })
    };
    paths.iter().flat_map(of_path).collect()
});

static SCHEMAS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let components = &DOCUMENT["components"];
    let of_schema = |schema: &Value| {
        let whole = json!({ "allOf": [schema], "components": components });
        (schema.to_string(), jsonschema::draft202012::new(&whole).unwrap())
    };
    let responses = OPERATIONS.iter().flat_map(Operation::responses);
    responses
        .filter_map(|(_, response)| response["content"].as_object())
        .flat_map(|content| content.values().map(|content| of_schema(&content["schema"])))
        .collect()
});

/// An operation of the contract.
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, such as `/v1/api-keys/{item_id}`.
    pub path: &'static str,
    /// The whole operation object.
    pub description: &'static Value,
}

impl Operation {
    /// The operation that a request is routed to. A literal path takes precedence over a template.
    pub fn find(method: &Method, path: &str) -> Option<&'static Self> {
        let path = if path == "/v1/api-keys" { "/v1/api-keys/" } else { path };
        if path.strip_prefix("/v1/forward-auth").is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return OPERATIONS.iter().find(|operation| operation.id == "forwardAuth");
        }
        let exact = OPERATIONS.iter().find(|operation| operation.method == *method && operation.path == path);
        if exact.is_some() {
            return exact;
        }
        OPERATIONS.iter().find(|operation| operation.method == *method && matches_template(operation.path, path))
    }

    /// The documented responses with their statuses.
    pub fn responses(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let responses = self.description["responses"].as_object().unwrap();
        responses.iter().map(|(status, response)| (status.as_str(), resolved(response)))
    }

    /// The parameters in the path, the query and the headers.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.description["parameters"].as_array().into_iter().flatten().map(resolved)
    }

    /// Whether it requires a credential.
    pub fn is_secured(&self) -> bool {
        self.description["security"].as_array().is_some_and(|schemes| !schemes.is_empty())
    }

    /// Whether it accepts this security scheme.
    pub fn accepts(&self, scheme: &str) -> bool {
        self.description["security"].as_array().into_iter().flatten().any(|named| named.get(scheme).is_some())
    }

    /// The path, with the examples of its parameters filled in; panics when one has no example.
    pub fn example_path(&self) -> String {
        let parameters = self.parameters().filter(|parameter| parameter["in"] == "path");
        parameters.fold(self.path.to_owned(), |path, parameter| {
            let (name, example) = (parameter["name"].as_str().unwrap(), &parameter["example"]);
            assert!(!example.is_null(), "{}: {name} has no example", self.id);
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            path.replace(&format!("{{{name}}}"), &text)
        })
    }
}

/// The target of a `$ref`, or the value itself.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

/// Checks a response against what the contract documents for such a request. Paths that the contract does not contain
/// are not checked.
///
/// # Errors
/// A description of the first violation.
pub fn check(method: &Method, path: &str, response: &Response) -> Result<(), String> {
    let Some(operation) = Operation::find(method, path) else {
        return Ok(());
    };
    let status = response.status.as_str();
    let Some((_, documented)) = operation.responses().find(|(code, _)| *code == status) else {
        return Err(format!("{status} is not documented"));
    };
    for (name, header) in documented["headers"].as_object().into_iter().flatten() {
        if resolved(header)["required"] == true && !response.headers.contains_key(name.as_str()) {
            return Err(format!("the header {name} is missing"));
        }
    }
    match documented["content"].as_object() {
        None if response.body.is_empty() => Ok(()),
        None => Err("there is a body, and none is documented".to_owned()),
        Some(content) => {
            let content_type = response.header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
            let content = content.get(content_type).ok_or_else(|| format!("{content_type} is not documented"))?;
            let schema = &SCHEMAS[&content["schema"].to_string()];
            schema.validate(&response.json()).map_err(|error| format!("the body: {error}"))
        }
    }
}

fn matches_template(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(expected, found)| expected.starts_with('{') || expected == found)
}
