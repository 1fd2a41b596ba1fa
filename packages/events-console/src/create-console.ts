import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { avroCodec } from '@openedx-ts/events-avro';
import { InvalidOptionsError } from '@openedx-ts/events-core';
import type { EventCodec } from '@openedx-ts/events-core/bus';
import type { EventBusAdmin } from '@openedx-ts/events-core/operate';
import type { AccessRule } from './access/console-access.js';
import { RedriveJobs } from './actions/redrive-jobs.js';
import { type AuditSink, AuditTrail } from './audit/audit-trail.js';
import { consoleApp } from './http/console-app.js';
import { LiveViews } from './http/live-views.js';
import { nodeBody } from './http/node-body.js';
import { BusOverview } from './views/bus-overview.js';

/** How a console is made. */
export interface ConsoleOptions {
  /** Of the bus, from its `createAdmin`. The console does not close it. */
  readonly admin: EventBusAdmin;
  /**
   * Decides what each request may do. Without it everybody who reaches the console may look, and nobody may change or
   * unmask anything.
   */
  readonly access?: AccessRule | undefined;
  /**
   * Keeps what operators do; when it rejects, nothing is changed. Each entry is in the log, too, and the last thousand
   * are shown in the console.
   */
  readonly audit?: AuditSink | undefined;
  /** The path under which the console is mounted, such as `/console`. @defaultValue `''` */
  readonly basePath?: string | undefined;
  /** What the page calls the bus. @defaultValue `'bus'` */
  readonly busName?: string | undefined;
  /**
   * Loads the signal of an event type, such as `loadCatalogSignal` of `events-catalog/loader`.
   * @defaultValue only signals that are loaded are decoded
   */
  readonly loadSignal?: ((eventType: string) => unknown) | undefined;
  /** Decodes events, and encodes one that is edited and sent. @defaultValue that for Avro, with exact integers */
  readonly codec?: EventCodec | undefined;
  /** Where a trace is shown, with `{traceId}` in it. @defaultValue no links to traces */
  readonly traceUrl?: string | undefined;
}

/** A console, to be mounted in an HTTP server. */
export interface EventsConsole extends AsyncDisposable {
  /** Answers a request of the Fetch API: for Hono, Bun, and tests. The URL has the whole path, `basePath` included. */
  fetch(request: Request): Promise<Response>;
  /** Answers a request of `node:http`: for Express, Fastify and Nest. It also works behind a parser of bodies. */
  node(request: IncomingMessage, response: ServerResponse): void;
  /** Ends live views and stops redrives. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Makes a console for a bus.
 *
 * @throws InvalidOptionsError when the bus gives no access to its topics, or `basePath` is no path
 */
export function createConsole(options: ConsoleOptions): EventsConsole {
  const { admin, access, codec = avroCodec({ unsafeIntegers: 'bigint' }), loadSignal } = options;
  const { basePath = '', busName = 'bus', traceUrl = null } = options;
  const { topics } = admin;
  if (topics === undefined) throw refused('admin', 'gives no access to the topics of its bus');
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath)) throw refused('basePath', "must be '' or a path such as /console");
  const closed = new AbortController();
  const trail = new AuditTrail(options.audit);
  const jobs = new RedriveJobs(topics, trail);
  const tools = { topics, codec, loadSignal };
  const overview = new BusOverview(admin, topics);
  const hasAccess = access !== undefined;
  const liveViews = new LiveViews();
  const parts = { busName, traceUrl, hasAccess, admin, tools, overview, jobs, trail, liveViews };
  const app = consoleApp({ parts, access, basePath, abortSignal: closed.signal });
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const close = async () => {
    closed.abort();
    await jobs.close();
  };
  return {
    fetch: async (request) => app.fetch(request),
    node: (request, response) => {
      void listener(nodeBody(request), response);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refused(path: string, message: string): InvalidOptionsError {
  return new InvalidOptionsError('console', [{ path, message }]);
}
