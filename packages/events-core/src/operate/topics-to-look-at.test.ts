import { expect, it, vi } from 'vitest';
import { deadLetterTopic } from '../wire/dead-letter.js';
import { topicsToLookAt } from './topics-to-look-at.js';

it('looks at the topics that a query names, each once, and lists nothing', async () => {
  const list = vi.fn(async () => ({ fullTopics: ['dev-orders'], incomplete: undefined }));
  expect(await topicsToLookAt('dev', ['orders', 'orders'], list)).toStrictEqual({
    topics: [{ topic: 'orders', fullTopic: 'dev-orders' }],
    deadLetterTopics: [],
    incomplete: undefined,
  });
  expect(list).not.toHaveBeenCalled();
});

it.each([
  ['dev', 'dev-'],
  [undefined, ''],
])('looks at every topic under the prefix %s, dead letters apart', async (prefix, start) => {
  const deadLetters = `${start}${deadLetterTopic('orders', 'notifications')}`;
  const list = vi.fn(async () => ({
    fullTopics: [`${start}orders`, deadLetters],
    incomplete: 'SCAN is refused',
  }));
  expect(await topicsToLookAt(prefix, undefined, list)).toStrictEqual({
    topics: [{ topic: 'orders', fullTopic: `${start}orders` }],
    deadLetterTopics: [deadLetters],
    incomplete: 'SCAN is refused',
  });
  expect(list).toHaveBeenCalledExactlyOnceWith(start);
});
