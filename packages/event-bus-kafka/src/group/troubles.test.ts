import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Bell } from './bell.js';
import { Troubles } from './troubles.js';

describe('Troubles', () => {
  const warn = vi.fn();
  let restore: Disposable;

  beforeEach(() => {
    warn.mockReset();
    restore = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
  });
  afterEach(() => restore[Symbol.dispose]());

  const away = () => new InfrastructureError('the broker is away');

  it('throws what concerns all once for each reason, and again after it was over', () => {
    const bell = new Bell();
    const troubles = new Troubles(bell, 'g');
    troubles.throwNew();
    troubles.set(away());
    expect(bell.rings).toBe(1);
    expect(() => troubles.throwNew()).toThrow('the broker is away');
    troubles.set(away());
    troubles.throwNew();
    troubles.set(new InfrastructureError('the topic is missing'));
    expect(() => troubles.throwNew()).toThrow('the topic is missing');
    troubles.set(undefined);
    troubles.throwNew();
    troubles.set(away());
    expect(() => troubles.throwNew()).toThrow('the broker is away');
  });

  it('shows what concerns a part, logs it once, and throws nothing', () => {
    const troubles = new Troubles(new Bell(), 'g');
    troubles.setPart('t:0', away());
    troubles.setPart('t:0', away());
    troubles.setPart('t:1', away());
    troubles.throwNew();
    expect(troubles.reasons).toStrictEqual(['the broker is away']);
    expect(warn).toHaveBeenCalledTimes(2);
    troubles.setPart('t:0', undefined);
    troubles.setPart('t:1', undefined);
    expect(troubles.reasons).toStrictEqual([]);
  });

  it('keeps throwing what no waiting helps against; the first counts', () => {
    const troubles = new Troubles(new Bell(), 'g');
    troubles.fail(new Error('refused'));
    troubles.fail(new Error('a consequence'));
    expect(() => troubles.throwNew()).toThrow('refused');
    expect(() => troubles.throwNew()).toThrow('refused');
  });
});
