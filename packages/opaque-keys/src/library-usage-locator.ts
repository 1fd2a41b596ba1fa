import { built, checkParts } from './check-parts.js';
import { isId } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { type LibraryLocator, libraryOf, printLibrary } from './library-locator.js';
import { BLOCK_FORM, readPlusBody } from './plus-body.js';

/** A block in a legacy library: `lib-block-v1:org+library+type@…+block@…`. */
export interface LibraryUsageLocator extends KeyValue {
  readonly kind: 'library-usage';
  readonly libraryKey: LibraryLocator;
  readonly blockType: string;
  readonly blockId: string;
}

/** The parts of the key of a block of an old library. */
export interface LibraryUsageLocatorParts {
  readonly libraryKey: LibraryLocator;
  readonly blockType: string;
  readonly blockId: string;
}

/**
 * Builds the key of a block in a legacy library.
 * @throws {@link InvalidKeyError} when a part is missing or has invalid characters.
 */
export function libraryUsageLocator(parts: LibraryUsageLocatorParts): LibraryUsageLocator {
  const { libraryKey, blockType, blockId } = parts;
  checkParts('LibraryUsageLocator', [
    ['blockType', blockType, isId],
    ['blockId', blockId, isId],
  ]);
  const text = `lib-block-v1:${printLibrary(libraryKey)}+type@${blockType}+block@${blockId}`;
  return built('LibraryUsageLocator', readLibraryUsageLocator(text));
}

/** Parses `lib-block-v1:…`; returns `undefined` for any other text. */
export function readLibraryUsageLocator(text: string): LibraryUsageLocator | undefined {
  const start = 'lib-block-v1:'.length;
  const body = readPlusBody(text, start, BLOCK_FORM);
  if (body?.blockId === undefined || body.blockType === undefined) return undefined;
  const libraryKey = libraryOf(`library-v1:${text.slice(start, body.contextEnd)}`, body);
  const { blockType, blockId } = body;
  return libraryKey && keyValue({ kind: 'library-usage', text, libraryKey, blockType, blockId });
}
