import { configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaderlessError } from '../driver/leaderless-error.js';
import { Bell } from './bell.js';
import { MemberFailures } from './member-failures.js';

describe('MemberFailures', () => {
  const warn = vi.fn();
  let restore: Disposable;

  beforeEach(() => {
    warn.mockReset();
    restore = configureEvents({ logger: { debug() {}, info() {}, warn, error() {} } });
  });
  afterEach(() => restore[Symbol.dispose]());

  const unreachable = () => new InfrastructureError('the broker is unreachable');

  it('throws a failure of the whole member once for each reason, and again after it ended', () => {
    const bell = new Bell();
    const failures = new MemberFailures(bell, 'g');
    failures.throwNew();
    failures.set(unreachable());
    expect(bell.rings).toBe(1);
    expect(() => failures.throwNew()).toThrow('the broker is unreachable');
    failures.set(unreachable());
    failures.throwNew();
    failures.set(new InfrastructureError('the topic is missing'));
    expect(() => failures.throwNew()).toThrow('the topic is missing');
    failures.set(undefined);
    failures.throwNew();
    failures.set(unreachable());
    expect(() => failures.throwNew()).toThrow('the broker is unreachable');
  });

  it('explains why a partition is not read, and not why others are not', () => {
    const failures = new MemberFailures(new Bell(), 'g');
    failures.setPart('topic other', unreachable());
    failures.setPart('t/0', unreachable());
    expect([failures.affects('t/0'), failures.affects('t/1')]).toEqual([true, false]);
    failures.setPart('node 1', unreachable());
    expect(failures.affects('t/1')).toBe(true);
    failures.setPart('node 1', undefined);
    failures.set(unreachable());
    expect(failures.affects('t/1')).toBe(true);
  });

  it('reports failures of partitions, logs them once, and throws nothing', () => {
    const failures = new MemberFailures(new Bell(), 'g');
    failures.setPart('t:0', unreachable());
    failures.setPart('t:0', unreachable());
    failures.setPart('t:1', unreachable());
    failures.throwNew();
    expect(failures.reasons).toStrictEqual(['the broker is unreachable']);
    expect(warn).toHaveBeenCalledTimes(1);
    failures.setPart('t:0', undefined);
    expect(warn).toHaveBeenCalledTimes(1);
    failures.setPart('t:1', undefined);
    expect(warn).toHaveBeenCalledTimes(2); // that all partitions can be fetched again
    expect(failures.reasons).toStrictEqual([]);
  });

  it('names partitions without a leader apart from those that fail otherwise', () => {
    const failures = new MemberFailures(new Bell(), 'g');
    failures.setPart('t:0', unreachable());
    failures.setPart('t:1', new LeaderlessError('t', 1));
    expect(failures.reasons).toHaveLength(2);
    expect(failures.leaderless).toEqual([expect.stringContaining('Topic t: partition 1 has no leader')]);
    failures.setPart('t:1', undefined);
    expect(failures.leaderless).toEqual([]);
  });

  it('keeps throwing the first error that no waiting helps against', () => {
    const failures = new MemberFailures(new Bell(), 'g');
    failures.fail(new Error('refused'));
    failures.fail(new Error('a consequence'));
    expect(() => failures.throwNew()).toThrow('refused');
    expect(() => failures.throwNew()).toThrow('refused');
  });
});
