import { InvalidKeyError, type KeyTypeName } from './invalid-key-error.js';

/** Throws unless the value is text, and not empty. */
export function requireText(keyType: KeyTypeName, text: string): void {
  if (typeof text !== 'string') throw invalid(keyType, 'not-text', 'the value is not a string');
  if (text === '') throw invalid(keyType, 'empty', 'the text is empty');
}

/**
 * Throws for text that no parser accepted.
 *
 * @param owner how the prefix of the text is known: as a prefix of this key type, or of another, or of none.
 */
export function failParse(keyType: KeyTypeName, owner: 'this' | 'another' | 'none'): never {
  if (owner === 'this') throw invalid(keyType, 'malformed', 'what follows the prefix does not have its form');
  if (owner === 'another') throw invalid(keyType, 'other-key-type', 'the prefix is that of another key type');
  throw invalid(keyType, 'unknown-form', 'the text has no prefix of this key type, nor an old form of it');
}

function invalid(keyType: KeyTypeName, reason: InvalidKeyError['reason'], problem: string): InvalidKeyError {
  return new InvalidKeyError(keyType, reason, `${problem}; expected ${FORMS[keyType]}.`);
}

const COURSE = 'course-v1:org+course+run';
const CCX = 'ccx-v1:org+course+run+ccx@id';
const LIBRARY = 'library-v1:org+library';
const BLOCK = 'block-v1:org+course+run+type@type+block@id';
const LIBRARY_BLOCK_V2 = 'lb:org:library:type:id';

const FORMS: Readonly<Record<KeyTypeName, string>> = {
  CourseKey: `${COURSE}, ${CCX}, ${LIBRARY} or the old org/course/run`,
  UsageKey: `${BLOCK}, ${LIBRARY_BLOCK_V2} or the old i4x://org/course/type/id`,
  CourseLocator: COURSE,
  CCXLocator: CCX,
  LibraryLocator: LIBRARY,
  BlockUsageLocator: BLOCK,
  CCXBlockUsageLocator: 'ccx-block-v1:org+course+run+ccx@id+type@type+block@id',
  LibraryUsageLocator: 'lib-block-v1:org+library+type@type+block@id',
  LibraryLocatorV2: 'lib:org:library',
  LibraryUsageLocatorV2: LIBRARY_BLOCK_V2,
  LibraryCollectionLocator: 'lib-collection:org:library:collection',
  LibraryContainerLocator: 'lct:org:library:type:id',
};
