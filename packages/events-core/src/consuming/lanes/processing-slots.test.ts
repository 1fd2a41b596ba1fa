import { describe, expect, it } from 'vitest';
import { ProcessingSlots } from './processing-slots.js';

describe('ProcessingSlots', () => {
  it('has a free slot again when an event ends or backs off', () => {
    const slots = new ProcessingSlots<string>(2);
    slots.occupy();
    slots.occupy();
    expect(slots.hasFree).toBe(false);
    slots.free();
    expect([slots.hasFree, slots.running]).toEqual([true, 1]);
    slots.backOff();
    expect([slots.occupied, slots.running]).toEqual([0, 1]);
  });

  it('gives slots to events that come back in the order in which they asked', () => {
    const slots = new ProcessingSlots<string>(1);
    const returned: string[] = [];
    for (const name of ['a', 'b']) {
      slots.occupy();
      slots.backOff();
      slots.awaitReturn((value) => returned.push(name + value));
    }
    slots.returnNext('1');
    expect([returned, slots.hasFree, slots.hasReturning]).toEqual([['a1'], false, true]);
    slots.free();
    slots.returnNext('2');
    slots.returnNext('3');
    expect([returned, slots.occupied, slots.running]).toEqual([['a1', 'b2'], 1, 1]);
  });
});
