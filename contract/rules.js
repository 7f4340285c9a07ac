// The project's own rules for `make lint-contract`, in two groups: the style of this API, and the dialect that the generators
// handle. Each is a visitor of Redocly CLI; `tests/contract_tools/test_lint.py` breaks every one of them.

const isError = status => /^[45]/.test(status);
const isSuccess = status => /^2/.test(status);
const isInteger = schema => schema.type === 'integer';
const isNull = schema => schema.type === 'null';
const isScalar = schema => ['string', 'integer', 'number', 'boolean'].includes(schema.type);
const refName = ref => ref?.split('/').pop();
// As the generators write names, so that two which become one are seen.
const snakeCase = name => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
const pascalCase = name => snakeCase(name).replace(/_/g, '');

/** A rule that is asked about each node of a type; whatever message it yields is reported. */
const rule = (type, check) => () => ({
  [type](node, context) {
    for (const found of check(node, context) ?? []) {
      const { message, at } = typeof found === 'string' ? { message: found } : found;
      context.report({ message, location: at ? context.location.child(at) : context.location });
    }
  },
});

/** Those of several names that become the same by `convert`. */
function collisions(names, convert) {
  const first = new Map();
  return names.flatMap(name => {
    const other = first.get(convert(name));
    first.set(convert(name), name);
    return other ? [`\`${name}\` and \`${other}\` have one name in generated code.`] : [];
  });
}

const style = {
  'operation-id-is-a-verb': rule('Operation', function* ({ operationId }) {
    if (operationId && !/^[a-z]+([A-Z][a-z0-9]*)+$/.test(operationId)) {
      yield { message: `\`${operationId}\` is not a verb and its object in lowerCamelCase.`, at: 'operationId' };
    }
  }),
  'example-present': rule('MediaType', function* ({ example, examples }) {
    if (example === undefined && !Object.keys(examples ?? {}).length) yield 'There is no example.';
  }),
  'link-present': rule('Operation', function* ({ responses }, { resolve }) {
    for (const [status, response] of Object.entries(responses ?? {})) {
      if (isSuccess(status) && !resolve(response).node?.links) {
        yield { message: `The answer ${status} has no link to what can be done next.`, at: 'responses' };
      }
    }
  }),
  'security-stated': rule('Operation', function* ({ security }) {
    if (!security) yield 'Say who may: `security` is missing, which is `[]` for everybody.';
  }),
  'schema-described': rule('NamedSchemas', function* (schemas) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (!schema.description) yield { message: `\`${name}\` has no description.`, at: name };
    }
  }),
  'header-described': rule('Header', function* ({ description }) {
    if (!description) yield 'The header has no description.';
  }),
  'header-example': rule('Header', function* ({ required, example }) {
    // One that may be absent is best left without: the mock would always send it, and `Link` would lead in circles.
    if (required && example === undefined) yield 'The header has no example.';
  }),
  'error-referenced': rule('Operation', function* ({ responses }) {
    for (const [status, response] of Object.entries(responses ?? {})) {
      if (isError(status) && !response.$ref) {
        yield { message: `The answer ${status} is not one of components/responses.`, at: 'responses' };
      }
    }
  }),
  'error-documented': rule('Operation', function* ({ requestBody, security, responses }) {
    const due = ['500', '503', ...(requestBody ? ['408', '413'] : []), ...(security?.length ? ['401', '422'] : [])];
    const missing = due.filter(status => !responses?.[status]);
    if (missing.length) yield { message: `The answers ${missing.join(', ')} are missing.`, at: 'responses' };
  }),
  'error-type': rule('Operation', function* ({ responses }, { resolve }) {
    for (const [status, response] of Object.entries(responses ?? {})) {
      if (!isError(status)) continue;
      // RFC 6749 has errors of its own.
      const allowed = {
        'application/problem+json': status === '422' ? [] : ['Problem'],
        'application/json': { 422: ['HTTPValidationError'], 400: ['TokenError'], 429: ['TokenError'] }[status] ?? [],
      };
      const content = Object.entries(resolve(response).node?.content ?? {});
      if (!content.length || content.some(([type, { schema }]) => !allowed[type]?.includes(refName(schema?.$ref)))) {
        yield { message: `The answer ${status} is neither a problem document nor an HTTPValidationError.`, at: 'responses' };
      }
    }
  }),
  'integer-is-64-bit': rule('Schema', function* (schema) {
    if (isInteger(schema) && schema.format !== 'int64') yield 'The integer is not `format: int64`.';
  }),
  'property-snake-case': rule('SchemaProperties', function* (properties) {
    for (const name of Object.keys(properties)) {
      if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) yield { message: `\`${name}\` is not in snake_case.`, at: name };
    }
  }),
};

// What is ignored, so that the generated code accepts what the contract refuses, or what does not compile.
const UNKNOWN_KEYWORDS = [
  '$defs', '$dynamicRef', 'additionalProperties', 'const', 'contains', 'contentSchema', 'dependentRequired',
  'dependentSchemas', 'discriminator', 'else', 'if', 'maxProperties', 'minProperties', 'multipleOf', 'not', 'nullable',
  'patternProperties', 'prefixItems', 'propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties', 'uniqueItems',
];
const ITEM_CONSTRAINTS = ['enum', 'maxItems', 'maxLength', 'maximum', 'minItems', 'minLength', 'minimum', 'pattern'];
const CONSTRAINTS = [...ITEM_CONSTRAINTS, 'exclusiveMaximum', 'exclusiveMinimum', 'format'];

const dialect = {
  'dialect-composition': rule('Schema', function* (schema) {
    for (const keyword of ['allOf', 'oneOf']) {
      if (schema[keyword]) yield { message: `\`${keyword}\` is not handled.`, at: keyword };
    }
    const branches = schema.anyOf ?? [];
    const others = branches.filter(branch => !isNull(branch));
    const isHandled = others.length === 1 ? branches.length === 2 : others.every(isScalar);
    if (schema.anyOf && !isHandled) {
      yield { message: '`anyOf` is handled for one schema or null, and for scalars alone.', at: 'anyOf' };
    }
  }),
  'dialect-type': rule('Schema', function* ({ type }) {
    if (Array.isArray(type)) yield { message: 'One type is due; write `anyOf` with `type: "null"` for what may be null.', at: 'type' };
  }),
  'dialect-keyword': rule('Schema', function* (schema) {
    for (const keyword of UNKNOWN_KEYWORDS) {
      if (schema[keyword] !== undefined) yield { message: `\`${keyword}\` is ignored by the generators.`, at: keyword };
    }
  }),
  'dialect-enum': rule('Schema', function* ({ enum: values, type }, { location }) {
    if (!values) return;
    const isNamed = /^#\/components\/schemas\/[^/]+$/.test(location.pointer);
    if (!isNamed) yield { message: 'An enumeration must be a schema of its own, used by `$ref`: inline ones accept any value.', at: 'enum' };
    if (type !== 'string') yield { message: 'An enumeration must be of strings.', at: 'enum' };
  }),
  'dialect-pattern': rule('Schema', function* ({ pattern }) {
    if (!pattern) return;
    if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) yield { message: 'Rust has neither lookaround nor back-references.', at: 'pattern' };
  }),
  'dialect-item': rule('Schema', function* ({ items }) {
    const found = ITEM_CONSTRAINTS.filter(keyword => items?.[keyword] !== undefined);
    if (found.length) yield { message: `Not enforced on the items of an array: ${found.join(', ')}.`, at: 'items' };
  }),
  'dialect-component': rule('NamedSchemas', function* (schemas) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (schema.type !== 'object' && !schema.enum) {
        yield { message: `\`${name}\` is neither an object nor an enumeration; no type is generated for it.`, at: name };
      }
    }
  }),
  'dialect-recursion': rule('NamedSchemas', function* (schemas) {
    const used = name => [...JSON.stringify(schemas[name] ?? {}).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(m => m[1]);
    for (const name of Object.keys(schemas)) {
      const reached = new Set(), next = used(name);
      for (let found; (found = next.pop());) {
        if (!reached.has(found)) next.push(...used(found));
        reached.add(found);
      }
      if (reached.has(name)) yield { message: `\`${name}\` contains itself.`, at: name };
    }
  }),
  'dialect-name': () => ({
    Root({ paths, components }, context) {
      const ids = Object.values(paths ?? {}).flatMap(Object.values).flatMap(({ operationId }) => operationId ?? []);
      const schemas = components?.schemas ?? {};
      const messages = [...collisions(ids, snakeCase), ...collisions(Object.keys(schemas), pascalCase)];
      for (const { properties } of Object.values(schemas)) messages.push(...collisions(Object.keys(properties ?? {}), snakeCase));
      messages.forEach(message => context.report({ message }));
    },
  }),
  'dialect-media-type': rule('MediaTypesMap', function* (content) {
    const types = Object.keys(content);
    if (types.length !== 1) yield `One content type is due, not ${types.length}.`;
    const known = ['application/json', 'application/problem+json', 'application/x-www-form-urlencoded'];
    for (const type of types.filter(type => !known.includes(type))) yield { message: `\`${type}\` is taken for plain text.`, at: type };
  }),
  'dialect-form': rule('RequestBody', function* ({ required, content }) {
    const form = content?.['application/x-www-form-urlencoded'];
    if (form && !(required && form.schema?.$ref)) yield 'A form must be required, and its schema a `$ref`.';
  }),
  'dialect-status': rule('Responses', function* (responses) {
    for (const status of Object.keys(responses)) {
      if (!/^[1-5]\d\d$/.test(status)) yield { message: `\`${status}\` is no single status.`, at: status };
    }
  }),
  'dialect-parameter': rule('Parameter', function* ({ in: place, schema, content, style, explode }, { resolve }) {
    if (place === 'cookie') yield 'Cookies are not read.';
    if (content || style || explode !== undefined) yield 'A parameter has a `schema`, and its place\'s usual form.';
    const node = resolve(schema ?? {}).node ?? {};
    if (node.type === 'object') yield { message: 'A parameter cannot be an object.', at: 'schema' };
    if (place !== 'header') return;
    const branches = (node.anyOf ?? [node]).filter(branch => !isNull(branch));
    if (branches.some(branch => branch.type !== 'string' || CONSTRAINTS.some(keyword => branch[keyword] !== undefined))) {
      yield { message: 'A header must be a string without constraints.', at: 'schema' };
    }
  }),
  'dialect-header': rule('Header', function* ({ schema }) {
    if (schema?.type !== 'string' || CONSTRAINTS.some(keyword => schema[keyword] !== undefined)) {
      yield { message: 'A header must be a string without constraints.', at: 'schema' };
    }
  }),
};

export default function latchkey() {
  return { id: 'latchkey', rules: { oas3: { ...style, ...dialect } } };
}
