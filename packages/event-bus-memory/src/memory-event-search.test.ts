import { configureEvents } from '@openedx-ts/events-core';
import { type Header, runtime, systemClock, toDeadLetter } from '@openedx-ts/events-core/bus';
import { eventFates, findEvent } from '@openedx-ts/events-core/operate';
import { describe, expect, it } from 'vitest';
import { MemoryBroker } from './memory-broker.js';
import { MemoryTopicStore } from './memory-topic-store.js';

const sentAt = Date.UTC(2026, 0, 31, 12);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A topic with an event each second for half an hour, of which some, by their offset in ms, have the id that is looked for. */
async function search(places: readonly number[]) {
  using _sending = at(sentAt);
  const eventId = runtime().nextId();
  const broker = new MemoryBroker({ partitions: 1 });
  for (let offset = -15 * MINUTE; offset <= 15 * MINUTE; offset += SECOND) {
    using _storing = at(sentAt + offset);
    const id = places.includes(offset) ? eventId : `other ${offset}`;
    broker.append({ topic: 'orders', key: null, value: null, headers: [['ce_id', Buffer.from(id)]] });
  }
  const found = await findEvent(new MemoryTopicStore(broker, ''), { eventId });
  return { looked: found.messages, at: found.places.map(({ storedAt }) => (storedAt ?? 0) - sentAt) };
}

function at(time: number): Disposable {
  return configureEvents({ clock: { ...systemClock, now: () => time } });
}

describe('the search of an event by the time in its id', () => {
  it('looks close to that time first, and no further once it is found', async () => {
    expect(await search([2 * SECOND])).toEqual({ looked: 71, at: [2 * SECOND] });
    expect(await search([2 * SECOND, 40 * SECOND, 12 * MINUTE])).toEqual({
      looked: 71,
      at: [2 * SECOND, 40 * SECOND],
    });
  });

  it.each([
    ['by a clock that is five minutes behind', -5 * MINUTE, 661],
    ['five minutes later', 5 * MINUTE, 1_201],
    ['when the outage was over', 14 * MINUTE, 1_501],
  ])('finds one that was stored %s, and looks at no event twice', async (_when, place, looked) => {
    expect(await search([place])).toEqual({ looked, at: [place] });
  });

  it('finds event and dead letter, whether the id is written in lower or in upper case', async () => {
    const eventId = runtime().nextId();
    const broker = new MemoryBroker({ partitions: 1 });
    const event = { topic: 'orders', key: null, value: null, headers: [header('ce_id', eventId)] };
    broker.append(event);
    const now = new Date();
    const facts = { message: 'broken', attempts: 1, firstFailure: now, lastFailure: now };
    const about = { code: 'RECEIVER_FAILED', groupId: 'mail', source: 'orders@0:0' };
    broker.append(toDeadLetter(event, { ...facts, ...about }));
    const store = new MemoryTopicStore(broker, '');
    for (const id of [eventId, eventId.toUpperCase()]) {
      const { places, strayDeadLetters } = await findEvent(store, { eventId: id });
      const codes = places.flatMap(({ fates }) => fates.map(({ deadLetter }) => deadLetter?.facts?.code));
      expect({ codes, strayDeadLetters }).toEqual({ codes: ['RECEIVER_FAILED'], strayDeadLetters: [] });
    }
  });
});

describe('what became of an event', () => {
  const eventId = '0199C0DE-0000-7000-8000-000000000000';

  /** An event of topic `here-orders` that group `mail` dead-lettered by a clock that is `behindMs` behind. */
  async function deadLettered(behindMs: number) {
    const broker = new MemoryBroker({ partitions: 1 });
    const headers = [header('ce_id', eventId.toLowerCase())];
    const message = { topic: 'here-orders', key: null, value: null, headers };
    const [firstFailure, lastFailure] = [new Date(sentAt), new Date(sentAt)];
    const facts = { code: 'RECEIVER_FAILED', message: '', attempts: 1, firstFailure, lastFailure };
    {
      using _storing = at(sentAt);
      broker.append(message);
    }
    using _failing = at(sentAt - behindMs);
    broker.append(toDeadLetter(message, { ...facts, source: 'here-orders@0:0', groupId: 'mail' }));
    return { broker, store: new MemoryTopicStore(broker, 'here') };
  }

  it('is its dead letter though the clock of the consumer is behind', async () => {
    const { store } = await deadLettered(MINUTE);
    const { places } = await findEvent(store, { eventId, since: sentAt - 1 });
    expect(places.map(({ fates }) => fates)).toMatchObject([[{ groupId: 'mail', deadLetter: {} }]]);
    for await (const [stored] of store.read('here-orders'))
      if (stored !== undefined)
        expect(await eventFates(store, stored)).toMatchObject([
          { groupId: 'mail', deadLetter: { facts: { code: 'RECEIVER_FAILED' } } },
        ]);
  });

  it('is looked for under the prefix alone: other topics may be those of others', async () => {
    const { broker, store } = await deadLettered(0);
    const [message] = broker.messages('here-orders');
    if (message !== undefined) broker.append({ ...message, topic: 'there-orders' });
    const found = await findEvent(store, { eventId, since: 0 });
    expect(found.topics).toEqual(['orders']);
    expect(found.places.map(({ topic }) => topic)).toEqual(['orders']);
  });
});

function header(name: string, text: string): Header {
  return [name, Buffer.from(text)];
}
