import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../process/free-port.js';
import type {
  FakeSchemaRegistry,
  FakeSchemaRegistryOptions,
  RegistryFault,
  SeenRequest,
} from './fake-schema-registry.js';
import { type RegistryAnswer, refused, registryAnswer } from './registry-answer.js';
import { schemaStore } from './schema-store.js';

/** Starts a registry inside this process on a free port of 127.0.0.1. Nothing of it outlives the process. */
export async function startFakeSchemaRegistry(
  options: FakeSchemaRegistryOptions = {},
): Promise<FakeSchemaRegistry> {
  const { ids = 'canonical', firstId = 1, compatibility = 'BACKWARD', tls } = options;
  const store = schemaStore(ids, firstId);
  const incompatible = new Set<string>();
  const requests: SeenRequest[] = [];
  const faults: { readonly fault: RegistryFault; left: number }[] = [];
  const port = await freePort();

  const faultFor = (what: string) => {
    const found = faults.find(({ fault, left }) => left > 0 && (fault.on?.test(what) ?? true));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    const body = await textOf(request);
    requests.push({ method, path, headers, body });
    const fault = faultFor(`${method} ${path}`);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs, undefined, { ref: false });
    if (fault?.hang) return;
    if (fault?.reset) return void request.socket.resetAndDestroy();
    if (fault?.status !== undefined || fault?.body !== undefined) return answerWith(response, fault);
    const where = { method, path: new URL(path, 'http://registry').pathname, body };
    const answer = isLoggedIn(headers.authorization, options)
      ? registryAnswer(store, { incompatible, compatibility }, where)
      : refused(401, 401, 'Unauthorized');
    write(response, answer.status, JSON.stringify(answer.body));
  };

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    // A client that has disconnected is no failure of the registry.
    handle(request, response).catch(() => response.destroy());
  };
  const { start, stop } = localServer(listener, port, tls);
  await start();

  return Object.freeze({
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    requests,
    count: (on: RegExp) => requests.filter(({ method, path }) => on.test(`${method} ${path}`)).length,
    forgetRequests: () => void requests.splice(0),
    register: (subject: string, schema: string) => store.register(subject, schema).id,
    makeIncompatible: (subject: string) => void incompatible.add(subject),
    fail: (fault: RegistryFault) =>
      void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    heal: () => void faults.splice(0),
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  });
}

/** An HTTP or HTTPS server on 127.0.0.1 that can be started and stopped repeatedly. */
function localServer(listener: RequestListener, port: number, tls: FakeSchemaRegistryOptions['tls']) {
  const clientAuthentication = tls?.clientCa !== undefined && { ca: tls.clientCa, requestCert: true };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ ...tls, ...clientAuthentication }, listener);
  return {
    async start(): Promise<void> {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async stop(): Promise<void> {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function isLoggedIn(
  authorization: string | undefined,
  { basicAuth, bearerToken }: FakeSchemaRegistryOptions,
): boolean {
  const accepted: string[] = [];
  if (bearerToken !== undefined) accepted.push(`Bearer ${bearerToken}`);
  if (basicAuth !== undefined) {
    const login = `${basicAuth.username}:${basicAuth.password}`;
    accepted.push(`Basic ${Buffer.from(login).toString('base64')}`);
  }
  return accepted.length === 0 || accepted.includes(authorization ?? '');
}

function answerWith(response: ServerResponse, { status = 200, body, headers }: RegistryFault): void {
  const answer: RegistryAnswer = refused(status, status, `HTTP ${status}`);
  write(response, status, body ?? JSON.stringify(answer.body), headers);
}

function write(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const login = status === 401 ? { 'www-authenticate': 'Basic realm="registry"' } : {};
  response.writeHead(status, {
    'content-type': 'application/vnd.schemaregistry.v1+json',
    ...login,
    ...headers,
  });
  response.end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
