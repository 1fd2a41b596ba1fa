import { inspect } from 'node:util';
import { EventsError } from '../errors/events-error.js';
import type { RecordShape } from '../shapes/shape.js';
import { MASK } from './mask.js';
import { MAX_SEARCH_STEPS, PersonalTexts } from './personal-texts.js';

/**
 * A thrown value without the personal values of the event that it was thrown for (`pii` of its shape), for logs, health
 * and dead letters: they are `***` in its texts, in those of its causes and in its properties. Returns the value itself
 * when there are none; otherwise an error of the same class with the same code.
 */
export function maskError(thrown: unknown, shape: RecordShape, data: unknown): unknown {
  return maskErrorWith(thrown, () => new PersonalTexts([{ shape, data }]));
}

/** Like `maskError`, for an error that concerns several events. */
export function maskErrorWith(thrown: unknown, textsOf: () => PersonalTexts): unknown {
  if (typeof thrown !== 'string' && !isObject(thrown)) return thrown;
  try {
    const texts = textsOf();
    if (texts.isEmpty) return thrown;
    return typeof thrown === 'string' ? texts.mask(thrown) : new ErrorMask(texts).masked(thrown, 0);
  } catch {
    return thrown; // what cannot be read has no text either
  }
}

class ErrorMask {
  readonly #texts: PersonalTexts;
  #objects = 0;
  #steps = 0;

  constructor(texts: PersonalTexts) {
    this.#texts = texts;
  }

  /** Only a copy when something in it is masked, so that an error keeps its identity otherwise. */
  masked(source: object, depth: number): object {
    const changed = new Map<string, unknown>();
    const isOurs = EventsError.is(source);
    for (const name of namesIn(source)) {
      const property = read(source, name);
      const value = property?.value;
      const isKept = (name === 'code' && isCode(value)) || (isOurs && typeof value === 'number');
      const clean = property === undefined ? MASK : isKept ? value : this.#maskedValue(value, depth);
      if (clean !== value) changed.set(name, clean);
    }
    return changed.size === 0 ? source : copyWith(source, changed);
  }

  #maskedValue(value: unknown, depth: number): unknown {
    try {
      if (typeof value === 'string') return this.#mask(value);
      if (typeof value === 'number' || typeof value === 'bigint')
        return this.#mask(` ${value} `) === ` ${value} ` ? value : MASK;
      if (!isObject(value)) return value;
      this.#objects += 1;
      if (this.#objects > MAX_OBJECTS || ArrayBuffer.isView(value)) return MASK; // bytes are not read
      if (isDictionary(value) && Object.keys(value).some((key) => this.#mask(key) !== key)) return MASK;
      return isPlain(value) && depth < MAX_DEPTH
        ? this.masked(value, depth + 1)
        : this.#unlessPersonal(value);
    } catch {
      return MASK;
    }
  }

  /** All texts of an error together take no longer than one may. */
  #mask(text: string): string {
    this.#steps += this.#texts.stepsFor(text.length);
    return this.#steps > MAX_SEARCH_STEPS ? MASK : this.#texts.mask(text);
  }

  /** A copy of an instance, a map or a stream would not work: it is kept when a logger would print nothing personal of it. */
  #unlessPersonal(value: object): unknown {
    const limits = { depth: MAX_DEPTH, maxArrayLength: 1_000, maxStringLength: 100_000 };
    const printed = inspect(value, { ...limits, customInspect: false, breakLength: Infinity });
    return this.#mask(printed) === printed ? value : MASK;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: object): boolean {
  return value instanceof Error || Array.isArray(value) || isDictionary(value);
}

function isDictionary(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The decision about the event depends on codes; a value of a person is hardly written as one. */
function isCode(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Z0-9_]{1,100}$/.test(value);
}

/** The names of what may hold text. Some errors, such as `DOMException`, have theirs in getters of their class. */
function namesIn(source: object): readonly string[] {
  const names = Object.getOwnPropertyNames(source);
  if (Array.isArray(source)) return names.filter((name) => name !== 'length');
  return source instanceof Error ? [...new Set([...names, ...ERROR_TEXTS])] : names;
}

/** The value of a property; undefined when its getter throws. */
function read(source: object, name: string): { readonly value: unknown } | undefined {
  try {
    return { value: (source as Readonly<Record<string, unknown>>)[name] };
  } catch {
    return undefined;
  }
}

/** Not defined first and replaced then: of a frozen object no property can be replaced. */
function copyWith(source: object, changed: ReadonlyMap<string, unknown>): object {
  const descriptors = Object.getOwnPropertyDescriptors(source) as Record<string, PropertyDescriptor>;
  const replaced: Record<string, PropertyDescriptor> = Object.create(null);
  for (const [name, value] of changed) {
    const enumerable = descriptors[name]?.enumerable ?? false;
    replaced[name] = { value, writable: true, configurable: true, enumerable };
  }
  if (Array.isArray(source)) return Object.defineProperties([...source], replaced);
  // A real error for an error, which loggers print with its stack; the class comes last, since its getters may throw.
  const copy = Object.defineProperties(source instanceof Error ? new Error() : {}, {
    ...descriptors,
    ...replaced,
  });
  Object.setPrototypeOf(copy, Object.getPrototypeOf(source));
  if (source instanceof Error) keepTexts(copy, source);
  return copy;
}

/** A getter of the class may work on the original only. */
function keepTexts(copy: object, source: Error): void {
  for (const name of ERROR_TEXTS) {
    const value = read(source, name)?.value;
    if (Object.hasOwn(copy, name) || value === undefined || read(copy, name)?.value === value) continue;
    Object.defineProperty(copy, name, { value, writable: true, configurable: true });
  }
}

const ERROR_TEXTS = ['message', 'name', 'code', 'stack'] as const;

/** Causes of causes. */
const MAX_DEPTH = 5;
/** What is behind is masked unread: an error of a client may hold half the process. */
const MAX_OBJECTS = 1_000;
