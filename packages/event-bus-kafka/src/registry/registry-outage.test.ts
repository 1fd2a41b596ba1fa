import { type Clock, configureEvents, InfrastructureError } from '@openedx-ts/events-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RegistryOutage } from './registry-outage.js';

const unreachable = new InfrastructureError('cannot be reached (ECONNREFUSED)');
const warn = vi.fn();
let nowMs = 0;
let restore: Disposable;

beforeEach(() => {
  nowMs = 1_000;
  warn.mockReset();
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => {} };
  const logger = { debug() {}, info() {}, warn, error() {} };
  restore = configureEvents({ clock, logger, random: () => 1 });
});
afterEach(() => restore[Symbol.dispose]());

const messages = () => warn.mock.calls.map(([, message]) => message as string);

describe('RegistryOutage', () => {
  it('lets requests fail while they back off, for longer after each failure, up to a second', () => {
    const outage = new RegistryOutage('http://registry:8081');
    for (const waitMs of [250, 500, 1_000, 1_000]) {
      outage.failed(unreachable);
      nowMs += waitMs - 1;
      expect(outage.backoffError).toBe(unreachable);
      nowMs += 1;
      expect(outage.backoffError).toBeUndefined();
      expect(outage.error).toBe(unreachable);
    }
  });

  it('logs an outage once, with the host and the cure, and logs its end', () => {
    const outage = new RegistryOutage('http://registry:8081/path?token=secret');
    for (let failures = 0; failures < 20; failures += 1) {
      outage.failed(unreachable);
      nowMs += 1_000;
    }
    expect(messages()).toHaveLength(1);
    expect(messages()[0]).toMatch(/registry:8081 .*EVENT_BUS_KAFKA_SCHEMA_REGISTRY_URL/);
    outage.recovered();
    expect(messages()[1]).toBe('the schema registry at registry:8081 works again');
    expect(JSON.stringify(warn.mock.calls)).not.toContain('secret');
    expect(outage.error).toBeUndefined();
  });

  it('logs an outage that lasts again after a minute', () => {
    const outage = new RegistryOutage('http://registry:8081');
    outage.failed(unreachable);
    nowMs += 61_000;
    outage.failed(unreachable);
    expect(messages()).toHaveLength(2);
  });

  it('logs nothing while the registry works', () => {
    new RegistryOutage('http://registry:8081').recovered();
    expect(warn).not.toHaveBeenCalled();
  });
});
