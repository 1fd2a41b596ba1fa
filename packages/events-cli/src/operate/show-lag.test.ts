import { InfrastructureError } from '@openedx-ts/events-core';
import type { GroupLag } from '@openedx-ts/events-core/operate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showToOperators } from '../memory-bus.test-support.js';
import { run } from '../run.test-support.js';

const bus = ['--bus', './memory-bus.test-support.ts'];
const lag: GroupLag = {
  topic: 'orders',
  groupId: 'mail',
  lane: 'p-orders',
  members: 2,
  length: 1_000,
  lag: 10,
  pending: 3,
  oldestAgeMs: 65_000,
  distanceToTrim: 9_000,
};
const unknown: GroupLag = {
  ...lag,
  groupId: 'audit',
  members: null,
  lag: null,
  pending: null,
  oldestAgeMs: null,
  distanceToTrim: null,
};
afterEach(() => showToOperators(undefined));

describe('lag', () => {
  it('is a table, a line for each group and lane', async () => {
    showToOperators({ lag: async () => [unknown, lag], diagnose: async () => [] });
    expect(await run(['lag', ...bus])).toEqual({
      code: 0,
      stdout:
        'TOPIC   GROUP  LANE      MEMBERS  LENGTH  LAG  PENDING  OLDEST  TO TRIM\n' +
        'orders  audit  p-orders  ?        1000    ?    ?        ?       -\n' +
        'orders  mail   p-orders  2        1000    10   3        1 min   9000\n',
      stderr: '',
    });
  });

  it('is one JSON object a line with --json, and asks for the given topics and group', async () => {
    const asked = vi.fn(async () => [lag]);
    showToOperators({ lag: asked, diagnose: async () => [] });
    const { stdout } = await run(['lag', ...bus, '--json', '-t', 'orders', '-t', 'mails', '-g', 'mail']);
    expect(JSON.parse(stdout)).toEqual({
      topic: 'orders',
      group: 'mail',
      lane: 'p-orders',
      members: 2,
      length: 1_000,
      lag: 10,
      pending: 3,
      oldest_age_ms: 65_000,
      distance_to_trim: 9_000,
    });
    expect(asked).toHaveBeenCalledWith({ topics: ['orders', 'mails'], groupId: 'mail' });
  });

  it('reports it when there is no group', async () => {
    showToOperators({ lag: async () => [], diagnose: async () => [] });
    expect(await run(['lag', ...bus])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no consumer group found (doctor shows what exists)\n',
    });
  });

  it('ends with 3 when the broker cannot be reached, and with 1 when the bus has no admin', async () => {
    showToOperators({
      lag: async () => {
        throw new InfrastructureError('the broker is unreachable');
      },
      diagnose: async () => [],
    });
    expect(await run(['lag', ...bus])).toMatchObject({
      code: 3,
      stderr: 'error: the broker is unreachable [EVENTS_INFRASTRUCTURE]\n',
    });
    showToOperators(undefined);
    const { code, stderr } = await run(['lag', ...bus]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('[CLI_UNSUPPORTED]') });
  });
});
