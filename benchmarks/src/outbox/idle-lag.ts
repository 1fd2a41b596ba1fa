import { setTimeout } from 'node:timers/promises';
import type { Producer } from '@openedx-ts/events-core';
import type { EncodedEvent } from '@openedx-ts/events-core/bus';
import { OutboxRelay } from '@openedx-ts/events-outbox';
import { quantile } from '../measure.js';
import { memoryBus } from './buses.js';
import type { OutboxDatabase } from './outbox-database.js';
import { entryOf } from './sample-events.js';

/** Milliseconds from the end of COMMIT until the bus has accepted the event. */
export interface Lag {
  readonly p50: number;
  readonly p99: number;
}

/** How the relay learns of an event, and how long events are measured. */
export interface LagOptions {
  /** True: a commit of this process nudges the relay. False: it polls, as for the commits of other processes. */
  readonly isNudged: boolean;
  readonly samples: number;
}

/** Commits events one by one while nothing else happens, and measures when the memory bus has them. */
export async function idleLag(
  outbox: OutboxDatabase,
  [event]: readonly EncodedEvent[],
  { isNudged, samples }: LagOptions,
): Promise<Lag> {
  let accepted = () => {};
  const bus = memoryBus().producer();
  const producer: Pick<Producer, 'publishEncoded'> = {
    publishEncoded: async (events, options) => {
      const results = await bus.publishEncoded(events, options);
      accepted();
      return results;
    },
  };
  const { database, store } = outbox;
  await using relay = new OutboxRelay({ database, store, producer });
  const running = relay.run();
  const entry = entryOf(event as EncodedEvent);
  const lags: number[] = [];
  for (let index = -warmUps; index < samples; index += 1) {
    const published = new Promise<void>((resolve) => {
      accepted = resolve;
    });
    await outbox.append([entry]);
    const committedAt = performance.now();
    if (isNudged) relay.nudge();
    await published;
    if (index >= 0) lags.push(Math.max(0, performance.now() - committedAt));
    await setTimeout((index * 37) % 101); // at any moment between two looks of the relay
  }
  relay.stop();
  await running;
  return { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99) };
}

const warmUps = 10;
