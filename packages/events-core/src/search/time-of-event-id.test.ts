import { describe, expect, it } from 'vitest';
import { uuidV7Source } from '../runtime/ids.js';
import { timeOfEventId } from './time-of-event-id.js';

describe('timeOfEventId', () => {
  it('is the time of an id that this package makes', () => {
    const now = Date.UTC(2026, 0, 31, 12, 0, 0, 7);
    expect(timeOfEventId(uuidV7Source({ now: () => now })())).toBe(now);
  });

  it.each([
    // `uuid.UUID(fields=…)` of Python's uuid1 at that time
    ['c232ab00-9414-11ec-b3c8-9f6bdeced846', Date.UTC(2022, 1, 22, 19, 22, 22)],
    ['C232AB00941411ECB3C89F6BDECED846', Date.UTC(2022, 1, 22, 19, 22, 22)],
  ])('is the time of %s, of version 1', (id, time) => {
    expect(timeOfEventId(id)).toBe(time);
  });

  it.each(['919108f7-52d1-4320-9bac-f847db4148a8', 'order 7', '', 'zzzzzzzz-9414-11ec-b3c8-9f6bdeced846'])(
    'is undefined for %j',
    (id) => {
      expect(timeOfEventId(id)).toBeUndefined();
    },
  );
});
