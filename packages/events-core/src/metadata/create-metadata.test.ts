import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidMetadataError } from '../errors/data-errors.js';
import { ManualClock } from '../runtime/manual-clock.test-support.js';
import { configureEvents } from '../runtime/runtime.js';
import { noTelemetry } from '../runtime/telemetry.js';
import { DateTime } from '../shapes/date-time.js';
import { snapshotSignals } from '../signals/registry.js';
import { coreVersion } from './core-version.js';
import { createMetadata, type MetadataInput } from './create-metadata.js';

const eventType = 'org.openedx.learning.badge.awarded.v1';
const id = '0198c5a0-0000-7000-8000-000000000001';
const restore = snapshotSignals();

beforeEach(() => {
  configureEvents({
    clock: new ManualClock('2026-01-02T03:04:05.678Z'),
    nextId: () => id,
    serviceName: 'grades',
    sourceHost: 'pod-1',
  });
});
afterEach(restore);

describe('createMetadata', () => {
  it('generates what is not given', () => {
    expect(createMetadata({ eventType })).toEqual({
      id,
      eventType,
      minorVersion: 0,
      source: 'openedx/grades/web',
      sourceHost: 'pod-1',
      time: DateTime.parse('2026-01-02T03:04:05.678000+00:00'),
      sourceLib: coreVersion,
      correlationId: null,
      causationId: null,
      trace: null,
      defaulted: [],
    });
  });

  it('uses what is given', () => {
    const given = {
      eventType,
      id: '54D4973C-e584-11f1-a2d7-02fc00000001',
      minorVersion: 3,
      source: 'openedx/lms/web',
      sourceHost: 'vm',
      time: DateTime.parse('2026-01-02T03:04:05.678901+00:00'),
      sourceLib: [10, 5, 0],
      correlationId: 'a',
      causationId: 'b',
      trace: { traceparent: '00-aa-bb-01' },
    };
    expect(createMetadata(given)).toEqual({ ...given, defaulted: [] });
  });

  it.each<[string, MetadataInput['time'], string]>([
    ['a Date', new Date('2026-01-02T03:04:05.006Z'), '2026-01-02T03:04:05.006000+00:00'],
    [
      'another offset, with its microseconds',
      '2026-01-02T08:34:05.678901+05:30',
      '2026-01-02T03:04:05.678901+00:00',
    ],
    ['Z', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05+00:00'],
    ['milliseconds', '2026-01-02T03:04:05.5+00:00', '2026-01-02T03:04:05.500000+00:00'],
    [
      'an unusual writing of UTC',
      DateTime.parse('2026-01-02 03:04:05.120-00:00'),
      '2026-01-02T03:04:05.120000+00:00',
    ],
    ['a time before 1970', '1969-12-31T23:59:59.999999-01:00', '1970-01-01T00:59:59.999999+00:00'],
  ])('stores a time in UTC, as Python writes it: %s', (_, time, iso) => {
    expect(createMetadata({ eventType, time }).time.iso).toBe(iso);
  });

  it.each<[string, Partial<MetadataInput>, string]>([
    ['an id that is no UUID', { id: 'x' }, 'id'],
    ['an empty event type', { eventType: '' }, 'eventType'],
    ['a fraction of a minor version', { minorVersion: 1.5 }, 'minorVersion'],
    ['a library version that Python cannot read', { sourceLib: ['1', '0-rc1'] as never }, 'sourceLib'],
    ['a negative library version', { sourceLib: [-1] }, 'sourceLib'],
    ['an empty library version', { sourceLib: [] }, 'sourceLib'],
    ['a naive time, which names no instant', { time: '2026-01-02T03:04:05' }, 'time'],
    ['a text that is no time', { time: 'yesterday' }, 'time'],
    ['an invalid Date', { time: new Date(Number.NaN) }, 'time'],
    ['a Date that Python cannot hold', { time: new Date(8.64e15) }, 'time'],
    ['a time that leaves the year 9999 in UTC', { time: '9999-12-31T23:59:59-01:00' }, 'time'],
    ['a number for a time', { time: 5 as never }, 'time'],
  ])('refuses %s', (_, wrong, field) => {
    const attempt = () => createMetadata({ eventType, ...wrong });
    expect(attempt).toThrow(InvalidMetadataError);
    expect(attempt).toThrow(expect.objectContaining({ field }));
  });

  it('cannot be changed, not even through what it was made of', () => {
    const sourceLib = [1, 2, 3];
    const metadata = createMetadata({ eventType, sourceLib });
    sourceLib.push(4);
    expect(metadata.sourceLib).toEqual([1, 2, 3]);
    expect(Object.isFrozen(metadata)).toBe(true);
    for (const list of [metadata.sourceLib, metadata.defaulted, createMetadata({ eventType }).sourceLib]) {
      expect(Object.isFrozen(list)).toBe(true);
    }
  });

  it('accepts the trace of the sender from telemetry, by default', () => {
    const trace = { traceparent: '00-aa-bb-01', tracestate: 'x=y' };
    configureEvents({ telemetry: { ...noTelemetry, traceContext: () => trace } });
    expect(createMetadata({ eventType }).trace).toEqual(trace);
    expect(createMetadata({ eventType, trace: null }).trace).toBeNull();
  });
});

describe('coreVersion', () => {
  it('is that of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(version.split('-')[0]).toBe(coreVersion.join('.'));
  });
});
