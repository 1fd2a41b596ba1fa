import type { Context } from 'hono';
import type { AuditTrail } from '../audit/audit-trail.js';
import { ConsoleError } from '../errors/console-error.js';
import type { AppEnv } from './app-env.js';
import type { ConsoleParts } from './console-parts.js';
import type { AuditedAct, ConsoleRequest } from './console-route.js';
import { readBody } from './read-body.js';

/**
 * The request that a route answers.
 *
 * @param closed fires when the console closes
 * @throws ConsoleError when the body is no JSON object
 */
export async function consoleRequest(
  { trail }: Pick<ConsoleParts, 'trail'>,
  context: Context<AppEnv>,
  closed: AbortSignal,
): Promise<ConsoleRequest> {
  const { req } = context;
  const access = context.get('access');
  const { who } = access;
  const query = new URL(req.url).searchParams;
  return {
    param: (name) => req.param(name) ?? '',
    query,
    body: req.method === 'POST' ? await readBody(req.raw) : {},
    access,
    isReconnect: req.header('last-event-id') !== undefined,
    abortSignal: AbortSignal.any([req.raw.signal, closed]),
    unmask: async (target) => {
      if (query.get('unmask') !== '1') return false;
      if (access.unmask !== true) {
        await trail.add({ who, action: 'unmask', target, outcome: 'refused', facts: {} });
        throw new ConsoleError(
          403,
          'CONSOLE_MASKED',
          'you may not see personal data: access grants unmask to nobody or not to you',
        );
      }
      await trail.add({ who, action: 'unmask', target, outcome: 'started', facts: {} });
      return true;
    },
    audited: (act, work) => audited(trail, { who, ...act }, work),
  };
}

async function audited<T>(
  trail: AuditTrail,
  act: AuditedAct & { readonly who: string },
  work: () => Promise<T>,
): Promise<T> {
  await trail.add({ ...act, outcome: 'started' });
  let outcome: 'done' | 'failed' = 'failed';
  try {
    const result = await work();
    outcome = 'done';
    return result;
  } finally {
    await trail.addOutcome({ ...act, outcome });
  }
}
