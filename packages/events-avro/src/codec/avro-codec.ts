import { InvalidOptionsError, type Issue, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { type BoundCodec, type EventCodec, nearestName } from '@openedx-ts/events-core/bus';
import { bindAvro } from './bind-avro.js';

/** How strict a codec is. */
export interface AvroCodecOptions {
  /**
   * What becomes of integers beyond ±(2^53 - 1): `'refuse'` fails the event, in either direction; `'bigint'` takes
   * and gives them as `bigint` over the whole range of 64 bits (smaller ones stay numbers). @defaultValue 'refuse'
   */
  readonly unsafeIntegers?: 'refuse' | 'bigint';
  /** How many values (fields and items of lists and maps) one event may hold when it is read. @defaultValue 100,000 */
  readonly maxValues?: number;
}

/**
 * Events as Avro: the schema and the bytes of the Python services. What it binds is kept a signal. Bytes are checked
 * against the writer's schema before anything is allocated for them.
 *
 * @throws InvalidOptionsError
 */
export function avroCodec(options: AvroCodecOptions = {}): AvroCodec {
  const { unsafeIntegers = 'refuse', maxValues = 100_000 } = checkOptions(options);
  const bound = new WeakMap<OpenEdxPublicSignal, BoundCodec>();
  return Object.freeze({
    bind(signal: OpenEdxPublicSignal): BoundCodec {
      let codec = bound.get(signal);
      if (codec === undefined) {
        codec = bindAvro(signal, { unsafeIntegers, maxValues });
        bound.set(signal, codec);
      }
      return codec;
    },
  });
}

/** An `EventCodec` that binds at once. */
export interface AvroCodec extends EventCodec {
  /** @throws LocalOnlyError when the signal may not leave its process */
  bind(signal: OpenEdxPublicSignal): BoundCodec;
}

function checkOptions(options: AvroCodecOptions): AvroCodecOptions {
  const issues: Issue[] = [];
  const known = ['unsafeIntegers', 'maxValues'];
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
    issues.push({ path: name, message: `no such option${hint}` });
  }
  const { unsafeIntegers, maxValues } = options;
  if (unsafeIntegers !== undefined && unsafeIntegers !== 'refuse' && unsafeIntegers !== 'bigint')
    issues.push({ path: 'unsafeIntegers', message: "expected 'refuse' or 'bigint'" });
  if (maxValues !== undefined && (!Number.isSafeInteger(maxValues) || maxValues < 1))
    issues.push({ path: 'maxValues', message: 'expected an integer of 1 or more' });
  if (issues.length > 0) throw new InvalidOptionsError('avroCodec', issues);
  return options;
}
