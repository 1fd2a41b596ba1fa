import type { Message } from '@openedx-ts/events-core/bus';
import { beforeEach, describe, expect, it } from 'vitest';
import { SharedRequests } from './shared-requests.js';

const message = (key: string | null): Message => ({
  topic: 't',
  key: key === null ? null : Buffer.from(key),
  value: null,
  headers: [],
});
/** A key is the number of its partition, with something behind it. */
const partitioner = (key: Uint8Array | null) => Number(String.fromCharCode(key?.[0] ?? 0));
const messages = ['0a', '1a', '0b', '2a', '1b', '2b'].map(message);

describe('SharedRequests', () => {
  let shared: SharedRequests;
  beforeEach(() => {
    shared = new SharedRequests(partitioner);
  });

  it('sends one message alone while the number of partitions is not known', () => {
    expect(shared.split('t', messages)).toEqual([{ places: [0], isNew: true }]);
    expect(shared.split('t', messages.slice(0, 1))).toEqual([{ places: [0], isNew: true }]);
  });

  it('gives each partition a request of its own that has taken nothing yet, and the others share one', () => {
    shared.noteCount('t', 3);
    expect(shared.split('t', messages)).toEqual([
      { places: [0, 2], isNew: true },
      { places: [1, 4], isNew: true },
      { places: [3, 5], isNew: true },
    ]);
    shared.noteTaken('t', [0, 2]);
    expect(shared.split('t', messages)).toEqual([
      { places: [0, 2, 3, 5], isNew: false },
      { places: [1, 4], isNew: true },
    ]);
  });

  it('lets all share one once all have taken something, until one fails or partitions are added', () => {
    shared.noteCount('t', 3);
    shared.noteTaken('t', [0, 1, 2]);
    expect(shared.split('t', messages)).toEqual([{ places: [0, 1, 2, 3, 4, 5], isNew: false }]);
    shared.noteCount('t', 4);
    expect(shared.split('t', ['3a', '0a'].map(message))).toEqual([
      { places: [1], isNew: false },
      { places: [0], isNew: true },
    ]);
    shared.noteCount('t', 3);
    shared.noteError('t');
    expect(shared.split('t', messages)).toHaveLength(3);
    expect(shared.split('other', messages)).toHaveLength(1);
  });

  it('knows whether messages go to several partitions', () => {
    shared.noteCount('t', 3);
    expect(shared.areSpread('t', ['0a', '0b'].map(message))).toBe(false);
    expect(shared.areSpread('t', ['0a', '1a'].map(message))).toBe(true);
    expect(shared.areSpread('other', ['0a', '0b'].map(message))).toBe(true);
  });

  it('sends each message without a key alone: nobody knows where it goes', () => {
    shared.noteCount('t', 3);
    const groups = shared.split('t', [null, '0', null, ''].map(message));
    expect(groups.map(({ places }) => places)).toEqual([[0], [1], [2], [3]]);
  });
});
