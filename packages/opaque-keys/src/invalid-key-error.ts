/** The key types this package reads, by the names the Python library gives them. */
export type KeyTypeName =
  | 'CourseKey'
  | 'UsageKey'
  | 'CourseLocator'
  | 'CCXLocator'
  | 'LibraryLocator'
  | 'BlockUsageLocator'
  | 'CCXBlockUsageLocator'
  | 'LibraryUsageLocator'
  | 'LibraryLocatorV2'
  | 'LibraryUsageLocatorV2'
  | 'LibraryCollectionLocator'
  | 'LibraryContainerLocator';

/**
 * Why a text or parts are refused:
 * - `not-text`: the value to parse is not a string;
 * - `empty`: the text is empty;
 * - `unknown-form`: the text has no prefix followed by text, is not of an old form, or has lone surrogates;
 * - `other-key-type`: the prefix is known, and belongs to another key type;
 * - `malformed`: the prefix is known, and what follows does not have its form;
 * - `bad-part`: a part given to a builder is missing or has characters its place does not allow.
 */
export type InvalidKeyReason =
  | 'not-text'
  | 'empty'
  | 'unknown-form'
  | 'other-key-type'
  | 'malformed'
  | 'bad-part';

/**
 * A text is not a key of the wanted type, or parts do not make one.
 *
 * The message names the wanted key type and its form. It never contains the text, because keys may contain names that
 * people chose.
 */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError';
  readonly code = 'OPAQUE_KEYS_INVALID_KEY';
  /** The key type that was wanted. */
  readonly keyType: KeyTypeName;
  readonly reason: InvalidKeyReason;

  constructor(keyType: KeyTypeName, reason: InvalidKeyReason, detail: string) {
    super(`Not a valid ${keyType}: ${detail}`);
    this.keyType = keyType;
    this.reason = reason;
  }
}
