import { InvalidKeyError, type KeyTypeName } from './invalid-key-error.js';

/** A part of a key, the test it has to pass, and whether it may be left out. */
export type PartCheck = readonly [
  name: string,
  value: string | undefined,
  test: (value: string) => boolean,
  need?: 'optional',
];

/** Throws an {@link InvalidKeyError} that names the first part a key cannot be built from. */
export function checkParts(keyType: KeyTypeName, checks: readonly PartCheck[]): void {
  for (const [name, value, test, need] of checks) {
    if (value === undefined) {
      if (need === 'optional') continue;
      throw new InvalidKeyError(keyType, 'bad-part', `the part "${name}" is missing.`);
    }
    if (typeof value !== 'string' || !test(value)) {
      const problem = 'is empty, or has characters that its place in this form does not take';
      throw new InvalidKeyError(keyType, 'bad-part', `the part "${name}" ${problem}.`);
    }
  }
}

/** The key that was read back from built text, or an {@link InvalidKeyError} when the parts do not fit together. */
export function built<Key>(keyType: KeyTypeName, key: Key | undefined): Key {
  if (key !== undefined) return key;
  throw new InvalidKeyError(keyType, 'bad-part', 'the parts do not make a key together.');
}
