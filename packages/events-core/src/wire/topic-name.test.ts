import { describe, expect, it } from 'vitest';
import { fullTopicName, topicProblem } from './topic-name.js';

describe('fullTopicName', () => {
  it.each([
    ['dev', 'dev-users'],
    ['', 'users'],
    [undefined, 'users'],
  ])('puts the prefix %j in front', (prefix, full) => {
    expect(fullTopicName('users', prefix)).toBe(full);
  });
});

describe('topicProblem', () => {
  it.each(['users', 'learning-badge.awarded_v1', 'x'.repeat(200), '...', '__proto__'])(
    'finds none in %s',
    (topic) => {
      expect(topicProblem(topic)).toBeUndefined();
    },
  );

  it.each(['', '.', '..', 'a b', 'a/b', 'x'.repeat(201), 'users\n', undefined, 5])(
    'finds one in %j',
    (topic) => {
      expect(topicProblem(topic)).toContain('a topic is');
    },
  );
});
