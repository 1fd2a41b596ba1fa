import type { MemoryBroker } from '@openedx-ts/event-bus-memory';
import {
  boolean,
  type DateTime,
  datetime,
  defineSignal,
  list,
  long,
  optional,
  type Producer,
  record,
  string,
  withDefault,
} from '@openedx-ts/events-core';
import { expect } from 'vitest';
import {
  assertPublished,
  assertReceived,
  eventFactory,
  faultyProducer,
  isolateSignals,
  recordEvents,
  sampleOf,
} from './index.js';
import type {} from './vitest/index.js';

const BOOKED = defineSignal({
  eventType: 'org.openedx.testing.typed.booked.v1',
  data: {
    booking: record('TypedBooking', {
      seats: long(),
      at: datetime(),
      note: optional(string()),
      is_open: withDefault(boolean(), true),
      user: record('TypedUser', { name: string(), tags: list(string()) }),
    }),
  },
});

export async function recorded() {
  const recorder = recordEvents(BOOKED);
  const { data } = await recorder.next();
  data.booking.at satisfies DateTime;
  data.booking.note satisfies string | null;
  (await recorder.take(2))[0]?.data.booking.seats satisfies number | undefined;
  for await (const event of recorder) event.data.booking.is_open satisfies boolean;
  await recorder.matching({ booking: { user: { name: 'ada' }, at: new Date(0), note: null } });
  await recorder.matching(({ data: { booking } }) => booking.seats > 2);
  // @ts-expect-error -- there is no such field
  await recorder.matching({ booking: { seat: 2 } });
  // @ts-expect-error -- the number of seats is a number
  await recorder.matching({ booking: { seats: '2' } });
  // @ts-expect-error -- there is no such field in the data
  data.booking.seat;
}

export function built() {
  const factory = eventFactory(BOOKED, { seed: 1 });
  factory.build({ booking: { user: { name: 'ada' } } }).booking.user.name satisfies string;
  factory.build({ booking: { at: '2026-01-02T03:04:05Z', note: null, is_open: false } });
  // @ts-expect-error -- there is no such field
  factory.build({ booking: { usr: {} } });
  // @ts-expect-error -- a name is text
  factory.build({ booking: { user: { name: 7 } } });
  // @ts-expect-error -- a list is given as a whole
  factory.build({ booking: { user: { tags: { 0: 'a' } } } });
  // @ts-expect-error -- a record that is always there cannot be null
  factory.buildMany(2, { booking: { user: null } });
  sampleOf(list(long()), () => 0.5) satisfies readonly number[];
}

export function asserted(broker: MemoryBroker) {
  const recorder = recordEvents(BOOKED);
  assertReceived(recorder, { booking: { seats: 2 } });
  // @ts-expect-error -- the number of seats is a number
  assertReceived(recorder, { booking: { seats: '2' } });
  expect(recorder).toHaveReceived({ booking: { seats: 2 } });
  // @ts-expect-error -- there is no such field
  expect(recorder).toHaveReceived({ booking: { seat: 2 } });
  // @ts-expect-error -- only a recorder receives
  expect(broker).toHaveReceived({});
  return [
    assertPublished(broker, BOOKED, { booking: { user: { name: 'ada' } } }),
    // @ts-expect-error -- there is no such field
    assertPublished(broker, BOOKED, { booking: { usr: {} } }),
    expect(broker).toHavePublished(BOOKED, { booking: { user: { name: 'ada' } } }),
    // @ts-expect-error -- a name is text
    expect(broker).toHavePublished(BOOKED, { booking: { user: { name: 7 } } }),
    expect(broker).toHaveDeadLettered(BOOKED),
  ];
}

export function planned(producer: Producer) {
  faultyProducer(producer, ['drop', 'pass', 'swap']);
  faultyProducer(producer, { seed: 1, chances: { drop: 0.1 } });
  // @ts-expect-error -- there is no such fault
  faultyProducer(producer, ['explode']);
  // @ts-expect-error -- what is left over passes
  faultyProducer(producer, { seed: 1, chances: { pass: 0.5 } });
  isolateSignals({ enabled: [BOOKED, 'org.openedx.testing.typed.booked.v1'] });
  // @ts-expect-error -- a signal or its type
  isolateSignals({ enabled: [7] });
}
