import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';

/** A field whose default is not in the schema: written like its type; the default is used when the writer lacks it. */
export class DefaultedType extends OwnType {
  override readonly typeName = 'own:defaulted';
  readonly #of: AvscType;
  readonly #default: () => unknown;

  /** @param defaultValue called for each event whose writer lacks the field */
  constructor(of: AvscType, defaultValue: () => unknown) {
    super();
    this.#of = of;
    this.#default = defaultValue;
  }

  override _read(tap: Tap): unknown {
    return this.#of._read(tap);
  }

  override _write(tap: Tap, value: unknown): void {
    this.#of._write(tap, value);
  }

  override _copy(): unknown {
    return this.#default();
  }

  override _update(resolver: AvscResolver, writer: AvscType): void {
    const of = this.#of.createResolver(writer, { ignoreNamespaces: true });
    resolver._read = (tap) => of._read(tap);
  }
}
