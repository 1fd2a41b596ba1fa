import { readFileSync } from 'node:fs';
import { avroCodec, recordFromJson, recordToJson, schemaOf } from '@openedx-ts/events-avro';
import { getSignalByType, type JsonValue } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import '@openedx-ts/events-catalog/all';

interface Golden {
  readonly events: Readonly<
    Record<string, { readonly schema: JsonValue; readonly vectors: Readonly<Record<string, GoldenVector>> }>
  >;
}

interface GoldenVector {
  readonly record: { readonly [key: string]: JsonValue };
  readonly hex: string;
}

const golden = JSON.parse(
  readFileSync(new URL('../data/golden/golden-avro.json', import.meta.url), 'utf8'),
) as Golden;
const events = Object.entries(golden.events);
const vectors = events.flatMap(([eventType, { vectors }]) =>
  Object.entries(vectors).map(([name, vector]) => ({ eventType, name, vector })),
);

describe('the catalogue and the codec against the golden data of the Python packages', () => {
  it('covers 73 schemas and 219 vectors', () => {
    expect(events).toHaveLength(73);
    expect(vectors).toHaveLength(219);
  });

  it.each(events)('%s has the schema text of the reference', (eventType, { schema }) => {
    expect(schemaOf(getSignalByType(eventType)).text).toBe(sortedDump(schema));
  });

  it.each(vectors)('$eventType: $name has the same bytes and comes back as sent', ({ eventType, vector }) => {
    const signal = getSignalByType(eventType);
    const codec = avroCodec().bind(signal);
    const bytes = Buffer.from(vector.hex, 'hex');

    const encoded = codec.encode(recordFromJson(signal, vector.record));
    const decoded = codec.decode(bytes, null);

    expect(Buffer.from(encoded).toString('hex')).toBe(vector.hex);
    expect(recordToJson(signal, decoded)).toStrictEqual(vector.record);
  });
});

/** What `json.dumps(schema, sort_keys=True)` writes for a schema, which holds ASCII only. */
function sortedDump(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(sortedDump).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  const dump = (key: string) =>
    `${JSON.stringify(key)}: ${sortedDump((value as Record<string, JsonValue>)[key] as JsonValue)}`;
  return `{${keys.map(dump).join(', ')}}`;
}
