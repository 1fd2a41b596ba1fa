import assert from 'node:assert/strict';
import { deadLetterTopic } from '@openedx-ts/events-core/bus';
import { isMissing } from '../missing.js';
import { suite } from './suite.js';

/** A dead letter has more headers than its message, which may have been as large as messages can be. */
export const largeDeadLetters = suite('dead letters', [
  {
    name: 'is not stopped by a dead letter that is too large, and keeps what is needed to send its event again',
    needs: 'maxMessageBytes',
    run: async (bench) => {
      const [topic, groupId] = [await bench.topic(), bench.group()];
      const { maxMessageBytes } = bench.harness;
      if (maxMessageBytes === undefined || isMissing(maxMessageBytes)) throw new TypeError('not needed');
      const value = noise(maxMessageBytes - OVERHEAD);
      await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      await bench.publishRaw({ topic, key: null, value, headers: [] });
      await bench.send(topic, { number: 1 });
      await bench.numbersUntil(groupId, 1);
      const [deadLetter] = await bench.messages(deadLetterTopic(topic, groupId));
      const names = deadLetter?.headers.map(([name]) => name) ?? [];
      assert.ok(names.includes('dlq-source'), 'the dead letter names its source');
      if (deadLetter?.value?.length === value.length) return; // the dead-letter topic takes more than others
      assert.ok(names.includes('dlq-value-sha256'), 'the dead letter says that it has no value');
    },
  },
]);

/** What a broker adds to a message, at most; the headers of a dead letter take more. */
const OVERHEAD = 200;

/** Bytes that cannot be compressed, the same each time. */
function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
