import { describe, expect, it } from 'vitest';
import { sharedDeadLetterFindings } from './shared-dead-letter-findings.js';

describe('sharedDeadLetterFindings', () => {
  it('warns of two groups whose dead letters are stored on the same topic', () => {
    const findings = sharedDeadLetterFindings([
      { fullTopic: 'p-orders', groupId: 'eu.mail' },
      { fullTopic: 'p-orders', groupId: 'mail' },
      { fullTopic: 'p-orders.eu', groupId: 'mail' },
    ]);
    expect(findings).toEqual([
      {
        verdict: 'warning',
        subject: 'dead letters p-orders.eu.mail.dlq',
        message:
          'it holds the dead letters of more than one group: group eu.mail of topic p-orders, group mail of topic p-orders.eu',
        cure: expect.stringContaining('rename a group or topic'),
      },
    ]);
  });

  it('finds nothing where each group has a topic of its own', () => {
    expect(sharedDeadLetterFindings([{ fullTopic: 'orders', groupId: 'mail' }])).toEqual([]);
  });
});
