import { InvalidOptionsError, type Issue, type OpenEdxPublicSignal } from '@openedx-ts/events-core';
import { type BoundCodec, type EventCodec, nearestName } from '@openedx-ts/events-core/bus';
import { bindAvro } from './bind-avro.js';
import { writerReaderCache } from './writer-readers.js';

/** Options of `avroCodec`. */
export interface AvroCodecOptions {
  /**
   * How integers beyond ±(2^53 - 1) are handled: `'refuse'` refuses the event when it is encoded or decoded; `'bigint'`
   * accepts and returns them as `bigint`, up to 64 bits (smaller ones stay numbers). @defaultValue 'refuse'
   */
  readonly unsafeIntegers?: 'refuse' | 'bigint';
  /** Maximum number of values (fields, and items of lists and maps) of an event that is decoded. @defaultValue 100,000 */
  readonly maxValues?: number;
}

/**
 * Creates a codec that encodes and decodes events as Avro, with the schemas and the bytes of the Python services. It
 * compiles each signal once. Bytes are checked against the writer's schema before anything is allocated for them.
 *
 * @throws InvalidOptionsError when an option is unknown or invalid
 */
export function avroCodec(options: AvroCodecOptions = {}): AvroCodec {
  const { unsafeIntegers = 'refuse', maxValues = 100_000 } = checkOptions(options);
  const readers = writerReaderCache();
  const bound = new WeakMap<OpenEdxPublicSignal, BoundCodec>();
  return Object.freeze({
    bind(signal: OpenEdxPublicSignal): BoundCodec {
      let codec = bound.get(signal);
      if (codec === undefined) {
        codec = bindAvro(signal, { unsafeIntegers, maxValues, readers });
        bound.set(signal, codec);
      }
      return codec;
    },
  });
}

/** An `EventCodec` that binds synchronously. */
export interface AvroCodec extends EventCodec {
  /** @throws LocalOnlyError when the signal must stay in its process */
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
