import { createMetadata } from '../../metadata/create-metadata.js';
import { resolveOptions } from '../../runtime/resolve-options.js';
import type { OpenEdxPublicSignal } from '../../signals/signal.js';
import { encodeHeaders } from '../../wire/headers.js';
import type { Header, Message } from '../../wire/message.js';
import {
  type ConsumerOptions,
  consumerOptionRules,
  type ResolvedConsumerOptions,
} from './consumer-options.js';
import type { Delivery } from './delivery.js';

export const resolvedOptions = (options: Partial<ConsumerOptions> = {}): ResolvedConsumerOptions =>
  resolveOptions<ResolvedConsumerOptions>(
    'fake consumer',
    { topics: ['counts'], groupId: 'g', ...options },
    consumerOptionRules,
  );

/** A message as the fake wire format lays it out. */
export function messageOf(
  signal: Pick<OpenEdxPublicSignal, 'eventType'>,
  data: unknown,
  headers: readonly Header[] = [],
): Message {
  const metadata = createMetadata({ eventType: signal.eventType });
  return {
    topic: 'counts',
    key: Buffer.from('k'),
    value: data === null ? null : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    headers: [...encodeHeaders(metadata, 'kafka'), ...headers],
  };
}

export function deliveryOf(message: Message, ordinal: number, more: Partial<Delivery> = {}): Delivery {
  return {
    message,
    ordinal,
    lane: 'a',
    position: `0:${ordinal}`,
    deliveryCount: 1,
    abortSignal: new AbortController().signal,
    ...more,
  };
}
