import { afterEach, describe, expect, it, vi } from 'vitest';
import { sharedState } from './shared-state.js';

const key = Symbol.for('@openedx-ts/events-core/shared-state');
const holder = globalThis as { [key]?: unknown };
const part = () => sharedState('shared-state.test', () => ({ number: 0 }));
part();
const before = holder[key];

afterEach(() => {
  holder[key] = before;
});

describe('sharedState', () => {
  it('is the same for a second copy of the package', async () => {
    vi.resetModules();
    const copy = await import('./shared-state.js');
    expect(copy.sharedState).not.toBe(sharedState);
    part().number = 7;
    expect(copy.sharedState('shared-state.test', () => ({ number: 0 }))).toEqual({ number: 7 });
  });

  it('refuses to share with a copy that speaks another protocol, and reports what to do', () => {
    holder[key] = { protocol: 99 };
    expect(() => part()).toThrow(/protocol 99, this copy of .* speaks 2: .*npm ls/);
  });
});
