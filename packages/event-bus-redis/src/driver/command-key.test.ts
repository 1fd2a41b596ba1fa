import { describe, expect, it } from 'vitest';
import { keyOf, slotOf } from './command-key.js';
import { fencedCommand } from './fenced-command.js';

describe('keyOf', () => {
  it.each([
    [['XADD', 'orders', '*', 'n', '1'], 'orders'],
    [['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '1', 'BLOCK', '5', 'STREAMS', 'orders', '>'], 'orders'],
    [['XREAD', 'COUNT', '1', 'STREAMS', 'orders', '0'], 'orders'],
    [['XREADGROUP', 'GROUP', 'STREAMS', 'STREAMS', 'COUNT', '1', 'STREAMS', 'orders', '>'], 'orders'],
    [['XADD', 'orders', '*', 'STREAMS', '1'], 'orders'],
    [['XGROUP', 'CREATE', 'orders', 'g', '0'], 'orders'],
    [['XINFO', 'STREAM', 'orders'], 'orders'],
    [
      fencedCommand({ leaseKey: '{orders}.g.lease', token: 't' }, 'orders', ['XACK', 'orders']),
      '{orders}.g.lease',
    ],
    [['MULTI'], undefined],
    [['WAIT', '1', '100'], undefined],
    [['CLIENT', 'UNBLOCK', '7'], undefined],
  ])('of %j is %s', (command, key) => {
    expect(keyOf(command)).toBe(key);
  });

  it('leads a lease to the slot of its stream', () => {
    expect(slotOf('{orders}.g.lease')).toBe(slotOf('orders'));
  });
});
