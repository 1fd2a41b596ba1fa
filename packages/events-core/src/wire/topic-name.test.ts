import { describe, expect, it } from 'vitest';
import { fullTopicName, topicProblem, topicWithoutPrefix } from './topic-name.js';

describe('fullTopicName', () => {
  it.each([
    ['dev', 'dev-users'],
    ['', 'users'],
    [undefined, 'users'],
  ])('puts the prefix %j in front', (prefix, full) => {
    expect(fullTopicName('users', prefix)).toBe(full);
  });
});

describe('topicWithoutPrefix', () => {
  it.each([
    ['dev-users', 'dev', 'users'],
    ['users', undefined, 'users'],
    ['users', '', 'users'],
    ['prod-users', 'dev', 'prod-users'],
    ['dev-', 'dev', ''],
  ])('of %s with the prefix %s is %3$s', (full, prefix, topic) => {
    expect(topicWithoutPrefix(full, prefix)).toBe(topic);
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
