import { describe, expectTypeOf, it } from 'vitest';
import { custom } from './custom.js';
import type { DateTime } from './date-time.js';
import { datetime } from './datetime.js';
import { enumeration } from './enumeration.js';
import { type JsonValue, json } from './json.js';
import { list } from './list.js';
import { map } from './map.js';
import { optional } from './optional.js';
import { boolean, bytes, double, long, string } from './primitives.js';
import { record } from './record.js';
import type { InputOf, OutputOf } from './shape.js';
import { uuid } from './uuid.js';
import { withDefault } from './with-default.js';

class Key {
  readonly text: string = '';
}
const key = custom({
  name: 'Key',
  wire: 'string',
  normalize: (value: Key | string) => (typeof value === 'string' ? new Key() : value),
  toWire: (value) => value.text,
  fromWire: (text) => {
    expectTypeOf(text).toEqualTypeOf<string>();
    return new Key();
  },
});

const user = record('User', {
  id: long(),
  score: double(),
  is_active: boolean(),
  name: string(),
  photo: bytes(),
  key,
  joined: datetime(),
  guid: uuid(),
  mode: enumeration(['audit', 'verified']),
  extra: json(),
  nickname: optional(string()),
  language: withDefault(string(), 'en'),
  tags: optional(list(string())),
  by_name: map(list(long())),
  inner: record('Inner', { note: optional(string()) }),
});

describe('InputOf and OutputOf', () => {
  it('are what is sent and what is received, inferred from the shape', () => {
    expectTypeOf<InputOf<typeof user>>().toEqualTypeOf<{
      readonly id: number;
      readonly score: number;
      readonly is_active: boolean;
      readonly name: string;
      readonly photo: Uint8Array;
      readonly key: Key | string;
      readonly joined: Date | DateTime | string;
      readonly guid: string;
      readonly mode: 'audit' | 'verified';
      readonly extra: NonNullable<JsonValue>;
      readonly nickname?: string | null | undefined;
      readonly language?: string | undefined;
      readonly tags?: readonly string[] | null | undefined;
      readonly by_name: Readonly<Record<string, readonly number[]>>;
      readonly inner: { readonly note?: string | null | undefined };
    }>();
    expectTypeOf<OutputOf<typeof user>>().toEqualTypeOf<{
      readonly id: number;
      readonly score: number;
      readonly is_active: boolean;
      readonly name: string;
      readonly photo: Uint8Array;
      readonly key: Key;
      readonly joined: DateTime;
      readonly guid: string;
      readonly mode: 'audit' | 'verified';
      readonly extra: JsonValue;
      readonly nickname: string | null;
      readonly language: string;
      readonly tags: readonly string[] | null;
      readonly by_name: Readonly<Record<string, readonly number[]>>;
      readonly inner: { readonly note: string | null };
    }>();
  });

  it('let received data be sent again', () => {
    expectTypeOf<OutputOf<typeof key>>().toExtend<InputOf<typeof key>>();
    const plain = record('Plain', {
      nickname: optional(string()),
      language: withDefault(string(), 'en'),
      at: datetime(),
    });
    expectTypeOf<OutputOf<typeof plain>>().toExtend<InputOf<typeof plain>>();
  });
});

describe('shapes that cannot be', () => {
  it('are compile errors', () => {
    // @ts-expect-error an item of a list is always there
    list(optional(string()));
    // @ts-expect-error so is a value of a map
    map(withDefault(string(), 'x'));
    // @ts-expect-error what is optional already
    optional(optional(string()));
    // @ts-expect-error a default of another type
    withDefault(string(), 5);
    // @ts-expect-error a default without its required field
    withDefault(record('R', { a: string() }), {});
    // @ts-expect-error an enumeration of nothing
    enumeration([]);
    // @ts-expect-error a kind of personal data that OEP-30 does not know
    string({ pii: 'shoe_size' });
    // @ts-expect-error a type that Avro has no primitive for
    custom({ name: 'X', wire: 'date', normalize: String, toWire: String, fromWire: String });
    custom({
      name: 'X',
      wire: 'long',
      normalize: String,
      // @ts-expect-error writing what the primitive is not
      toWire: (value: string) => value,
      fromWire: String,
    });
  });
});
