import type { CustomShape } from '@openedx-ts/events-core';
import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';
import { failedValue, readState } from './read-state.js';

/** A user-defined type: converts between its values and their primitive while a record is read or written. */
export class CustomWireType extends OwnType {
  override readonly typeName = 'own:custom';
  readonly #wire: AvscType;
  readonly #type: CustomShape['type'];

  constructor(type: CustomShape['type'], wire: AvscType) {
    super();
    this.#type = type;
    this.#wire = wire;
  }

  override _read(tap: Tap): unknown {
    return this.#fromWire(this.#wire._read(tap));
  }

  override _write(tap: Tap, value: unknown): void {
    this.#wire._write(tap, this.#type.toWire(value));
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(resolver: AvscResolver, writer: AvscType): void {
    const wire = this.#wire.createResolver(writer, { ignoreNamespaces: true });
    resolver._read = (tap) => this.#fromWire(wire._read(tap));
  }

  /**
   * After a failure the record is read to its end, to find the path of the failed value. No other value is converted, so
   * that hostile bytes cannot cause an error for each of thousands of values.
   */
  #fromWire(wire: unknown): unknown {
    if (readState.failure !== null) return undefined;
    try {
      if (typeof wire === 'bigint') throw new RangeError('an integer is beyond ±(2^53 - 1)');
      return this.#type.fromWire(wire as string);
    } catch (error) {
      readState.failure = { error };
      return failedValue;
    }
  }
}
