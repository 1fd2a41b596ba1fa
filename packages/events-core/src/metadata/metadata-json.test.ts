import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidMetadataError } from '../errors/data-errors.js';
import { anyMetadata } from './arbitrary-metadata.test-support.js';
import { createMetadata } from './create-metadata.js';
import { metadataFromJson, metadataToJson } from './metadata-json.js';

const json = {
  event_type: 'org.openedx.learning.badge.awarded.v1',
  id: '54d4973c-e584-11f1-a2d7-02fc00000001',
  minorversion: 2,
  source: 'openedx/lms/web',
  sourcehost: 'vm',
  time: '2026-01-02T03:04:05.678901+00:00',
  sourcelib: [10, 5, 0],
};

describe('metadataToJson', () => {
  it('has the form and key order of the reference', () => {
    expect(JSON.stringify(metadataToJson(metadataFromJson(json)))).toBe(JSON.stringify(json));
  });

  it('has our own fields only where they are set', () => {
    const metadata = createMetadata({
      ...{ eventType: 'e', correlationId: 'a', causationId: 'b' },
      trace: { traceparent: 'c', tracestate: 'd' },
    });
    expect(metadataToJson(metadata)).toMatchObject({
      correlationid: 'a',
      causationid: 'b',
      traceparent: 'c',
      tracestate: 'd',
    });
  });
});

describe('metadataFromJson', () => {
  it('is the way back, minor version included', () => {
    fc.assert(
      fc.property(anyMetadata, (metadata) => {
        const text = JSON.stringify(metadataToJson(metadata));
        expect(metadataFromJson(JSON.parse(text))).toEqual(metadata);
      }),
    );
  });

  it('reads what the reference writes: no minor version is 0, unknown fields are ignored', () => {
    const { minorversion: _, ...older } = json;
    expect(metadataFromJson({ ...older, extra: 1 }).minorVersion).toBe(0);
    expect(metadataFromJson({ ...json, time: '2026-01-02T03:04:05Z' }).time.iso).toBe(
      '2026-01-02T03:04:05+00:00',
    );
  });

  it('treats null as absent where a field may be missing', () => {
    const nothing = { correlationid: null, causationid: null, traceparent: null, tracestate: null };
    expect(metadataFromJson({ ...json, ...nothing })).toEqual(metadataFromJson(json));
  });

  it.each(['event_type', 'id', 'source', 'sourcehost', 'time', 'sourcelib'] as const)(
    'requires %s',
    (field) => {
      const { [field]: _, ...rest } = json;
      expect(() => metadataFromJson(rest)).toThrow(expect.objectContaining({ field }));
    },
  );

  it.each([
    ['id', 'x'],
    ['id', 5],
    ['event_type', null],
    ['minorversion', '2'],
    ['minorversion', null],
    ['minorversion', 1.5],
    ['sourcelib', '1.0.0'],
    ['sourcelib', ['1', '0']],
    ['sourcelib', [null]],
    ['sourcelib', []],
    ['time', '2026-01-02T03:04:05'],
    ['time', 5],
    ['correlationid', 5],
    ['tracestate', {}],
  ])('refuses the %s %j', (field, value) => {
    expect(() => metadataFromJson({ ...json, [field]: value })).toThrow(InvalidMetadataError);
  });

  it.each([null, 'text', 5, []])('refuses %j', (value) => {
    expect(() => metadataFromJson(value)).toThrow(InvalidMetadataError);
  });
});
