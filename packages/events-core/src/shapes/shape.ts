import type { StandardSchema } from './standard-schema.js';

/**
 * A run-time description of a value that also carries its static types: `Input` is what may be sent,
 * `Output` what receivers get. Build shapes with `record()`, `string()`, `optional()` and so on;
 * read the types off with `InputOf` and `OutputOf`. Never written twice.
 */
export interface Shape<Input = unknown, Output = Input> extends StandardSchema<Input, Output> {
  readonly kind: ShapeKind;
  /** What the field means, in a sentence. */
  readonly doc: string | undefined;
  /** What kinds of personal data the field holds, in the words of OEP-30; empty for none. */
  readonly pii: readonly PiiType[];
}

/** Annotations of any shape. */
export interface ShapeAnnotations {
  /** What the field means, in a sentence; it ends up in catalogues. */
  readonly doc?: string;
  /** What kinds of personal data the field holds, in the words of OEP-30. Tools mask such fields. */
  readonly pii?: PiiType | readonly PiiType[];
}

/** The kinds of personal data of OEP-30. */
export type PiiType =
  | 'biography'
  | 'birth_date'
  | 'email_address'
  | 'external_service'
  | 'gender'
  | 'id'
  | 'image'
  | 'ip'
  | 'location'
  | 'name'
  | 'other'
  | 'password'
  | 'phone_number'
  | 'sex'
  | 'username'
  | 'video';

/** What may be sent for a shape. */
export type InputOf<S extends Shape> = NonNullable<S['~standard']['types']>['input'];

/** What receivers get for a shape. */
export type OutputOf<S extends Shape> = NonNullable<S['~standard']['types']>['output'];

/** The kinds of shape, for code that walks one. */
export type ShapeKind =
  | 'boolean'
  | 'bytes'
  | 'custom'
  | 'double'
  | 'list'
  | 'long'
  | 'map'
  | 'optional'
  | 'record'
  | 'string'
  | 'withDefault';

/** A shape whose value is always there: what lists, maps and payload keys may hold. */
export interface ValueShape<Input = unknown, Output = Input> extends Shape<Input, Output> {
  readonly kind: Exclude<ShapeKind, 'optional' | 'withDefault'>;
}

/** Text; Avro `string`. */
export interface StringShape extends ValueShape<string> {
  readonly kind: 'string';
}

/** `true` or `false`; Avro `boolean`. */
export interface BooleanShape extends ValueShape<boolean> {
  readonly kind: 'boolean';
}

/** A whole number within ±(2^53 - 1); Avro `long`. */
export interface LongShape extends ValueShape<number> {
  readonly kind: 'long';
}

/** A floating-point number; Avro `double`. */
export interface DoubleShape extends ValueShape<number> {
  readonly kind: 'double';
}

/** Raw bytes; Avro `bytes`. */
export interface BytesShape extends ValueShape<Uint8Array> {
  readonly kind: 'bytes';
}

/** An ordered list of values of one shape; Avro `array`. */
export interface ListShape<S extends ValueShape = ValueShape>
  extends ValueShape<readonly InputOf<S>[], readonly OutputOf<S>[]> {
  readonly kind: 'list';
  readonly of: S;
}

/** Values of one shape under text keys; Avro `map`. */
export interface MapShape<S extends ValueShape = ValueShape>
  extends ValueShape<Readonly<Record<string, InputOf<S>>>, Readonly<Record<string, OutputOf<S>>>> {
  readonly kind: 'map';
  readonly values: S;
}

/** A record field that may be `null`; Avro `["null", of]` with default `null`. */
export interface OptionalShape<S extends ValueShape = ValueShape>
  extends Shape<InputOf<S> | null | undefined, OutputOf<S> | null> {
  readonly kind: 'optional';
  readonly of: S;
}

/** A record field that may be left out when sending and is always there on the wire. */
export interface WithDefaultShape<S extends ValueShape = ValueShape>
  extends Shape<InputOf<S> | undefined, OutputOf<S>> {
  readonly kind: 'withDefault';
  readonly of: S;
  readonly default: OutputOf<S>;
}

/** Named fields in a fixed order; Avro `record`. The reference calls it a data class. */
export interface RecordShape<F extends Fields = Fields> extends ValueShape<FieldsInput<F>, FieldsOutput<F>> {
  readonly kind: 'record';
  readonly name: string;
  readonly fields: F;
}

/** A value of a type of your own, resting on a primitive. */
export interface CustomShape<Input = unknown, Output = unknown> extends ValueShape<Input, Output> {
  readonly kind: 'custom';
  readonly type: CustomType<Input, Output>;
}

/** How a value of your own type is accepted, written and read. */
export interface CustomType<Input, Output, Wire extends keyof WireValues = keyof WireValues> {
  /** Shown in errors and catalogues, e.g. `CourseKey`. */
  readonly name: string;
  /** The primitive that travels. */
  readonly wire: Wire;
  /** Turns what may be sent into what receivers get; throws an `Error` that names the problem, without the value. */
  readonly normalize: (value: Input) => Output;
  /** Writes a normalised value. */
  readonly toWire: (value: Output) => WireValues[Wire];
  /** Reads a received value; throws an `Error` that names the problem: the event is then dead-lettered. */
  readonly fromWire: (wire: WireValues[Wire]) => Output;
  /** All texts that are accepted, of a type that lists them. */
  readonly symbols?: readonly string[];
  /** Makes a plausible value for tests, from a source of numbers in [0, 1). */
  readonly sample?: (random: () => number) => Input;
}

/** The primitives that a custom type can travel as, with their values. */
export interface WireValues {
  readonly string: string;
  readonly long: number;
  readonly double: number;
  readonly boolean: boolean;
  readonly bytes: Uint8Array;
}

/** The fields of a record, in wire order. */
export type Fields = Readonly<Record<string, Shape>>;

/** What may be sent for a record: fields that are optional or have a default may be left out. */
export type FieldsInput<F extends Fields> = Flatten<
  { readonly [K in keyof F as Leavable<F[K]> extends true ? never : K]: InputOf<F[K]> } & {
    readonly [K in keyof F as Leavable<F[K]> extends true ? K : never]?: InputOf<F[K]> | undefined;
  }
>;

/** What receivers get for a record: every field is there, optional ones may be `null`. */
export type FieldsOutput<F extends Fields> = { readonly [K in keyof F]: OutputOf<F[K]> };

/** Every concrete shape, for code that walks a shape by `kind`. */
export type AnyShape =
  | BooleanShape
  | BytesShape
  | CustomShape
  | DoubleShape
  | ListShape
  | LongShape
  | MapShape
  | OptionalShape
  | RecordShape
  | StringShape
  | WithDefaultShape;

type Leavable<S extends Shape> = S['kind'] extends 'optional' | 'withDefault' ? true : false;
type Flatten<T> = { [K in keyof T]: T[K] };
