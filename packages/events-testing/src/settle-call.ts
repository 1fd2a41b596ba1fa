import type { SendReceipt } from '@openedx-ts/events-core';
import { EarlierEventFailedError, type PublishOptions } from '@openedx-ts/events-core/bus';
import type { SendFacts } from './faulty-sends.js';

/** One event of a call, and what sends it. */
export interface CallItem extends SendFacts {
  readonly key: string | null;
  readonly send: () => Promise<SendReceipt>;
}

/**
 * Sends the events of a call: all at once, or with `inOrder` those of a key one after another, and none behind one that
 * failed.
 */
export function settleCall(
  items: readonly CallItem[],
  { inOrder = false }: PublishOptions = {},
): Promise<readonly PromiseSettledResult<SendReceipt>[]> {
  const lastOfKeys = new Map<string, EarlierSend>();
  const sends = items.map(({ topic, key, eventId, send }) => {
    if (!inOrder || key === null) return send();
    const place = JSON.stringify([topic, key]);
    const sent = sendBehind(lastOfKeys.get(place), topic, send);
    lastOfKeys.set(place, { eventId, sent });
    return sent;
  });
  return Promise.allSettled(sends);
}

interface EarlierSend {
  readonly eventId: string;
  readonly sent: Promise<SendReceipt>;
}

async function sendBehind(
  earlier: EarlierSend | undefined,
  topic: string,
  send: () => Promise<SendReceipt>,
): Promise<SendReceipt> {
  try {
    await earlier?.sent;
  } catch (cause) {
    const isBehindAnother = cause instanceof EarlierEventFailedError; // which names the one that failed
    throw isBehindAnother ? cause : new EarlierEventFailedError(topic, earlier?.eventId ?? '', { cause });
  }
  return send();
}
