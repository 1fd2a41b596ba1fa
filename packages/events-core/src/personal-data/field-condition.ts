import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { AnyShape, RecordShape } from '../shapes/shape.js';

/**
 * Selects events by the value of a field, which may be personal: it is compared inside, and is in no log, error or report.
 * A path leads through records, e.g. `user.pii.username`; of lists and maps on the way, and at its end, one item suffices.
 */
export class FieldCondition {
  readonly path: string;
  readonly #segments: readonly string[];
  readonly #value: string;

  /**
   * @param value as text: the digits of a number, `true`, the form in which a custom type travels. Compared exactly
   * @throws InvalidOptionsError when the path is empty
   */
  constructor(path: string, value: string) {
    this.path = path;
    this.#segments = path.split('.');
    this.#value = value;
    if (this.#segments.includes(''))
      throw new InvalidOptionsError('field', [
        { path: 'path', message: 'must be names of fields with dots' },
      ]);
  }

  /** Whether events of a shape have this field. */
  isIn(shape: RecordShape): boolean {
    const has = (at: AnyShape, depth: number): boolean => {
      const inner = throughContainers(at);
      if (depth === this.#segments.length) return inner.kind !== 'record';
      const name = this.#segments[depth] as string;
      return (
        inner.kind === 'record' &&
        Object.hasOwn(inner.fields, name) &&
        has(inner.fields[name] as AnyShape, depth + 1)
      );
    };
    return has(shape as AnyShape, 0);
  }

  /** Whether the decoded data of an event has the value at the path. */
  matches(shape: RecordShape, data: object): boolean {
    const found = (at: AnyShape, value: unknown, depth: number): boolean => {
      if (value === null || value === undefined) return false;
      switch (at.kind) {
        case 'optional':
        case 'withDefault':
          return found(at.of as AnyShape, value, depth);
        case 'list':
          return (value as readonly unknown[]).some((item) => found(at.of as AnyShape, item, depth));
        case 'map':
          return Object.values(value).some((item) => found(at.values as AnyShape, item, depth));
        case 'record': {
          const name = this.#segments[depth];
          if (name === undefined || !Object.hasOwn(at.fields, name)) return false;
          return found(at.fields[name] as AnyShape, (value as Record<string, unknown>)[name], depth + 1);
        }
        default:
          return depth === this.#segments.length && textOf(at, value) === this.#value;
      }
    };
    return found(shape as AnyShape, data, 0);
  }
}

function throughContainers(shape: AnyShape): AnyShape {
  switch (shape.kind) {
    case 'optional':
    case 'withDefault':
    case 'list':
      return throughContainers(shape.of as AnyShape);
    case 'map':
      return throughContainers(shape.values as AnyShape);
    default:
      return shape;
  }
}

function textOf(shape: AnyShape, value: unknown): string {
  return String(shape.kind === 'custom' ? shape.type.toWire(value) : value);
}
