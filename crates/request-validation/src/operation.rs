//! The requests that the OpenAPI document describes, read once for each operation. Features that cannot be validated
//! (cookies, parameters with `content`, bodies that are neither JSON nor a form) are errors here.

use std::{collections::HashMap, sync::Arc};

use jsonschema::Registry;
use serde_json::Value;

use crate::{
    BuildError,
    body::Body,
    formats::Formats,
    normalize::normalize,
    parameters::{Parameter, parameter_name},
    schema::{Schema, registry},
    view::reference_pointer,
};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Headers that OpenAPI describes elsewhere; parameters of these names are ignored (OpenAPI 3.1, "Parameter Object").
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The longest chain of references that is followed; a longer one is taken for a cycle.
const MAX_REFERENCES: usize = 16;

/// What a request to one operation may contain.
pub(crate) struct Operation {
    /// The path template, such as `/v1/api-keys/{item_id}`.
    pub(crate) path: String,
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) query_parameters: Vec<Parameter>,
    pub(crate) header_parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
}

/// All operations of the document, by their ids.
pub(crate) fn read_all(mut document: Value, formats: Formats) -> Result<HashMap<String, Operation>, BuildError> {
    normalize(&mut document);
    let document = Arc::new(document);
    let registry = registry(&document)?;
    let mut reader = Reader { document: Arc::clone(&document), registry: &registry, formats, schemas: HashMap::new() };
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.ok_or_else(|| invalid("/paths", "it is not an object"))?;

    let mut operations = HashMap::new();
    for (path, item) in paths {
        let item_pointer = join("/paths", path);
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let pointer = join(&item_pointer, method);
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.ok_or_else(|| invalid(&pointer, "the operation has no operationId"))?;
            operations.insert(id.to_owned(), reader.operation(path, &item_pointer, &pointer)?);
        }
    }
    Ok(operations)
}

struct Reader<'a> {
    document: Arc<Value>,
    registry: &'a Registry<'a>,
    formats: Formats,
    /// Compiled schemas by their JSON pointers.
    schemas: HashMap<String, Arc<Schema>>,
}

impl Reader<'_> {
    fn operation(&mut self, path: &str, item: &str, operation: &str) -> Result<Operation, BuildError> {
        if path.split('/').any(|segment| segment.contains('{') && parameter_name(segment).is_none()) {
            return Err(unsupported(item, "a segment of the path is only partly a parameter"));
        }
        let mut read = Operation {
            path: path.to_owned(),
            path_parameters: Vec::new(),
            query_parameters: Vec::new(),
            header_parameters: Vec::new(),
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

    fn parameter(&mut self, pointer: &str, operation: &mut Operation) -> Result<(), BuildError> {
        let pointer = self.resolve(pointer)?;
        let text = |key: &str| self.at(&join(&pointer, key)).and_then(Value::as_str).map(str::to_owned);
        let (Some(name), Some(location)) = (text("name"), text("in")) else {
            return Err(invalid(&pointer, "the parameter has no `name` or no `in`"));
        };
        let parameters = match location.as_str() {
            "path" => &mut operation.path_parameters,
            "query" => &mut operation.query_parameters,
            "header" if NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => return Ok(()),
            "header" => &mut operation.header_parameters,
            _ => return Err(unsupported(&pointer, "the parameter is not in the path, the query or a header")),
        };
        let required = self.flag(&join(&pointer, "required"));
        let parameter = Parameter::new(&name, required, self.schema(&join(&pointer, "schema"))?);
        // A parameter of the operation overrides that of its path.
        match parameters.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = parameter,
            None => parameters.push(parameter),
        }
        Ok(())
    }

    fn body(&mut self, operation: &str) -> Result<Option<Body>, BuildError> {
        let pointer = join(operation, "requestBody");
        if self.at(&pointer).is_none() {
            return Ok(None);
        }
        let pointer = self.resolve(&pointer)?;
        let content = join(&pointer, "content");
        let media_types = self.at(&content).and_then(Value::as_object);
        let media_types: Vec<String> = media_types.map_or_else(Vec::new, |types| types.keys().cloned().collect());

        let mut body = Body { required: self.flag(&join(&pointer, "required")), json: None, form: None };
        for media_type in media_types {
            let schema = join(&join(&content, &media_type), "schema");
            match media_type.as_str() {
                "application/json" => body.json = Some(self.schema(&schema)?),
                "application/x-www-form-urlencoded" => body.form = Some(self.form_fields(&schema)?),
                _ => return Err(unsupported(&content, "a media type is neither JSON nor a URL-encoded form")),
            }
        }
        Ok(Some(body))
    }

    /// The fields of a form: the `properties` of its schema.
    fn form_fields(&mut self, schema: &str) -> Result<Vec<Parameter>, BuildError> {
        let pointer = self.resolve(schema)?;
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

    fn schema(&mut self, pointer: &str) -> Result<Arc<Schema>, BuildError> {
        if let Some(known) = self.schemas.get(pointer) {
            return Ok(Arc::clone(known));
        }
        let schema = Arc::new(Schema::new(&self.document, self.registry, pointer, self.formats)?);
        self.schemas.insert(pointer.to_owned(), Arc::clone(&schema));
        Ok(schema)
    }

    /// The pointer of the object that `pointer` refers to; `pointer` itself when there is no `$ref`.
    fn resolve(&self, pointer: &str) -> Result<String, BuildError> {
        let mut pointer = pointer.to_owned();
        for _ in 0..MAX_REFERENCES {
            match self.at(&join(&pointer, "$ref")).and_then(Value::as_str) {
                None => return Ok(pointer),
                Some(reference) => {
                    pointer = reference_pointer(reference)
                        .ok_or_else(|| unsupported(&pointer, "the reference leads to another document"))?;
                }
            }
        }
        Err(invalid(&pointer, "the reference leads to itself"))
    }

    fn at(&self, pointer: &str) -> Option<&Value> {
        self.document.pointer(pointer)
    }

    fn flag(&self, pointer: &str) -> bool {
        self.at(pointer).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// The JSON pointer of `key` below `pointer` (RFC 6901, section 3).
fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn invalid(pointer: &str, reason: &'static str) -> BuildError {
    BuildError::Invalid { pointer: pointer.to_owned(), reason }
}

fn unsupported(pointer: &str, reason: &'static str) -> BuildError {
    BuildError::Unsupported { pointer: pointer.to_owned(), reason }
}
