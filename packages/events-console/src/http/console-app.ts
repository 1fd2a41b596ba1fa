import { type Context, Hono } from 'hono';
import type { AccessRule } from '../access/console-access.js';
import { isSameSite } from '../access/is-same-site.js';
import { ConsoleError } from '../errors/console-error.js';
import { actionRoutes } from './action-routes.js';
import type { AppEnv } from './app-env.js';
import { browserFile } from './browser-file.js';
import type { ConsoleParts } from './console-parts.js';
import { consoleRequest } from './console-request.js';
import type { ConsoleRoute } from './console-route.js';
import { errorAnswer } from './error-answer.js';
import { page } from './page.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { sentEvents } from './sent-events.js';
import { viewRoutes } from './view-routes.js';

/** What a console is served with. */
export interface AppOptions {
  readonly parts: ConsoleParts;
  readonly access: AccessRule | undefined;
  /** Empty, or `/console`. */
  readonly basePath: string;
  /** Ends the streams. */
  readonly abortSignal: AbortSignal;
}

/** The console as a Hono application: the page, its files, and the interface under `/api`. */
export function consoleApp(options: AppOptions): Hono<AppEnv> {
  const { parts, basePath } = options;
  const app = new Hono<AppEnv>({ strict: false }).basePath(basePath === '' ? '/' : basePath);
  app.use('*', async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.headers.set(name, value);
  });
  app.onError((error, { req }) => {
    if (req.raw.signal.aborted) return new Response(null, { status: CLIENT_HAS_LEFT });
    const { status, body } = errorAnswer(error);
    return Response.json(body, { status, headers: { ...SECURITY_HEADERS, ...NO_STORE } });
  });
  app.get('/assets/:name', assetAnswer);
  app.use('/api/*', (context, next) => allow(options, context, next));
  for (const route of [...viewRoutes(parts), ...actionRoutes(parts)])
    app.on(route.method, `/api${route.path}`, (context) => routeAnswer(options, route, context));
  app.all('/api/*', () => {
    throw new ConsoleError(404, 'CONSOLE_NOT_FOUND', 'the console has no such route');
  });
  app.get('*', (context) => context.html(page(basePath), 200, NO_STORE));
  return app;
}

/** Nobody reads the answer, and an error of work that was aborted is none. */
const CLIENT_HAS_LEFT = 499;

const NO_STORE = { 'cache-control': 'no-store' };

/** Decides what a request may do. Everything but `GET` needs `act`, and must come from the console's own page. */
async function allow(
  { access }: AppOptions,
  context: Context<AppEnv>,
  next: () => Promise<void>,
): Promise<void> {
  const { raw } = context.req;
  const granted = access === undefined ? { who: 'anyone' } : await access(raw, context.env?.incoming);
  if (granted === null)
    throw new ConsoleError(
      403,
      'CONSOLE_NO_ACCESS',
      'you may not use this console: sign in, or open the address that its command printed',
    );
  if (raw.method !== 'GET' && raw.method !== 'HEAD') {
    if (!isSameSite(raw))
      throw new ConsoleError(403, 'CONSOLE_OTHER_SITE', 'only the page of the console may change something');
    if (granted.act !== true)
      throw new ConsoleError(
        403,
        'CONSOLE_VIEW_ONLY',
        'you may look, and change nothing: access grants act to nobody or not to you',
      );
  }
  context.set('access', granted);
  context.header('cache-control', 'no-store');
  await next();
}

async function routeAnswer(
  { parts, abortSignal }: AppOptions,
  route: ConsoleRoute,
  context: Context<AppEnv>,
): Promise<Response> {
  const request = await consoleRequest(parts, context, abortSignal);
  const answer = route.answer(request);
  if (!(Symbol.asyncIterator in answer)) return context.json(await answer);
  if (context.req.raw.method === 'HEAD') return context.body(null, 200, EVENT_STREAM); // nobody would read and end it
  return sentEvents(context, answer, request.abortSignal, parts.liveViews.enter());
}

const EVENT_STREAM = { 'content-type': 'text/event-stream' };

async function assetAnswer(context: Context<AppEnv>): Promise<Response> {
  const file = await browserFile(context.req.param('name') ?? '');
  if (file === undefined) return context.notFound();
  const isPacked = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
  return context.body(isPacked ? file.packed : file.bytes, 200, {
    'content-type': file.type,
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
  });
}
