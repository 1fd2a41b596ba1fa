import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordingLogger } from '../../runtime/recording.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { exclusiveProcessing, keyed } from './lane-worker.test-support.js';

describe('ExclusiveCoordinator', () => {
  let logger = recordingLogger();
  let restore: Disposable;

  beforeEach(() => {
    logger = recordingLogger();
    restore = configureEvents({ logger });
  });
  afterEach(() => restore[Symbol.dispose]());

  const third = keyed('k', 7, { deliveryCount: 3 });

  it('reports an exclusive event until it is cleared, and logs it only when it is repeated', () => {
    const coordinator = exclusiveProcessing();
    coordinator.reportExclusive(third, false);
    expect(coordinator.reasons).toEqual([
      'a at 0:7: delivery 3 of an event that may crash the process; the other lanes wait for it',
    ]);
    expect(logger.lines).toEqual([]);
    coordinator.reportExclusive(third, true);
    expect(logger.lines).toMatchObject([
      { level: 'warn', facts: { lane: 'a', position: '0:7', deliveryCount: 3 } },
    ]);
    coordinator.clear(third);
    expect(coordinator.reasons).toEqual([]);
  });

  it('reports an event for which others do not wait any longer, in place of the earlier report', () => {
    const coordinator = exclusiveProcessing({ timeoutMs: 400 });
    coordinator.reportExclusive(third, false);
    coordinator.reportLate(third);
    expect(coordinator.reasons).toEqual([expect.stringContaining('others waited 400 ms')]);
    expect(logger.lines).toMatchObject([{ level: 'warn', facts: { timeoutMs: 400 } }]);
  });

  it('passes counts to the bus by lane and ordinal', async () => {
    const countExclusive = vi.fn();
    const coordinator = exclusiveProcessing({ countExclusive });
    await coordinator.count(third, true);
    await coordinator.count(third, false);
    expect(countExclusive.mock.calls).toEqual([
      ['a', 7, true],
      ['a', 7, false],
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('READONLY');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('READONLY');
      },
    ],
  ])('resolves and logs once where counting %s', async (_, countExclusive) => {
    const coordinator = exclusiveProcessing({ countExclusive });
    await coordinator.count(third, true);
    await coordinator.count(third, false);
    expect(logger.lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('delivery counts cannot be written') },
    ]);
  });
});
