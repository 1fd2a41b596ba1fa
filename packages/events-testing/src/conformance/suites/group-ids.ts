import assert from 'node:assert/strict';
import { deadLetterTopic } from '@openedx-ts/events-core/bus';
import type { Bench } from '../bench.js';
import { range } from '../expectations.js';
import { suite } from './suite.js';

/** Group ids that brokers take for their groups, and not all of them as a part of the name of a topic. */
const unusual: Readonly<Record<string, string>> = {
  'with a colon': 'search:index',
  'with a space': 'my group',
  'with a slash': 'team/app',
  'with characters beyond ASCII': 'größe',
  'of 240 characters': 'g'.repeat(240),
};

/** An unusual group id is refused when the consumer is made, or works to the end: dead letters included. */
export const groupIds = suite(
  'groups',
  Object.entries(unusual).map(([kind, id]) => ({
    name: `refuses a group id ${kind}, or dead-letters its events as those of any other group`,
    run: async (bench: Bench) => {
      const [topic, groupId] = [await bench.topic(), uniqueId(id, bench.group())];
      bench.signals.item.connect(({ data }) => {
        if (data.item.number === 1) throw new Error('never');
      });
      try {
        await bench.consume({ topics: [topic], groupId, maxAttempts: 1 });
      } catch (error) {
        const { code, message } = error as { readonly code?: unknown; readonly message: string };
        assert.equal(code, 'EVENTS_INVALID_OPTIONS');
        assert.match(message, /groupId/, 'the error names the option');
        return;
      }
      await bench.sendAll(topic, range(1, 2));
      await bench.messages(deadLetterTopic(topic, groupId));
      await bench.numbersUntil(groupId, 2);
    },
  })),
);

/** Ids of other tests stay apart, and the length is kept. */
function uniqueId(id: string, group: string): string {
  return id.length > group.length ? `${id.slice(group.length)}${group}` : `${id}-${group}`;
}
