// Rules for `make lint-contract`, in two groups: the style of this API, and the dialect that the generators support. Each is
// a visitor of Redocly CLI; `tests/contract_tools/test_lint.py` violates every one of them.

const isError = status => /^[45]/.test(status);
const isSuccess = status => /^2/.test(status);
const isInteger = schema => schema.type === 'integer';
const isNull = schema => schema.type === 'null';
const isScalar = schema => ['string', 'integer', 'number', 'boolean'].includes(schema.type);
const isMap = schema => Boolean(schema?.additionalProperties) && !schema.properties;
const refName = ref => ref?.split('/').pop();
// Names as the generators write them, to find two that become the same.
const snakeCase = name => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
const pascalCase = name => snakeCase(name).replace(/_/g, '');

/** A rule that checks each node of a type, and reports every message that the check yields. */
const rule = (type, check) => () => ({
  [type](node, context) {
    for (const found of check(node, context) ?? []) {
      const { message, at } = typeof found === 'string' ? { message: found } : found;
      context.report({ message, location: at ? context.location.child(at) : context.location });
    }
  },
});

/** A rule that checks the document as a whole. */
const documentRule = check => () => ({
  Root(document, context) {
    for (const message of check(document)) context.report({ message });
  },
});

const operationsOf = ({ paths }) => Object.values(paths ?? {}).flatMap(Object.values).filter(({ responses }) => responses);

/** The values in an object or an array, apart from examples and links. */
const valuesIn = node => Object.entries(node).filter(([key]) => !['example', 'examples', 'links'].includes(key)).map(([, value]) => value);
/** The kind and the name of the component that a node refers to. */
const targetOf = ({ $ref }) => /^#\/components\/(\w+)\/(.+)$/.exec($ref)?.slice(1) ?? [];

/** The names of the schemas that a part of the document refers to, directly or through others. */
function schemasBelow(document, part) {
  const found = new Set(), next = [part];
  for (let node; next.length;) {
    node = next.pop();
    if (typeof node !== 'object' || node === null) continue;
    const [kind, name] = targetOf(node);
    if (kind && !(kind === 'schemas' && found.has(name))) {
      if (kind === 'schemas') found.add(name);
      next.push(document.components?.[kind]?.[name]);
    }
    next.push(...valuesIn(node));
  }
  return found;
}
const requestSchemas = document => schemasBelow(document, operationsOf(document).map(({ requestBody, parameters }) => [requestBody, parameters]));
const responseSchemas = document => schemasBelow(document, operationsOf(document).map(({ responses }) => responses));
const jsonBodySchemas = document => schemasBelow(document, operationsOf(document).map(({ requestBody }) => requestBody?.content?.['application/json']));
const formSchemas = document => schemasBelow(document, operationsOf(document).map(({ requestBody }) => requestBody?.content?.['application/x-www-form-urlencoded']));
// When a request is repeated that got no response, or one that says to try again: docs/CLIENTS.md.
const RETRIES = ['repeatable', 'keyed', 'rejected'];
const schemaEntries = document => Object.entries(document.components?.schemas ?? {});

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
  'operation-described': rule('Operation', function* ({ description }) {
    if (!description) yield 'The operation has no description.';
  }),
  'body-described': rule('RequestBody', function* ({ description }) {
    if (!description) yield 'The request body has no description.';
  }),
  'parameter-example': rule('Parameter', function* (parameter) {
    // Only a server can make a cursor or a credential that is valid.
    if (parameter.name === 'cursor' || parameter['x-credential-header']) return;
    if (parameter.example === undefined) yield 'The parameter has no example.';
  }),
  'property-documented': rule('SchemaProperties', function* (properties) {
    for (const [name, property] of Object.entries(properties)) {
      const missing = property.$ref ? [] : ['title', 'description', 'examples'].filter(keyword => property[keyword] === undefined);
      if (missing.length) yield { message: `\`${name}\` has no ${missing.join(', no ')}.`, at: name };
    }
  }),
  'link-present': rule('Operation', function* ({ responses }, { resolve }) {
    for (const [status, response] of Object.entries(responses ?? {})) {
      if (isSuccess(status) && !resolve(response).node?.links) {
        yield { message: `The response ${status} has no link to a next operation.`, at: 'responses' };
      }
    }
  }),
  'security-stated': rule('Operation', function* ({ security }) {
    if (!security) yield '`security` is missing; it is `[]` if no credentials are needed.';
  }),
  'security-scopes': rule('Operation', function* ({ security }) {
    const scopes = name => security?.find(requirement => requirement[name])?.[name];
    const [token, key] = ['OAuth2PasswordBearer', 'APIKeyHeader'].map(scopes);
    if (token && JSON.stringify(token) !== JSON.stringify(key)) {
      yield { message: 'A bearer token and an API key do not need the same scopes.', at: 'security' };
    }
  }),
  'credential-header': rule('Operation', function* (operation, { resolve }) {
    const isCredential = parameter => resolve(parameter).node?.['x-credential-header'];
    if (operation.security?.length && !operation['x-custom-authentication'] && !operation.parameters?.some(isCredential)) {
      yield 'The operation takes credentials, but not the parameter `XAPIKey`.';
    }
  }),
  'schema-documented': rule('NamedSchemas', function* (schemas) {
    for (const [name, { title, description }] of Object.entries(schemas)) {
      if (!title || !description) yield { message: `\`${name}\` has no title or no description.`, at: name };
    }
  }),
  'secret-marked': documentRule(function* (document) {
    const listed = document['x-sensitive-properties'] ?? [];
    for (const [schema, { properties }] of schemaEntries(document)) {
      for (const [name, { format, $ref }] of Object.entries(properties ?? {})) {
        // What is described elsewhere, such as the record of a key, is checked there.
        const isSecret = !$ref && /^(key|full_key|token|access_token|password|secret)$/.test(name);
        if (isSecret && format !== 'password' && !listed.includes(`${schema}/${name}`)) {
          yield `\`${name}\` of \`${schema}\` is a secret, but not \`format: password\`.`;
        }
      }
    }
    for (const place of listed) {
      const [schema, name] = place.split('/');
      if (!document.components?.schemas?.[schema]?.properties?.[name]) yield `\`x-sensitive-properties\` names \`${place}\`, which does not exist.`;
    }
  }),
  // What the clients make of an operation: codegen/clients/render.py.
  'client-method': rule('Operation', function* (operation, { resolve }) {
    const { 'x-client': { method, retry, pages, omitted, ...unknown } = {}, responses, requestBody } = operation;
    const say = message => ({ message, at: operation['x-client'] ? 'x-client' : undefined });
    const others = Object.keys(unknown);
    if (others.length) yield say(`\`x-client\` has no member ${others.join(', ')}.`);
    if (omitted !== undefined) {
      if (typeof omitted !== 'string' || !omitted || method || retry || pages) yield say('`omitted` says why the clients have no method, and stands alone.');
      return;
    }
    if (!/^([a-z]+(_[a-z]+)*\.)*[a-z]+(_[a-z]+)*$/.test(method ?? '')) yield say('`method` is not the name of a method, after those of its groups: `keys.policy.get`.');
    if (!RETRIES.includes(retry)) yield say(`\`retry\` is none of ${RETRIES.join(', ')}.`);
    if (requestBody && !requestBody.content?.['application/json']) yield say('Methods send JSON. Write why the operation is `omitted`.');
    const parameters = (operation.parameters ?? []).map(parameter => resolve(parameter).node ?? {}).filter(parameter => !parameter['x-credential-header']);
    const takes = name => parameters.some(parameter => parameter.name === name);
    if ((retry === 'keyed') !== takes('Idempotency-Key')) yield say('`retry` is `keyed` if and only if the operation takes an `Idempotency-Key`.');
    const body = resolve(requestBody?.content?.['application/json']?.schema ?? {}).node;
    const names = [...parameters.map(({ name }) => name), ...Object.keys(body?.properties ?? {})];
    for (const message of collisions(names, snakeCase)) yield say(message);
    const response = Object.entries(responses ?? {}).find(([status]) => isSuccess(status))?.[1] ?? {};
    const { content, headers } = resolve(response).node ?? {};
    const schema = resolve(content?.['application/json']?.schema ?? {}).node ?? {};
    const expected = !takes('cursor') ? undefined : schema.type === 'array' ? headers?.Link && 'link' : schema.properties?.next_cursor && schema.properties?.items && 'cursor';
    if (takes('cursor') && !expected) yield say('A `cursor` needs a list with a `Link`, or an object with `items` and `next_cursor`.');
    else if (pages !== expected) yield say(`\`pages\` is not ${expected ? `\`${expected}\`` : 'absent'}.`);
  }),
  'client-method-unique': documentRule(function* (document) {
    const methods = operationsOf(document).flatMap(operation => operation['x-client']?.method ?? []);
    for (const [index, method] of methods.entries()) {
      if (methods.indexOf(method) < index) yield `Two operations are the method \`${method}\`.`;
      if (methods.some(other => other.startsWith(`${method}.`))) yield `\`${method}\` is a method and a group of methods.`;
    }
  }),
  'header-described': rule('Header', function* ({ description }) {
    if (!description) yield 'The header has no description.';
  }),
  'header-example': rule('Header', function* ({ required, example }) {
    // The mock sends every header that has an example: a `Link` that must be absent at some time would never end.
    if (required && example === undefined) yield 'The header has no example.';
  }),
  'header-referenced': rule('Response', function* ({ headers }) {
    for (const [name, header] of Object.entries(headers ?? {})) {
      if (!header.$ref) yield { message: `The header ${name} is not one of components/headers.`, at: 'headers' };
    }
  }),
  'response-headers': rule('Response', function* ({ headers }) {
    const missing = ['X-Request-Id', 'Latchkey-Version'].filter(name => !headers?.[name]);
    if (missing.length) yield `The headers ${missing.join(', ')} are missing, which every response has.`;
  }),
  'problem-code': documentRule(function* ({ components }) {
    const codes = components?.schemas?.Problem?.properties?.code?.['x-extensible-enum'] ?? [];
    for (const [name, { content }] of Object.entries(components?.responses ?? {})) {
      for (const example of Object.values(content?.['application/problem+json']?.examples ?? {})) {
        const { value } = example.$ref ? components.examples?.[refName(example.$ref)] ?? {} : example;
        if (!codes.includes(value?.code)) yield `The response \`${name}\` has an example whose code \`${value?.code}\` is not documented.`;
      }
    }
  }),
  'problem-code-described': documentRule(function* ({ components }) {
    const { description = '', 'x-extensible-enum': codes = [] } = components?.schemas?.Problem?.properties?.code ?? {};
    for (const code of codes.filter(code => !description.includes(`\`${code}\``))) yield `The description of \`code\` of \`Problem\` does not explain \`${code}\`.`;
  }),
  'error-referenced': rule('Operation', function* ({ responses }) {
    for (const [status, response] of Object.entries(responses ?? {})) {
      if (isError(status) && !response.$ref) {
        yield { message: `The response ${status} is not one of components/responses.`, at: 'responses' };
      }
    }
  }),
  'error-documented': rule('Operation', function* ({ requestBody, parameters, security, responses, ...operation }) {
    // Requests of all other operations with credentials are limited.
    const isVerification = operation['x-cached-authentication'] || operation['x-custom-authentication'];
    const takes = name => parameters?.some(({ $ref }) => refName($ref) === name);
    const required = [
      '500', '503', ...(requestBody ? ['408', '413'] : []), ...(security?.length ? ['401', '422'] : []),
      ...(security?.length && !isVerification ? ['429'] : []),
      ...(takes('IfMatch') ? ['412'] : []), ...(takes('IdempotencyKey') ? ['409'] : []),
    ];
    const missing = required.filter(status => !responses?.[status]);
    if (missing.length) yield { message: `The responses ${missing.join(', ')} are missing.`, at: 'responses' };
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
        yield { message: `The response ${status} is neither a problem document nor an HTTPValidationError.`, at: 'responses' };
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

// What the generated code ignores, so that it would accept what the contract forbids, or what does not compile.
const UNKNOWN_KEYWORDS = [
  '$defs', '$dynamicRef', 'const', 'contains', 'contentSchema', 'dependentRequired',
  'dependentSchemas', 'discriminator', 'else', 'if', 'maxProperties', 'minProperties', 'multipleOf', 'not', 'nullable',
  'patternProperties', 'prefixItems', 'propertyNames', 'then', 'unevaluatedItems', 'unevaluatedProperties', 'uniqueItems',
];
const ITEM_CONSTRAINTS = ['enum', 'maxItems', 'maximum', 'minItems', 'minimum'];
// What makes a map, and what constrains it.
const MAP_KEYWORDS = ['type', 'title', 'description', 'examples', 'additionalProperties', 'maxProperties', 'propertyNames'];
const MAP_VALUE_KEYWORDS = ['type', 'maxLength', 'minLength', 'pattern'];
const HEADER_CONSTRAINTS = [...ITEM_CONSTRAINTS, 'exclusiveMaximum', 'exclusiveMinimum', 'minLength'];
const FORMATS = ['date-time', 'int64', 'ip-address', 'ip-network', 'password'];
// Those that codegen/annotate.py has a name for.
const STATUSES = ['200', '201', '202', '204', '400', '401', '403', '404', '408', '409', '412', '413', '422', '429', '500', '503'];

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
    if (Array.isArray(type)) yield { message: 'Several types are not handled; write `anyOf` with `type: "null"` for a value that may be null.', at: 'type' };
  }),
  'dialect-keyword': rule('Schema', function* (schema) {
    const unknown = isMap(schema) ? UNKNOWN_KEYWORDS.filter(keyword => !MAP_KEYWORDS.includes(keyword)) : UNKNOWN_KEYWORDS;
    for (const keyword of unknown) {
      if (schema[keyword] !== undefined) yield { message: `\`${keyword}\` is ignored by the generators.`, at: keyword };
    }
  }),
  'dialect-format': rule('Schema', function* ({ format }) {
    if (format && !FORMATS.includes(format)) yield { message: `The format \`${format}\` is not enforced.`, at: 'format' };
  }),
  // An unknown member of a request is a mistake of the client; one of a response is something new.
  'dialect-strict': documentRule(function* (document) {
    const bodies = jsonBodySchemas(document);
    for (const [name, schema] of schemaEntries(document)) {
      if (isMap(schema)) continue;
      const { type, additionalProperties } = schema;
      // Frozen before unknown members were forbidden.
      const isStrict = bodies.has(name) && type === 'object' && name !== 'APIKeyRecordCreate';
      if (isStrict && additionalProperties !== false) yield `\`${name}\` is part of a JSON body, and must have \`additionalProperties: false\`.`;
      if (!isStrict && additionalProperties !== undefined) yield `\`${name}\` is not part of a JSON body, and must not have \`additionalProperties\`.`;
    }
  }),
  'dialect-direction': documentRule(function* (document) {
    const responses = responseSchemas(document);
    for (const name of requestSchemas(document)) {
      const schema = document.components.schemas[name];
      if (responses.has(name) && schema?.type === 'object' && !isMap(schema)) {
        yield `\`${name}\` is part of requests and of responses, which change by different rules.`;
      }
    }
  }),
  'dialect-map': rule('Schema', function* ({ additionalProperties: values, propertyNames: names, ...schema }, { location }) {
    if (!values) return;
    const isNamed = /^#\/components\/schemas\/[^/]+$/.test(location.pointer);
    if (!isNamed) yield { message: 'A map must be a schema of its own, used by `$ref`.', at: 'additionalProperties' };
    if (schema.type !== 'object') yield 'A map must be a `type: object`.';
    for (const keyword of Object.keys(schema).filter(keyword => !MAP_KEYWORDS.includes(keyword))) {
      yield { message: `\`${keyword}\` is not handled for a map.`, at: keyword };
    }
    if (schema.maxProperties === undefined) yield 'A map must have `maxProperties`.';
    if (Object.keys(names ?? {}).join() !== 'pattern') yield 'The `propertyNames` of a map must be constrained by `pattern` alone.';
    const isBoundedString = values.type === 'string' && values.maxLength !== undefined;
    if (!isBoundedString || Object.keys(values).some(keyword => !MAP_VALUE_KEYWORDS.includes(keyword))) {
      yield { message: 'The values of a map must be strings with `maxLength`, and constrained by lengths and `pattern` alone.', at: 'additionalProperties' };
    }
  }),
  'dialect-map-member': documentRule(function* (document) {
    const nameOfMap = node => {
      const [kind, name] = targetOf(node);
      return kind === 'schemas' && isMap(document.components.schemas?.[name]) ? name : undefined;
    };
    const properties = schemaEntries(document).flatMap(([, schema]) => Object.values(schema.properties ?? {}));
    const members = new Set(properties.flatMap(property => [property, ...property.anyOf ?? []]));
    for (let next = [document], node; (node = next.pop());) {
      if (nameOfMap(node) && !members.has(node)) yield `\`${nameOfMap(node)}\` is a map, which only a property of a named schema can be.`;
      next.push(...valuesIn(node).filter(value => typeof value === 'object' && value));
    }
    for (const name of formSchemas(document)) {
      if (isMap(document.components.schemas[name])) yield `\`${name}\` is a map, which a form cannot contain.`;
    }
  }),
  'dialect-open-enum': documentRule(function* (document) {
    const requests = requestSchemas(document), responses = responseSchemas(document);
    for (const [name, schema] of schemaEntries(document)) {
      if (schema.enum && responses.has(name)) yield `\`${name}\` is part of a response: a new value would break clients; use \`x-extensible-enum\`.`;
      for (const [member, { type, 'x-extensible-enum': values }] of Object.entries(schema.properties ?? {})) {
        if (values === undefined) continue;
        if (requests.has(name)) yield `\`${member}\` of \`${name}\` is part of a request, whose enumerations are closed.`;
        const isList = Array.isArray(values) && values.length && values.every(value => typeof value === 'string');
        if (type !== 'string' || !isList || new Set(values).size !== values.length) {
          yield `\`x-extensible-enum\` of \`${member}\` of \`${name}\` must list different strings, of a \`type: string\`.`;
        }
      }
    }
  }),
  'dialect-operation-responses': rule('Operation', function* (operation, { resolve }) {
    for (const status of operation['x-operation-responses'] ?? []) {
      const response = resolve(operation.responses?.[status] ?? {}).node;
      if (!response?.['x-handled-by-middleware']) {
        yield { message: `The response ${status} is not one that the hooks give otherwise.`, at: 'x-operation-responses' };
      }
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
      if (schema.type !== 'object' && schema.type !== 'string') {
        yield { message: `\`${name}\` is neither an object nor a string; no type is generated for it.`, at: name };
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
    if (types.length !== 1) yield `There must be one content type, not ${types.length}.`;
    const known = ['application/json', 'application/problem+json', 'application/x-www-form-urlencoded'];
    for (const type of types.filter(type => !known.includes(type))) yield { message: `\`${type}\` would be handled as plain text.`, at: type };
  }),
  'dialect-form': rule('RequestBody', function* ({ required, content }) {
    const form = content?.['application/x-www-form-urlencoded'];
    if (form && !(required && form.schema?.$ref)) yield 'A form must be required, and its schema a `$ref`.';
  }),
  'dialect-status': rule('Responses', function* (responses) {
    for (const status of Object.keys(responses)) {
      if (!STATUSES.includes(status)) yield { message: `\`${status}\` is not a status that the generated code has a name for.`, at: status };
    }
  }),
  'dialect-parameter': rule('Parameter', function* ({ in: place, schema, content, style, explode }, { resolve, location }) {
    if (place === 'cookie') yield 'Cookies are not read.';
    if (content || style || explode !== undefined) yield 'A parameter must have a `schema`, and the default style of its location.';
    const node = resolve(schema ?? {}).node ?? {};
    if (node.type === 'object') yield { message: 'A parameter cannot be an object.', at: 'schema' };
    if (place !== 'header') return;
    const branches = (node.anyOf ?? [node]).filter(branch => !isNull(branch));
    const isUnsupported = ({ type, format, ...branch }) => type !== 'string' || format || HEADER_CONSTRAINTS.some(keyword => branch[keyword] !== undefined);
    if (branches.some(isUnsupported)) yield { message: 'A header must be a string, constrained by `maxLength` and `pattern` alone.', at: 'schema' };
    // Its check is generated once, from the component.
    if (!location.pointer.startsWith('#/components/parameters/')) yield 'A header must be one of components/parameters.';
  }),
  'dialect-header': rule('Header', function* ({ schema }) {
    const allowed = { string: ['type', 'title'], integer: ['type', 'format', 'title'] }[schema?.type] ?? [];
    const other = Object.keys(schema ?? {}).filter(keyword => !allowed.includes(keyword));
    if (!allowed.length || other.length) yield { message: 'A header must be a string or an integer, without constraints.', at: 'schema' };
  }),
};

export default function latchkey() {
  return { id: 'latchkey', rules: { oas3: { ...style, ...dialect } } };
}
