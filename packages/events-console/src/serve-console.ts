import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OneTimeToken } from './access/one-time-token.js';
import { type ConsoleOptions, createConsole } from './create-console.js';
import { SECURITY_HEADERS } from './http/security-headers.js';

/** How a console is served on this machine. */
export interface ServeConsoleOptions extends Omit<ConsoleOptions, 'access' | 'basePath'> {
  /** Where it listens, on 127.0.0.1. @defaultValue one that is free */
  readonly port?: number | undefined;
  /** Who opens it: stands in the audit trail. */
  readonly who: string;
  /** Whether it may change something. @defaultValue false */
  readonly act?: boolean | undefined;
  /** Whether it may show personal data. @defaultValue false */
  readonly unmask?: boolean | undefined;
}

/** A console that is being served. */
export interface ServedConsole extends AsyncDisposable {
  /** The address to open, once: its token is good for one browser. */
  readonly url: string;
  readonly port: number;
  /** Ends the console and its connections. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves a console on the loopback interface, for the one who has the address.
 *
 * @throws Error of Node when the port is taken (`EADDRINUSE`)
 * @throws InvalidOptionsError as `createConsole` does
 */
export async function serveConsole(options: ServeConsoleOptions): Promise<ServedConsole> {
  const { port: wanted = 0, who, act = false, unmask = false, ...console } = options;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const token = new OneTimeToken(port);
  let served: ReturnType<typeof createConsole>;
  try {
    served = createConsole({
      ...console,
      access: (request) => (token.knows(request) ? { who, act, unmask } : null),
    });
  } catch (error) {
    server.close();
    throw error;
  }
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // A name that somebody made point to this machine is none of ours.
    if (!hosts.includes(request.headers.host ?? '')) return refuse(response);
    const url = addressed(request, `http://${HOST}:${port}`);
    if (url === undefined) return refuse(response);
    const given = url.searchParams.get('token');
    const cookie = given === null ? undefined : token.redeem(given);
    if (given === null) return served.node(request, response);
    url.searchParams.delete('token');
    const location = `${url.pathname.replace(/^\/+/, '/')}${url.search}`; // `//host` would be another host
    response.writeHead(303, {
      ...SECURITY_HEADERS,
      location,
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    });
    response.end();
  });
  const close = async () => {
    await served.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://${HOST}:${port}/?token=${token.token}`, port, close, [Symbol.asyncDispose]: close };
}

const HOST = '127.0.0.1';

/** Undefined for a target that is no path, such as `//`. */
function addressed({ url = '/' }: IncomingMessage, base: string): URL | undefined {
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { ...SECURITY_HEADERS, 'content-type': 'text/plain' });
  response.end('open the address that the command printed\n');
}
