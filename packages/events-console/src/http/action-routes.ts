import { InvalidOptionsError } from '@openedx-ts/events-core';
import {
  deadLetterQueue,
  purgeDeadLetters,
  type ReplayOptions,
  redriveDeadLetters,
  replayGroup,
} from '@openedx-ts/events-core/operate';
import { resendEvent } from '../actions/resend-event.js';
import { selectionFacts, selectionIn } from '../actions/selection-in.js';
import type { CountAnswer } from '../answers/action-answers.js';
import { ConsoleError } from '../errors/console-error.js';
import type { ConsoleParts } from './console-parts.js';
import type { ConsoleRequest, ConsoleRoute } from './console-route.js';

/** The routes of what operators do, and of what it would do (`GET`). */
export function actionRoutes(parts: ConsoleParts): readonly ConsoleRoute[] {
  const { jobs } = parts;
  const get = (path: string, answer: ConsoleRoute['answer']): ConsoleRoute => ({
    method: 'GET',
    path,
    answer,
  });
  const post = (path: string, answer: ConsoleRoute['answer']): ConsoleRoute => ({
    method: 'POST',
    path,
    answer,
  });
  return [
    get('/dead-letters/:topic/:group/redrive', (request) => previewRedrive(parts, request)),
    post('/dead-letters/:topic/:group/redrive', (request) => startRedrive(parts, request)),
    post('/redrives/:id/stop', ({ param, access }) => jobs.stop(param('id'), access.who)),
    post('/dead-letters/:topic/:group/purge', (request) => purge(parts, request)),
    post('/topics/:topic/events/:position/send', (request) => resend(parts, request)),
    get('/groups/:topic/:group/replay', (request) =>
      replayGroup(parts.tools.topics, { ...replayOptions(request, request.query.get('from')), dryRun: true }),
    ),
    post('/groups/:topic/:group/replay', (request) => replay(parts, request)),
  ];
}

async function previewRedrive({ tools }: ConsoleParts, request: ConsoleRequest): Promise<CountAnswer> {
  const selection = selectionIn(Object.fromEntries(request.query));
  const queue = queueOf(tools, request);
  const { abortSignal } = request;
  const { redriven, unfit } = await redriveDeadLetters(tools.topics, queue, {
    ...selection,
    abortSignal,
    dryRun: true,
  });
  return { count: redriven, unfit };
}

function startRedrive({ tools, jobs }: ConsoleParts, request: ConsoleRequest) {
  const { ratePerSecond, allGroups = false } = request.body;
  if (ratePerSecond !== undefined && typeof ratePerSecond !== 'number')
    throw new InvalidOptionsError('redrive', [
      { path: 'ratePerSecond', message: 'must be a number above 0' },
    ]);
  if (typeof allGroups !== 'boolean')
    throw new InvalidOptionsError('redrive', [{ path: 'allGroups', message: 'must be true or false' }]);
  const selection = selectionIn(request.body);
  const queue = queueOf(tools, request);
  return jobs.start({ queue, selection, ratePerSecond, allGroups, who: request.access.who });
}

async function purge({ tools, jobs }: ConsoleParts, request: ConsoleRequest): Promise<CountAnswer> {
  const queue = queueOf(tools, request);
  const target = `${queue.topic}.${queue.groupId}`;
  if (request.body.confirm !== target)
    throw new ConsoleError(
      400,
      'CONSOLE_NOT_CONFIRMED',
      `to remove them for good, confirm must be ${target}`,
    );
  const selection = selectionIn(request.body);
  const facts = selectionFacts(selection);
  const { purged } = await jobs.whilePurging(queue, () =>
    request.audited({ action: 'purge', target, facts }, () =>
      purgeDeadLetters(tools.topics, queue, { ...selection, abortSignal: request.abortSignal }),
    ),
  );
  return { count: purged, unfit: 0 };
}

async function resend({ tools }: ConsoleParts, { param, body, audited }: ConsoleRequest) {
  const { data } = body;
  if (typeof data !== 'string') throw new ConsoleError(400, 'CONSOLE_BODY', 'data must be JSON as a text');
  const [topic, position] = [param('topic'), param('position')];
  return audited({ action: 'send', target: `${topic}@${position}`, facts: {} }, () =>
    resendEvent(tools, { topic, position, data }),
  );
}

async function replay({ tools }: ConsoleParts, request: ConsoleRequest) {
  const { from } = request.body;
  const options = replayOptions(request, typeof from === 'string' ? from : null);
  const target = `${options.topic}.${options.groupId}`;
  return request.audited({ action: 'replay', target, facts: { from: String(from) } }, () =>
    replayGroup(tools.topics, options),
  );
}

function queueOf({ topics }: ConsoleParts['tools'], { param }: ConsoleRequest) {
  return deadLetterQueue(topics, { topic: param('topic'), groupId: param('group') });
}

function replayOptions({ param, abortSignal }: ConsoleRequest, from: string | null): ReplayOptions {
  return { topic: param('topic'), groupId: param('group'), from: startOf(from ?? ''), abortSignal };
}

/** As `--from` of `openedx-events replay`: `earliest`, a time, the id of an event, or positions. */
function startOf(text: string): ReplayOptions['from'] {
  if (text === 'earliest') return text;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return { eventId: text };
  if (/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text)) {
    const time = new Date(text);
    if (!Number.isNaN(time.getTime())) return { time };
  }
  if (/^[\d:,-]+$/.test(text)) return { position: text };
  throw new InvalidOptionsError('replay', [
    { path: 'from', message: 'expected earliest, a time with an offset, a position or the id of an event' },
  ]);
}
