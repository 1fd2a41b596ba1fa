import { type AvscResolver, type AvscType, OwnType, type Tap } from './avsc.js';
import { readLong } from './long-type.js';

/** Doubles. Replaces avsc's type, which reads a writer's long inexactly (see `LongType`). */
export class DoubleType extends OwnType {
  override readonly typeName = 'own:double';

  override _read(tap: Tap): number {
    return tap.readDouble();
  }

  override _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'number') throw new TypeError('expected a number');
    tap.writeDouble(value);
  }

  override _copy(value: unknown): unknown {
    return value;
  }

  override _update(resolver: AvscResolver, writer: AvscType): void {
    switch (writer.typeName) {
      case 'double':
        resolver._read = (tap) => tap.readDouble();
        return;
      case 'float':
        resolver._read = (tap) => tap.readFloat();
        return;
      case 'int':
      case 'long':
        resolver._read = (tap) => Number(readLong(tap));
    }
  }
}
