import { createMetadata } from '@openedx-ts/events-core';
import { metadataToJson } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { type TalliedEvent, Tally } from './tally.js';

function event(data: TalliedEvent['data']): TalliedEvent {
  const eventType = 'org.openedx.learning.badge.awarded.v1';
  return { metadata: metadataToJson(createMetadata({ eventType })), data };
}

describe('Tally', () => {
  it('counts an event that arrives as it was sent', () => {
    const tally = new Tally();
    const awarded = event({ badge: { id: 9007199254740993n } });
    tally.send('memory', awarded);
    tally.deliver({ ...awarded });
    tally.deliver({ ...awarded });
    expect(tally).toMatchObject({ sent: 1, delivered: 1, mismatches: [] });
  });

  it('names the place where an event arrives otherwise than it was sent', () => {
    const tally = new Tally();
    const awarded = event({ badge: { ids: [1, 9007199254740993n] } });
    tally.send('memory', awarded);
    tally.deliver({ ...awarded, data: { badge: { ids: [1, 9007199254740992n] } } });
    expect(tally.mismatches).toEqual([
      `${awarded.metadata.event_type} ${awarded.metadata.id}: data.badge.ids.1 is not what was sent`,
    ]);
    expect(tally.rows()).toMatchObject([{ sent: 1, delivered: 1, mismatched: 1 }]);
  });

  it('holds an event that arrives before it is booked as sent, and reports it when it never was', () => {
    const tally = new Tally();
    const [early, stray] = [event({ badge: 1 }), event({ badge: 2 })];
    tally.deliver(early);
    tally.deliver(stray);
    tally.send('memory', early);
    expect(tally).toMatchObject({
      sent: 1,
      delivered: 1,
      mismatches: [`event ${stray.metadata.id}: it arrived and was never sent`],
    });
  });
});
