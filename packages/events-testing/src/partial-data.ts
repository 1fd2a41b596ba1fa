import type { InputOf, Shape } from '@openedx-ts/events-core';
import type { Fields, OptionalShape, RecordShape, WithDefaultShape } from '@openedx-ts/events-core/bus';

/**
 * Some of an event's data, at any depth, in the form it may be sent in: records may be given in part; lists, maps and
 * single values only as a whole. `undefined` leaves a field open.
 */
export type PartialData<F extends Fields> = { readonly [K in keyof F]?: PartialValue<F[K]> | undefined };

/** Some of the value of a shape. */
export type PartialValue<S extends Shape> =
  S extends RecordShape<infer Inner>
    ? PartialData<Inner>
    : S extends OptionalShape<infer Of>
      ? PartialValue<Of> | null
      : S extends WithDefaultShape<infer Of>
        ? PartialValue<Of>
        : InputOf<S>;
