import { InvalidOptionsError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { deadLetterQueue } from '@openedx-ts/events-core/operate';
import type { SessionAnswer } from '../answers/session-answer.js';
import { eventFilter } from '../messages/event-filter.js';
import { deadLetterCauses } from '../views/dead-letter-causes.js';
import { eventDetails } from '../views/event-details.js';
import { liveEvents } from '../views/live-events.js';
import { newestEvents } from '../views/newest-events.js';
import { whereEvent } from '../views/where-event.js';
import type { ConsoleParts } from './console-parts.js';
import type { ConsoleRequest, ConsoleRoute } from './console-route.js';

/** The routes that show something and change nothing. */
export function viewRoutes(parts: ConsoleParts): readonly ConsoleRoute[] {
  const { tools, overview, jobs, trail } = parts;
  const route = (path: string, answer: ConsoleRoute['answer']): ConsoleRoute => ({
    method: 'GET',
    path,
    answer,
  });
  return [
    route('/session', async ({ access }) => sessionAnswer(parts, access)),
    route('/overview', () => overview.look()),
    route('/overview/live', ({ abortSignal }) => repeated(() => overview.look(), abortSignal)),
    route('/topics/:topic/events', (request) => eventsOf(parts, request)),
    route('/topics/:topic/live', (request) => liveOf(parts, request)),
    route('/topics/:topic/events/:position', async ({ param, unmask, abortSignal }) => {
      const [topic, position] = [param('topic'), param('position')];
      return eventDetails(tools, {
        topic,
        position,
        unmask: await unmask(`${topic}@${position}`),
        abortSignal,
      });
    }),
    route('/events/:id', ({ param, query, abortSignal }) =>
      whereEvent(tools, {
        eventId: param('id'),
        since: timeIn(query, 'since'),
        after: query.get('after') ?? undefined,
        abortSignal,
      }),
    ),
    route('/dead-letters/:topic/:group', ({ param, abortSignal }) =>
      deadLetterCauses(
        tools,
        deadLetterQueue(tools.topics, { topic: param('topic'), groupId: param('group') }),
        abortSignal,
      ),
    ),
    route('/redrives', async () => ({ jobs: jobs.list() })),
    route('/redrives/live', ({ abortSignal }) =>
      repeated(async () => ({ jobs: jobs.list() }), abortSignal, JOBS_MS),
    ),
    route('/redrives/:id', async ({ param }) => jobs.get(param('id'))),
    route('/audit', async () => ({ entries: trail.entries })),
  ];
}

function sessionAnswer(
  { busName, traceUrl, hasAccess }: ConsoleParts,
  { who, act = false, unmask = false }: ConsoleRequest['access'],
): SessionAnswer {
  return { bus: busName, who: hasAccess ? who : null, mayAct: act, mayUnmask: unmask, traceUrl };
}

async function eventsOf({ tools }: ConsoleParts, { param, query, unmask, abortSignal }: ConsoleRequest) {
  const topic = param('topic');
  return newestEvents(tools, {
    topic,
    filter: eventFilter(query),
    count: countIn(query),
    before: query.get('before') ?? undefined,
    unmask: await unmask(topic),
    abortSignal,
  });
}

async function* liveOf({ tools }: ConsoleParts, request: ConsoleRequest) {
  const { param, query, isReconnect, abortSignal } = request;
  const topic = param('topic');
  const filter = eventFilter(query);
  const from = isReconnect ? undefined : query.get('from') || undefined; // it has had what follows `from`
  const unmask = await request.unmask(topic);
  for await (const events of liveEvents(tools, { topic, filter, from, unmask, abortSignal }))
    yield { events };
}

/** Yields an answer at intervals, every two seconds by default, until the signal fires. */
async function* repeated<T>(
  ask: () => Promise<T>,
  abortSignal: AbortSignal,
  everyMs = LIVE_MS,
): AsyncGenerator<T> {
  while (!abortSignal.aborted) {
    yield await ask();
    await runtime().clock.sleep(everyMs, abortSignal);
  }
}

const LIVE_MS = 2_000;
const JOBS_MS = 500;

function countIn(query: URLSearchParams): number {
  const text = query.get('count') ?? '50';
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  throw new InvalidOptionsError('events', [
    { path: 'count', message: `must be a whole number of 1 to ${MAX_COUNT}` },
  ]);
}

const MAX_COUNT = 200;

function timeIn(query: URLSearchParams, path: string): number | undefined {
  const text = query.get(path);
  if (text === null || text === '') return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new InvalidOptionsError('event', [
    { path, message: 'expected a time, such as 2026-01-31T12:00:00Z' },
  ]);
}
