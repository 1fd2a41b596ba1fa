import { InvalidAvroSchemaError } from './canonical-avro-schema.js';
import type { SchemaStore, StoredVersion } from './schema-store.js';

/** A request as far as a registry looks at it. */
export interface RegistryRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly body: string;
}

/** An answer: `body` goes out as JSON. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (store: SchemaStore, rules: Rules, parts: readonly string[], body: string) => RegistryAnswer;

interface Rules {
  readonly incompatible: ReadonlySet<string>;
  readonly compatibility: string;
}

/** By method and path; `*` stands for one part of the path. */
const routes: Readonly<Record<string, Route>> = {
  'GET ': () => ok({}),
  'GET mode': () => ok({ mode: 'READWRITE' }),
  'GET config': (_store, { compatibility }) => ok({ compatibilityLevel: compatibility }),
  'GET config/*': (_store, _rules, [, subject]) =>
    refused(404, 40408, `Subject '${subject}' does not have subject-level compatibility configured`),
  'GET schemas/types': () => ok(['JSON', 'PROTOBUF', 'AVRO']),
  'GET schemas/ids/*': (store, _rules, [, , id]) => {
    const schema = store.schema(Number(id));
    return schema === undefined ? refused(404, 40403, `Schema ${id} not found`) : ok({ schema });
  },
  'GET subjects': (store) => ok(store.subjects()),
  'GET subjects/*/versions': (store, _rules, [, subject = '']) =>
    withSubject(store, subject, (versions) => ok(versions.map(({ version }) => version))),
  'GET subjects/*/versions/*': (store, _rules, [, subject = '', , wanted]) =>
    withSubject(store, subject, (versions) => {
      const found = wanted === 'latest' ? versions.at(-1) : versions[Number(wanted) - 1];
      return found === undefined ? refused(404, 40402, `Version ${wanted} not found.`) : ok(found);
    }),
  'POST subjects/*': (store, _rules, [, subject = ''], body) =>
    withSchema(body, (schema) =>
      withSubject(store, subject, () => {
        const found = store.find(subject, schema);
        return found === undefined ? refused(404, 40403, 'Schema not found') : ok(found);
      }),
    ),
  'POST subjects/*/versions': (store, { incompatible }, [, subject = ''], body) =>
    withSchema(body, (schema) => {
      if (incompatible.has(subject) && store.find(subject, schema) === undefined) {
        const what = 'Schema being registered is incompatible with an earlier schema for subject';
        return refused(409, 409, `${what} "${subject}"`);
      }
      return ok({ id: store.register(subject, schema).id });
    }),
  'DELETE subjects/*': (store, _rules, [, subject = '']) =>
    withSubject(store, subject, (versions) => {
      store.remove(subject);
      return ok(versions.map(({ version }) => version));
    }),
};

/** What Confluent's registry answers. */
export function registryAnswer(store: SchemaStore, rules: Rules, request: RegistryRequest): RegistryAnswer {
  const parts = request.path.split('/').filter(Boolean).map(decodeURIComponent);
  for (const [pattern, route] of Object.entries(routes)) {
    const [method, path = ''] = pattern.split(' ');
    const expected = path.split('/').filter(Boolean);
    const fits =
      expected.length === parts.length && expected.every((one, at) => one === '*' || one === parts[at]);
    if (method === request.method && fits) return route(store, rules, parts, request.body);
  }
  return refused(404, 404, 'HTTP 404 Not Found');
}

/** A refusal as the registry words it. */
export function refused(status: number, code: number, message: string): RegistryAnswer {
  return { status, body: { error_code: code, message } };
}

function ok(body: unknown): RegistryAnswer {
  return { status: 200, body };
}

function withSubject(
  store: SchemaStore,
  subject: string,
  then: (versions: readonly StoredVersion[]) => RegistryAnswer,
): RegistryAnswer {
  const versions = store.versions(subject);
  return versions.length === 0 ? refused(404, 40401, `Subject '${subject}' not found.`) : then(versions);
}

/** `normalize` makes no difference here: schemas are compared in canonical form anyway. */
function withSchema(body: string, then: (schema: string) => RegistryAnswer): RegistryAnswer {
  try {
    const { schema, schemaType = 'AVRO' } = JSON.parse(body) as Record<string, unknown>;
    if (typeof schema === 'string' && schemaType === 'AVRO') return then(schema);
    return refused(422, 42201, 'Invalid schema: neither text nor Avro');
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError)
      return refused(422, 42201, `Invalid schema: ${error.message}`);
    if (error instanceof SyntaxError) return refused(400, 400, 'Unable to process JSON');
    throw error;
  }
}
