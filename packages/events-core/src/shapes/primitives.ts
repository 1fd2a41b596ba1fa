import { makeShape } from './make-shape.js';
import type {
  BooleanShape,
  BytesShape,
  DoubleShape,
  LongShape,
  ShapeAnnotations,
  StringShape,
} from './shape.js';

/** Text. The empty text is a value. */
export const string = (annotations?: ShapeAnnotations): StringShape =>
  makeShape({ kind: 'string' }, annotations);

/** `true` or `false`; `false` is a value, not an absence. */
export const boolean = (annotations?: ShapeAnnotations): BooleanShape =>
  makeShape({ kind: 'boolean' }, annotations);

/**
 * A whole number as a JavaScript `number`. What a `number` cannot hold exactly (beyond 2^53 - 1) is refused when
 * sending and poison when receiving, unless the codec has `unsafeIntegers: 'bigint'`.
 */
export const long = (annotations?: ShapeAnnotations): LongShape => makeShape({ kind: 'long' }, annotations);

/** A floating-point number, `NaN` and the infinities included. */
export const double = (annotations?: ShapeAnnotations): DoubleShape =>
  makeShape({ kind: 'double' }, annotations);

/** Raw bytes; a `Buffer` is accepted, receivers see a `Uint8Array`. */
export const bytes = (annotations?: ShapeAnnotations): BytesShape =>
  makeShape({ kind: 'bytes' }, annotations);
