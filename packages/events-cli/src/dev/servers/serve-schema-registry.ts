import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DevSchemas } from './dev-schemas.js';

/** A schema registry inside this process. */
export interface ServedSchemaRegistry extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves what producers and consumers, ours and those in Python, use of the API of Confluent's schema registry, on a free
 * port of this machine. It keeps schemas in memory and compares none: every change of a schema is accepted.
 */
export async function serveSchemaRegistry(): Promise<ServedSchemaRegistry> {
  const schemas = new DevSchemas();
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request, schemas).catch(() => refused(422, 42201, 'Invalid schema'));
    response.writeHead(answer.status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
    response.end(JSON.stringify(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, [Symbol.asyncDispose]: () => closed(server) };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answerTo(request: IncomingMessage, schemas: DevSchemas): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?');
  const route = `${request.method} ${path}`;
  const fixed = FIXED[route];
  if (fixed !== undefined) return ok(fixed);
  if (route === 'GET /subjects') return ok(schemas.subjects);
  const [, id] = /^GET \/schemas\/ids\/(\d+)$/.exec(route) ?? [];
  if (id !== undefined) {
    const schema = schemas.textOf(Number(id));
    return schema === undefined ? refused(404, 40403, `Schema ${id} not found`) : ok({ schema });
  }
  const [, name, versions] = /^POST \/subjects\/([^/]+)(\/versions)?$/.exec(route) ?? [];
  if (name === undefined) return refused(404, 404, 'HTTP 404 Not Found');
  const [subject, schema] = [decodeURIComponent(name), schemaIn(await text(request))];
  if (versions !== undefined) return ok({ id: schemas.register(subject, schema).id });
  const found = schemas.find(subject, schema);
  return found === undefined ? refused(404, 40403, 'Schema not found') : ok(found);
}

const FIXED: Readonly<Record<string, unknown>> = {
  'GET /config': { compatibilityLevel: 'NONE' },
  'GET /mode': { mode: 'READWRITE' },
  'GET /schemas/types': ['AVRO'],
};

/** The schema in a request, the same text however it is written. */
function schemaIn(body: string): string {
  const { schema } = JSON.parse(body) as { readonly schema: string };
  return JSON.stringify(JSON.parse(schema));
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, code: number, message: string): Answer {
  return { status, body: { error_code: code, message } };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
