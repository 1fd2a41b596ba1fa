import type { Route } from '../routes/route.js';
import type { EventOutbox } from './event-outbox.js';
import type { OutgoingEvent, Producer } from './producer.js';

/** An outbox that keeps what it is given. */
export interface FakeOutbox extends EventOutbox {
  readonly added: OutgoingEvent[];
  /** The topics of each call of `warmUp`. */
  readonly warmed: string[][];
  readonly relays: Producer[];
  /** What `add` throws from now on. */
  failure: unknown;
  /** What `warmUp` throws from now on. */
  unready: unknown;
  isClosed: boolean;
}

export function fakeOutbox(): FakeOutbox {
  const outbox: FakeOutbox = {
    added: [],
    warmed: [],
    relays: [],
    failure: undefined,
    unready: undefined,
    isClosed: false,
    warmUp: async (routes: readonly Route[]) => {
      outbox.warmed.push(routes.map(({ topic }) => topic));
      if (outbox.unready !== undefined) throw outbox.unready;
    },
    add: (event) => {
      if (outbox.failure !== undefined) throw outbox.failure;
      outbox.added.push(event);
    },
    startRelay: (producer) => void outbox.relays.push(producer),
    health: () => ({ live: true, ready: !outbox.isClosed, reasons: outbox.isClosed ? ['closed'] : [] }),
    close: async () => {
      outbox.isClosed = true;
    },
  };
  return outbox;
}
