import { InvalidJsonError } from './invalid-json-error.js';

/**
 * Checks that JSON holds a value as it is. `JSON.stringify` silently changes what JSON does not know: a `Map` becomes
 * `{}`, `NaN` and a hole in a list become `null`, a function disappears. A field that is `undefined` counts as absent.
 *
 * @throws InvalidJsonError with the path
 */
export function assertJson(value: unknown): void {
  visit(value, [], []);
}

function visit(value: unknown, path: string[], ancestors: object[]): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(path, 'NaN or an infinity: JSON has no form for it');
      return;
    case 'object':
      if (value !== null) visitObject(value, path, ancestors);
      return;
    default:
      refuse(path, value === undefined ? 'undefined: use null' : `a ${typeof value}`);
  }
}

function visitObject(value: object, path: string[], ancestors: object[]): void {
  if (ancestors.includes(value) || ancestors.length >= MAX_DEPTH) refuse([], 'nesting without end');
  if (Array.isArray(value)) {
    visitList(value, path, ancestors);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain || Symbol.iterator in value) {
    refuse(path, `${nameOf(value)}: convert it to plain objects, lists and text first`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) refuse(path, 'an object with symbols as keys');
  ancestors.push(value);
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    if (key === '__proto__') throw new InvalidJsonError({ path: path.join('.'), message: PROTO });
    path.push(key);
    visit(inner, path, ancestors);
    path.pop();
  }
  ancestors.pop();
}

function visitList(list: readonly unknown[], path: string[], ancestors: object[]): void {
  if (Object.keys(list).length !== list.length) refuse(path, 'a list with holes or with named fields');
  ancestors.push(list);
  for (const [index, item] of list.entries()) {
    path.push(String(index));
    visit(item, path, ancestors);
    path.pop();
  }
  ancestors.pop();
}

function refuse(path: readonly string[], what: string): never {
  throw new InvalidJsonError({ path: path.join('.'), message: `expected a JSON value, got ${what}` });
}

/** The kind of an object, never what is in it. */
function nameOf(value: object): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return tag === 'Object' ? 'an instance of a class' : `a ${tag}`;
}

const PROTO = 'the key __proto__ is not allowed';

/** Recursion ends well before the stack does, here and in `JSON.stringify`. */
const MAX_DEPTH = 1_000;
