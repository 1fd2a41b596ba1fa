import { describe, expect, it } from 'vitest';
import { newestFirst } from './newest-first.js';
import type { StoredMessage } from './stored-message.js';

const at = (position: string, storedAt: number | null): StoredMessage => ({
  message: { topic: 'orders', key: null, value: null, headers: [] },
  lane: 'orders/0',
  position,
  storedAt,
});

/** Yields the messages of a lane, newest first; given in order. */
async function* backwards(...messages: readonly StoredMessage[]) {
  yield* messages.toReversed();
}

const merged = async (lanes: readonly AsyncIterable<StoredMessage>[], count = 10) =>
  (await newestFirst(lanes, count)).map(({ position }) => position);

describe('newestFirst', () => {
  it('merges lanes by time, newest first', async () => {
    const lanes = () => [
      backwards(at('0:1', 10), at('0:2', 40)),
      backwards(at('1:1', 20), at('1:2', 30)),
      backwards(),
    ];
    expect(await merged(lanes())).toEqual(['0:2', '1:2', '1:1', '0:1']);
    expect(await merged(lanes(), 2)).toEqual(['0:2', '1:2']);
  });

  it('keeps the order of a lane whose clock went backwards', async () => {
    const lanes = [backwards(at('0:1', 50), at('0:2', 10)), backwards(at('1:1', 20))];
    expect(await merged(lanes)).toEqual(['1:1', '0:2', '0:1']);
  });

  it('puts messages without a time last', async () => {
    expect(await merged([backwards(at('0:1', null)), backwards(at('1:1', 1))])).toEqual(['1:1', '0:1']);
  });

  it('ends at 8 MiB, and returns a larger message alone', async () => {
    const large = (position: string) => {
      const message = { topic: 'orders', key: null, value: new Uint8Array(9 * 1024 * 1024), headers: [] };
      return { ...at(position, 1), message };
    };
    expect(await merged([backwards(large('0:1'), large('0:2'))])).toEqual(['0:2']);
  });

  it('reads lanes no further than needed, and ends them', async () => {
    const read: string[] = [];
    async function* lane() {
      try {
        for (let offset = 9; offset >= 0; offset -= 1) {
          read.push(`0:${offset}`);
          yield at(`0:${offset}`, offset);
        }
      } finally {
        read.push('ended');
      }
    }
    expect(await merged([lane()], 2)).toEqual(['0:9', '0:8']);
    expect(read).toEqual(['0:9', '0:8', '0:7', 'ended']);
  });
});
