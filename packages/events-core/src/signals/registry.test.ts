import { afterEach, describe, expect, it, vi } from 'vitest';
import { DuplicateSignalError, UnknownSignalError } from '../errors/signal-errors.js';
import { configureEvents, runtime } from '../runtime/runtime.js';
import { ada, defineUserSignal } from './fixtures.test-support.js';
import { allSignals, findSignal, getSignalByType, snapshotSignals } from './registry.js';

const restore = snapshotSignals();
afterEach(restore);

describe('the registry', () => {
  it('finds signals by their type, in order of definition', () => {
    const first = defineUserSignal('registered');
    const second = defineUserSignal('deleted');
    expect(getSignalByType(first.eventType)).toBe(first);
    expect(findSignal(second.eventType)).toBe(second);
    expect(allSignals()).toEqual([first, second]);
  });

  it('names the nearest type where there is no such signal', () => {
    const { eventType } = defineUserSignal();
    const attempt = () => getSignalByType('org.openedx.learning.user.registred.v1');
    expect(attempt).toThrow(UnknownSignalError);
    expect(attempt).toThrow(expect.objectContaining({ nearest: eventType }));
    expect(findSignal('toString')).toBeUndefined();
  });

  it('refuses another signal of a type, and keeps the first', () => {
    const first = defineUserSignal();
    expect(() => defineUserSignal('registered', { minorVersion: 1 })).toThrow(DuplicateSignalError);
    expect(findSignal(first.eventType)).toBe(first);
  });
});

describe('snapshotSignals', () => {
  it('puts back signals, receivers, switches and settings', async () => {
    const kept = defineUserSignal('kept');
    const receiver = vi.fn();
    kept.connect(receiver, { name: 'before' });
    const before = runtime();

    const putBack = snapshotSignals();
    const connection = kept.connect(() => {}, { name: 'since' });
    kept.disable();
    const { eventType } = defineUserSignal('forgotten');
    configureEvents({ dispatch: 'loud' });
    putBack();

    expect(kept.receivers).toEqual(['before']);
    expect(kept.enabled).toBe(true);
    expect(findSignal(eventType)).toBeUndefined();
    expect(allSignals()).toEqual([kept]);
    expect(runtime()).toBe(before);
    connection.disconnect();
    await kept.sendEvent({ user: ada });
    expect(receiver).toHaveBeenCalledOnce();
  });

  it('brings back what was disconnected or lost since', () => {
    const signal = defineUserSignal();
    const connection = signal.connect(() => {}, { name: 'a' });
    const putBack = snapshotSignals();
    connection.disconnect();
    putBack();
    putBack();
    expect(signal.receivers).toEqual(['a']);
  });
});

describe('two copies of the package in one process', () => {
  it('share signals and settings, and send through each other', async () => {
    const ours = defineUserSignal();
    configureEvents({ serviceName: 'shared' });
    vi.resetModules();
    const theirRegistry = await import('./registry.js');
    const theirRuntime = await import('../runtime/runtime.js');
    const theirFixtures = await import('./fixtures.test-support.js');
    expect(theirRegistry.findSignal).not.toBe(findSignal);

    const found = theirRegistry.getSignalByType(ours.eventType);
    const seen: unknown[] = [];
    found.connect(({ data, metadata }) => seen.push([data, metadata.source]), { name: 'theirs' });
    await ours.sendEvent({ user: ada });
    expect(seen).toEqual([
      [expect.objectContaining({ user: expect.objectContaining({ id: 7 }) }), 'openedx/shared/web'],
    ]);
    expect(theirRuntime.runtime()).toBe(runtime());

    const theirs = theirFixtures.defineUserSignal('theirs');
    expect(getSignalByType(theirs.eventType)).toBe(theirs);
    await expect(theirs.sendEvent({} as never)).rejects.toSatisfy(
      (error: Error) => error.name === 'InvalidDataError',
    );
    expect(theirFixtures.defineUserSignal()).toBe(ours);
  });
});
