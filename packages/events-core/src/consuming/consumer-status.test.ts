import { describe, expect, it } from 'vitest';
import { ConsumerStatus } from './consumer-status.js';

const statusOf = (enabled = true) => new ConsumerStatus({ groupId: 'g', enabled });

describe('ConsumerStatus', () => {
  it('is ready while it runs and is connected', async () => {
    const status = statusOf();
    expect(status.health([]).reasons).toEqual(['the consumer is idle']);
    status.change('running');
    expect(status.health([])).toEqual({ live: true, ready: false, reasons: ['not connected yet'] });
    status.connected();
    await status.ready;
    expect(status.health([])).toEqual({ live: true, ready: true, reasons: [] });
    status.disconnected('the broker is unreachable');
    expect(status.health(['a waits']).reasons).toEqual(['the broker is unreachable', 'a waits']);
  });

  it('is not connected when the consumer is switched off', () => {
    const status = statusOf(false);
    status.change('running');
    expect(status.health([]).reasons).toEqual(['the consumer is switched off (enabled: false)']);
  });

  it('ends as stopped, and rejects ready when it was never connected', async () => {
    const status = statusOf();
    status.end();
    expect(status.state).toBe('stopped');
    await expect(status.ready).rejects.toMatchObject({ code: 'EVENTS_ILLEGAL_STATE' });
  });

  it('ends as failed with the first error, which ready and health report too', async () => {
    const status = statusOf();
    status.fail(new Error('the first'));
    status.fail(new Error('a consequence'));
    const failure = { code: 'EVENTS_CONSUMER_FAILED', cause: new Error('the first') };
    expect(() => status.end()).toThrow(expect.objectContaining(failure));
    await expect(status.ready).rejects.toMatchObject(failure);
    const reasons = ['the consumer is failed', 'the first'];
    expect(status.health([])).toEqual({ live: false, ready: false, reasons });
  });
});
