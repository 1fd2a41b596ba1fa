import type { RecordJson } from '@openedx-ts/events-avro';
import type { CustomShape, OpenEdxPublicSignal } from '@openedx-ts/events-core';
import type { AnyShape } from '@openedx-ts/events-core/bus';

export interface RecordObject {
  readonly [key: string]: RecordJson;
}

/**
 * What a record is filled with. `full`: everything there, none of it harmless. `sparse`: what may be null is, what has a
 * default is left out, and the rest is empty. `falsy`: what may be null or has a default is there and empty as well.
 */
export const fillings = ['full', 'sparse', 'falsy'] as const;
export type Filling = (typeof fillings)[number];

/** Made-up data of a signal as an Avro record dictionary; always the same. */
export function sampleRecord(signal: OpenEdxPublicSignal, filling: Filling): RecordObject {
  return sampleValue(
    signal.shape as AnyShape,
    filling,
    numbersFrom(fillings.indexOf(filling)),
  ) as RecordObject;
}

function sampleValue(shape: AnyShape, filling: Filling, next: () => number): RecordJson {
  const isFull = filling === 'full';
  const part = (of: unknown) => sampleValue(of as AnyShape, filling, next);
  switch (shape.kind) {
    case 'record': {
      const fields = (Object.entries(shape.fields) as [string, AnyShape][]).filter(
        ([, { kind }]) => kind !== 'withDefault' || filling !== 'sparse',
      );
      return Object.fromEntries(fields.map(([name, field]) => [name, part(field)]));
    }
    case 'optional':
      return filling === 'sparse' ? null : part(shape.of);
    case 'withDefault':
      return part(shape.of);
    case 'list':
      return isFull ? [part(shape.of), part(shape.of), part(shape.of)] : [];
    case 'map':
      // In order: Python sorts the keys of maps, and the bytes are compared.
      return isFull ? { '': part(shape.values), 'clé 🔑': part(shape.values) } : {};
    case 'boolean':
      return isFull;
    case 'long':
      return isFull ? oneOf(integers, next) : 0;
    case 'double':
      return isFull ? oneOf(numbers, next) : 0;
    case 'string':
      return isFull ? oneOf(texts, next) : '';
    case 'bytes':
      return isFull ? '\0\x7f\x80\xff' : '';
    case 'custom':
      if (shape.type.name === 'datetime' && !isFull) return oneOf(plainTimes, next);
      return customText(shape.type, next);
  }
}

/** A custom value has a text even where others are empty. */
function customText(type: CustomShape['type'], next: () => number): RecordJson {
  const known = customTexts[type.name];
  if (known !== undefined) return oneOf(known, next);
  if (type.sample === undefined) throw new Error(`add an example of a ${type.name} to customTexts`);
  return type.toWire(type.normalize(type.sample(() => 0.5))) as RecordJson;
}

/** None that a number of JavaScript can hold. */
const integers = [2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n];
const numbers = [0.1, -1.5e300, 3, 5e-324, -1 / 3];
/** None of ASCII only. */
const texts = [
  'Žluťoučký kůň 🐎',
  '数学の入門',
  'שלום עולם',
  'e\u0301: a combining accent',
  'a line,\r\n\tand "another" \\ \u2028',
  ' \u0000 and \u007f\u0080 ',
];

const plainTimes = ['2026-01-01T00:00:00+00:00', '2024-02-29T08:00:00', '2026-03-01T00:00:00.120000+00:00'];

const customTexts: Readonly<Record<string, readonly string[]>> = {
  datetime: ['2026-07-04T12:34:56.789012+05:30', '1999-12-31T23:59:59.000001-03:30'],
  uuid: ['0198c5a0-0000-7000-8000-000000000000', 'f668ba02-e57e-11f1-b952-02fc00000001'],
  CourseKey: [
    'course-v1:Universität+数学101+2026_夏',
    'edX/DemoX/1T2013',
    'library-v1:edX+Bücher',
    'ccx-v1:edX+DemoX+2026+ccx@1',
  ],
  UsageKey: [
    'block-v1:Universität+数学101+2026+type@video+block@été_α',
    'i4x://edX/DemoX/video/intro',
    'lb:edX:bücherei:problem:aufgabe-é',
    'lib-block-v1:edX+Bücher+type@html+block@d',
  ],
  CCXLocator: ['ccx-v1:Universität+数学101+2026+ccx@7'],
  LibraryLocatorV2: ['lib:edX.org:bücherei_數', 'lib:edX:algebra'],
  LibraryUsageLocatorV2: ['lb:edX:bücherei:problem:aufgabe-é'],
  LibraryCollectionLocator: ['lib-collection:edX:bücherei:sammlung_é'],
  LibraryContainerLocator: ['lct:edX:bücherei:unit:einheit_é'],
};

function oneOf<Value>(values: readonly Value[], next: () => number): Value {
  return values[next() % values.length] as Value;
}

function numbersFrom(first: number): () => number {
  let number = first;
  return () => number++;
}
