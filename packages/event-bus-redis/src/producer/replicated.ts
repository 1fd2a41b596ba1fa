import { ProduceFailedError } from '@openedx-ts/events-core';
import type { PublishOutcome } from '@openedx-ts/events-core/bus';
import type { RedisCommand, RedisReply } from '../driver/redis-command.js';
import { RedisReplyError, thrownError } from '../driver/redis-reply-error.js';
import type { AcceptedBy } from '../options/accepted-by.js';

/** The commands that wait, on the connection that has written events, until enough replicas have them; none for `'primary'`. */
export function waitCommands(acceptedBy: AcceptedBy): readonly RedisCommand[] {
  if (acceptedBy === 'primary') return [];
  return [['WAIT', String(acceptedBy.replicas), String(waitMs(acceptedBy))]];
}

/** How much longer a reply may take because of `waitCommands`, in milliseconds. */
export function waitMs(acceptedBy: AcceptedBy): number {
  return acceptedBy === 'primary' ? 0 : (acceptedBy.timeoutMs ?? DEFAULT_WAIT_MS);
}

/**
 * The outcomes of events after Redis has waited for replicas: one that the primary has accepted, and too few replicas
 * have, may have been accepted.
 *
 * @param reply the reply to `waitCommands`
 */
export function replicatedOutcomes(
  stream: string,
  acceptedBy: AcceptedBy,
  outcomes: readonly PublishOutcome[],
  reply: RedisReply | RedisReplyError | undefined,
): readonly PublishOutcome[] {
  if (acceptedBy === 'primary') return outcomes;
  if (typeof reply === 'number' && reply >= acceptedBy.replicas) return outcomes;
  const wanted = `${acceptedBy.replicas} replicas (acceptedBy)`;
  const refusal = reply instanceof RedisReplyError ? thrownError(reply) : undefined;
  const reason =
    refusal === undefined
      ? `the primary has it, but only ${Number(reply)} of ${wanted} had it within ${waitMs(acceptedBy)} ms`
      : `the primary has it, but it cannot wait for ${wanted}: ${refusal.message}`;
  return outcomes.map((outcome) => ('position' in outcome ? unknown(stream, reason, refusal) : outcome));
}

/** The outcome of an event that was found on the primary after a lost connection, where replicas are to have it. */
export function foundOnPrimary(stream: string): PublishOutcome {
  return unknown(
    stream,
    'after a lost connection the primary has it, and it is not known which replicas do',
    undefined,
  );
}

function unknown(stream: string, reason: string, cause: Error | undefined): PublishOutcome {
  const options = { retryable: false, outcome: 'unknown', ...(cause && { cause }) } as const;
  return { error: new ProduceFailedError(stream, reason, options) };
}

const DEFAULT_WAIT_MS = 1_000;
