//! What the contract says of each operation's request, read once from the OpenAPI document. What it does not know how
//! to check (cookies, parameters with `content`, bodies that are neither JSON nor a form) it refuses to read.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::CheckerError;
use super::body::Body;
use super::parameters::{Parameter, parameter_name};
use super::schema::{Schema, reference_pointer};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Headers that OpenAPI describes elsewhere; a parameter of that name is to be ignored.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// What a request to one operation must look like.
pub(super) struct Operation {
    pub(super) path: String,
    pub(super) in_path: Vec<Parameter>,
    pub(super) in_query: Vec<Parameter>,
    pub(super) in_headers: Vec<Parameter>,
    pub(super) body: Option<Body>,
}

/// All operations of the document, by their id.
pub(super) fn read_all(document: Value) -> Result<HashMap<String, Operation>, CheckerError> {
    let mut reader = Reader { document: Arc::new(document), schemas: HashMap::new() };
    let document = Arc::clone(&reader.document);
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.ok_or_else(|| CheckerError::new("the document has no paths"))?;

    let mut operations = HashMap::new();
    for (path, item) in paths {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.ok_or_else(|| CheckerError::new(format!("{method} {path} has no operationId")))?;
            let item_pointer = join("/paths", path);
            let operation = reader.operation(path, &item_pointer, &join(&item_pointer, method))?;
            operations.insert(id.to_owned(), operation);
        }
    }
    Ok(operations)
}

struct Reader {
    document: Arc<Value>,
    schemas: HashMap<String, Arc<Schema>>,
}

impl Reader {
    fn operation(&mut self, path: &str, item: &str, operation: &str) -> Result<Operation, CheckerError> {
        if path.split('/').any(|segment| segment.contains('{') && parameter_name(segment).is_none()) {
            return Err(CheckerError::new(format!("{path} has a segment that is only partly a parameter")));
        }
        let mut read = Operation {
            path: path.to_owned(),
            in_path: Vec::new(),
            in_query: Vec::new(),
            in_headers: Vec::new(),
            body: self.body(operation)?,
        };
        for list in [join(item, "parameters"), join(operation, "parameters")] {
            let count = self.at(&list).and_then(Value::as_array).map_or(0, Vec::len);
            for index in 0..count {
                self.parameter(&join(&list, &index.to_string()), &mut read)?;
            }
        }
        Ok(read)
    }

    fn parameter(&mut self, pointer: &str, operation: &mut Operation) -> Result<(), CheckerError> {
        let pointer = self.resolved(pointer)?;
        let text = |key: &str| self.at(&join(&pointer, key)).and_then(Value::as_str).map(str::to_owned);
        let (Some(name), Some(place)) = (text("name"), text("in")) else {
            return Err(CheckerError::new(format!("{pointer} has no name or no place")));
        };
        let known = match place.as_str() {
            "path" => &mut operation.in_path,
            "query" => &mut operation.in_query,
            "header" if NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                return Ok(());
            }
            "header" => &mut operation.in_headers,
            _ => {
                return Err(CheckerError::new(format!("{pointer} is in a place that is not checked")));
            }
        };
        let required = self.flag(&join(&pointer, "required"));
        let parameter = Parameter::new(&name, required, self.schema(&join(&pointer, "schema"))?);
        // An operation's own parameter takes the place of its path's.
        match known.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = parameter,
            None => known.push(parameter),
        }
        Ok(())
    }

    fn body(&mut self, operation: &str) -> Result<Option<Body>, CheckerError> {
        let pointer = join(operation, "requestBody");
        if self.at(&pointer).is_none() {
            return Ok(None);
        }
        let pointer = self.resolved(&pointer)?;
        let content = join(&pointer, "content");
        let media_types = self.at(&content).and_then(Value::as_object);
        let media_types: Vec<String> = media_types.map_or_else(Vec::new, |types| types.keys().cloned().collect());

        let mut body = Body { required: self.flag(&join(&pointer, "required")), json: None, form: None };
        for media_type in media_types {
            let schema = join(&join(&content, &media_type), "schema");
            match media_type.as_str() {
                "application/json" => body.json = Some(self.schema(&schema)?),
                "application/x-www-form-urlencoded" => body.form = Some(self.fields(&schema)?),
                _ => {
                    return Err(CheckerError::new(format!("{content} has a type that is not checked")));
                }
            }
        }
        Ok(Some(body))
    }

    /// The fields of a form, from the `properties` of its schema.
    fn fields(&mut self, schema: &str) -> Result<Vec<Parameter>, CheckerError> {
        let pointer = self.resolved(schema)?;
        let schema = self.schema(&pointer)?;
        let view = schema.view();
        let required = view.required();
        view.members()
            .into_iter()
            .map(|name| {
                let schema = self.schema(&join(&join(&pointer, "properties"), name))?;
                Ok(Parameter::new(name, required.contains(&name), schema))
            })
            .collect()
    }

    fn schema(&mut self, pointer: &str) -> Result<Arc<Schema>, CheckerError> {
        if let Some(known) = self.schemas.get(pointer) {
            return Ok(Arc::clone(known));
        }
        let schema = Arc::new(Schema::new(&self.document, pointer)?);
        self.schemas.insert(pointer.to_owned(), Arc::clone(&schema));
        Ok(schema)
    }

    /// Where `pointer` leads once references are followed.
    fn resolved(&self, pointer: &str) -> Result<String, CheckerError> {
        let mut pointer = pointer.to_owned();
        // A chain longer than this is a circle.
        for _ in 0..16 {
            match self.at(&join(&pointer, "$ref")).and_then(Value::as_str) {
                None => return Ok(pointer),
                Some(reference) => {
                    pointer = reference_pointer(reference)
                        .ok_or_else(|| CheckerError::new(format!("{pointer} refers to another document")))?;
                }
            }
        }
        Err(CheckerError::new(format!("{pointer} refers to itself")))
    }

    fn at(&self, pointer: &str) -> Option<&Value> {
        self.document.pointer(pointer)
    }

    fn flag(&self, pointer: &str) -> bool {
        self.at(pointer).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// The JSON pointer of `key` below `pointer`.
fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
