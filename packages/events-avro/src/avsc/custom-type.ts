import type { CustomShape } from '@openedx-ts/events-core';
import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';
import { failedValue, reading } from './reading.js';

/** A type of the user's: converts between its values and the primitive it rests on, in place. */
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

  /** Reading goes on after a failure, to learn where it was; but no other value is converted, so that hostile bytes cannot make us throw a thousand times. */
  #fromWire(wire: unknown): unknown {
    if (reading.failure !== null) return undefined;
    try {
      if (typeof wire === 'bigint') throw new RangeError('an integer is beyond ±(2^53 - 1)');
      return this.#type.fromWire(wire as string);
    } catch (error) {
      reading.failure = { error };
      return failedValue;
    }
  }
}
