import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';
import type { TextType } from './text-type.js';

/** Maps with text keys. Replaces avsc's type, which writes keys that are not valid UTF-8. */
export class MapType extends OwnType {
  override readonly typeName = 'own:map';
  readonly #keys: TextType;
  readonly #values: AvscType;

  constructor(keys: TextType, values: AvscType) {
    super();
    this.#keys = keys;
    this.#values = values;
  }

  override _read(tap: Tap): unknown {
    return this.#readWith(this.#values, tap);
  }

  override _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TypeError('expected a map');
    const keys = Object.keys(value);
    if (keys.length > 0) tap.writeLong(keys.length);
    for (const key of keys) {
      if (key === '__proto__') throw new TypeError('the key __proto__ is not allowed');
      this.#keys._write(tap, key);
      this.#values._write(tap, (value as Record<string, unknown>)[key]);
    }
    tap.writeLong(0);
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(resolver: AvscResolver, writer: AvscType & { readonly valuesType?: AvscType }): void {
    if (writer.typeName !== 'map') return;
    const values = this.#values.createResolver(writer.valuesType as AvscType, { ignoreNamespaces: true });
    resolver._read = (tap) => this.#readWith(values, tap);
  }

  #readWith(values: Pick<AvscType, '_read'>, tap: Tap): unknown {
    const map: Record<string, unknown> = {};
    for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
      if (count < 0) {
        count = -count;
        tap.readLong();
      }
      for (; count > 0; count -= 1) {
        const key = this.#keys._read(tap);
        map[key] = values._read(tap);
      }
    }
    return map;
  }
}
