import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';

/** `["null", T]`. Replaces avsc's union, which finds the branch of a value by trying each of them. */
export class OptionalType extends OwnType {
  override readonly typeName = 'own:optional';
  readonly #of: AvscType;

  constructor(of: AvscType) {
    super();
    this.#of = of;
  }

  override _read(tap: Tap): unknown {
    return tap.readLong() === 0 ? null : this.#of._read(tap);
  }

  override _write(tap: Tap, value: unknown): void {
    if (value === null) {
      tap.writeLong(0);
    } else {
      tap.writeLong(1);
      this.#of._write(tap, value);
    }
  }

  /** The default of an optional field. */
  override _copy(): unknown {
    return null;
  }

  /** `WriterUnion` splits a writer's union, so that `writer` is one of its branches, or a type that is not a union. */
  override _update(resolver: AvscResolver, writer: AvscType): void {
    if (writer.typeName === 'null') {
      resolver._read = () => null;
    } else {
      const of = this.#of.createResolver(writer, { ignoreNamespaces: true });
      resolver._read = (tap) => of._read(tap);
    }
  }
}
