import type { SeededRandom } from '../seeded-random.js';
import { oneOf } from './attack.js';
import { hostileText } from './hostile-bytes.js';

/** The text of a schema as another service, or somebody who writes to its store, might put it there. */
export function hostileSchema(random: SeededRandom): string {
  return oneOf(random, [
    () => hostileText(random),
    () =>
      JSON.stringify(
        oneOf<unknown>(random, [5, null, [], {}, true, 'string', 'nothing', ['null', ['null']]]),
      ),
    () => '['.repeat(1 + random.below(100_000)),
    () => nested(1 + random.below(3_000), () => ['{"type":"array","items":', '}']),
    () =>
      nested(1 + random.below(2_000), (depth) => [
        `{"name":"R${depth}","type":"record","fields":[{"name":"f","type":`,
        '}]}',
      ]),
    () => item(Array.from({ length: 1 + random.below(5_000) }, (_, index) => [`f${index}`, 'string'])),
    () => item([['next', ['null', 'CloudEvent']]]),
    () => item([['key', { type: 'enum', name: 'E', symbols: symbols(random, 20_000) }]]),
    () => item([['key', { type: 'fixed', name: 'F', size: oneOf(random, [-1, 0, 1.5, 2 ** 31, 2 ** 53]) }]]),
    () =>
      item([['key', { type: oneOf(random, TYPES), logicalType: oneOf(random, LOGICAL_TYPES), scale: -1 }]]),
    () => item([[oneOf(random, ['__proto__', 'constructor', '', '1', 'a b', 'é']), oneOf(random, TYPES)]]),
    () =>
      item([
        ['key', oneOf(random, TYPES)],
        ['sequence', oneOf(random, TYPES)],
      ]),
    () =>
      item([['key', Array.from({ length: random.below(2_000) }, (_, index) => recordOf(`U${index}`, []))]]),
    () =>
      item([
        ['key', 'string'],
        ['sequence', 'long'],
        ['padding', { type: 'string', default: 'x'.repeat(random.below(1_500_000)) }],
      ]),
  ])();
}

type NamedType = readonly [name: string, type: unknown];

function item(fields: readonly NamedType[]): string {
  return JSON.stringify(recordOf('CloudEvent', [['item', recordOf('Item', fields)]]));
}

function recordOf(name: string, fields: readonly NamedType[]) {
  return { name, type: 'record', fields: fields.map(([field, type]) => ({ name: field, type })) };
}

/** Written by hand: to stringify so deep a value needs more stack than there is. */
function nested(depth: number, around: (level: number) => readonly [before: string, behind: string]): string {
  const levels = Array.from({ length: depth }, (_, level) => around(level));
  const before = levels.map(([text]) => text).join('');
  const behind = levels.map(([, text]) => text).join('');
  return item([['key', 'string']]).replace('"string"', `${before}"long"${behind}`);
}

function symbols(random: SeededRandom, most: number): readonly string[] {
  return Array.from({ length: 1 + random.below(most) }, (_, index) => `S${index}`);
}

const TYPES: readonly unknown[] = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
  'Item',
  'unknown',
];
const LOGICAL_TYPES = ['decimal', 'timestamp-millis', 'uuid', 'duration', 'date', '__proto__', ''];
