import type { SeededRandom } from '../seeded-random.js';
import { oneOf } from './attack.js';

/** A name and its value: a header of a Kafka record, a field of a Redis entry. */
export type Field = readonly [name: string, value: Buffer];

/** Bytes that a reader might not expect. */
export function hostileBytes(random: SeededRandom): Buffer {
  return oneOf(random, [
    () => Buffer.alloc(0),
    () => Buffer.alloc(1 + random.below(12), 0xff),
    () => randomBytes(random, 1 + random.below(40)),
    () => randomBytes(random, 1 + random.below(3_000)),
    () => Buffer.alloc(oneOf(random, [1_000, 100_000, 700_000]), random.below(256)),
    () => Buffer.from(hostileText(random)),
    () => Buffer.from(hostileText(random).repeat(1 + random.below(5_000))).subarray(0, 600_000),
    () => Buffer.concat([Buffer.from(hostileText(random)), Buffer.from([0xc3, 0x28, 0xff])]),
  ])();
}

/** Text that a reader might take for something else. */
export function hostileText(random: SeededRandom): string {
  return oneOf(random, TEXTS);
}

/** A copy of bytes that differs somewhere. */
export function damaged(random: SeededRandom, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return oneOf(random, [
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
    () => Buffer.concat([bytes, hostileBytes(random)]),
    () =>
      Buffer.concat([bytes.subarray(0, at), randomBytes(random, 1 + random.below(9)), bytes.subarray(at)]),
    () => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte))),
    () =>
      Buffer.from(
        bytes.map((byte, index) => (index === at ? oneOf(random, [0, 1, 0x7f, 0x80, 0xff]) : byte)),
      ),
  ])();
}

/** Fields of a good event, of which up to three are not as they should be. */
export function damagedFields(random: SeededRandom, good: readonly Field[]): readonly Field[] {
  let fields = good;
  for (let left = 1 + random.below(3); left > 0; left -= 1) fields = damagedOnce(random, fields);
  return fields;
}

function damagedOnce(random: SeededRandom, fields: readonly Field[]): readonly Field[] {
  const index = random.below(Math.max(1, fields.length));
  const [name = 'type', value = Buffer.alloc(0)] = fields[index] ?? [];
  const replacedBy = (...others: readonly Field[]) => fields.toSpliced(index, 1, ...others);
  return oneOf(random, [
    () => replacedBy(),
    () => replacedBy([name, hostileBytes(random)]),
    () => replacedBy([name, damaged(random, value)]),
    () => replacedBy([name, value], [name, hostileBytes(random)]),
    () => replacedBy([name, value], [name, value]),
    () => replacedBy([hostileText(random), value]),
    () => replacedBy([name.toUpperCase(), value]),
    () => [...fields, [hostileText(random), hostileBytes(random)] as const],
    () => [...fields, [name.slice(0, 100).repeat(1 + random.below(20_000)), value] as const], // 2 MB at most
    () => manyFields(random, fields),
    () => fields.toReversed(),
    () => [],
  ])();
}

function manyFields(random: SeededRandom, fields: readonly Field[]): readonly Field[] {
  const count = oneOf(random, [100, 1_000, 9_000, 30_000]);
  const more = Array.from(
    { length: count },
    (_, index): Field => [`x-${index}-${random.below(1e9)}`, Buffer.alloc(1)],
  );
  return [...fields, ...more];
}

/** Bytes of which each is left to chance. */
export function randomBytes(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

/** Enough of an input to write a test from. */
export function shown(input: unknown): string {
  const text = JSON.stringify(input, (_name, value) => shownValue(value)) ?? 'undefined';
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${text.length} characters)` : text;
}

const MOST_SHOWN = 3_000;

function shownValue(value: unknown): unknown {
  const isBuffer = (value as { readonly type?: unknown } | null)?.type === 'Buffer';
  if (isBuffer) {
    const bytes = Buffer.from((value as { readonly data: number[] }).data);
    const hex = bytes.toString('hex', 0, 200);
    return bytes.length > 200 ? `${hex}… (${bytes.length} bytes)` : hex;
  }
  if (typeof value === 'string' && value.length > 500)
    return `${value.slice(0, 200)}… (${value.length} characters)`;
  if (Array.isArray(value) && value.length > 60) return [...value.slice(0, 20), `… (${value.length} items)`];
  return value;
}

const TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  '-1',
  '1e999',
  '9'.repeat(400),
  '0x10',
  'NaN',
  'null',
  '{}',
  '[[[[',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%00%0a',
  '\u001b]0;title\u0007\u001b[2J',
  'line\r\nline',
  '\u202e\u2066\u2028',
  'org.example.reliability.item.sent.v1',
  'org.example.reliability.item.sent.v1\u0000',
  'org.example.unknown.type.v1',
  'org.openedx.learning.auth.session.login.completed.v1',
  '2026-02-30T25:61:61Z',
  '-271821-04-20T00:00:00Z',
  '99999-01-01T00:00:00.123456789012345Z',
  '2026-01-01T00:00:00+99:99',
  '00000000-0000-0000-0000-000000000000',
  '(1, 2, 3)',
  '999999999999999999999.0.0',
  '00-00000000000000000000000000000000-0000000000000000-00',
  'application/avro',
  '1.0',
  'a'.repeat(64),
  'A'.repeat(64),
  'event_data',
];
