import { describe, expect, it } from 'vitest';
import { assertNotOwnDeadLetters } from './assert-not-own-dead-letters.js';
import { FakeEventBusConsumer } from './fake-event-bus-consumer.test-support.js';

describe('assertNotOwnDeadLetters', () => {
  it('refuses the topics of a group’s own dead letters', () => {
    const topics = ['orders', 'orders.mail.dlq'];
    expect(() => assertNotOwnDeadLetters({ topics, groupId: 'mail' })).toThrow(
      /^consumer of group mail: topics: orders\.mail\.dlq/,
    );
    expect(() => new FakeEventBusConsumer({ topics, groupId: 'mail' })).toThrow('own dead letters');
  });

  it('lets another group read them', () => {
    expect(() => assertNotOwnDeadLetters({ topics: ['orders.mail.dlq'], groupId: 'audit' })).not.toThrow();
  });
});
