import { built, checkParts } from './check-parts.js';
import { readColonBody } from './colon-body.js';
import { exactParser } from './exact-parser.js';
import { isAsciiSlug, isSlug } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { type LibraryLocatorV2, libraryV2Of } from './library-locator-v2.js';

/** A collection in a content library: `lib-collection:org:slug:collection`. */
export interface LibraryCollectionLocator extends KeyValue {
  readonly kind: 'library-collection';
  readonly libKey: LibraryLocatorV2;
  readonly collectionId: string;
}

/** The parts of the key of a collection of a library. */
export interface LibraryCollectionLocatorParts {
  readonly libKey: LibraryLocatorV2;
  readonly collectionId: string;
}

/**
 * Builds the key of a collection in a content library.
 * @throws {@link InvalidKeyError} when a part is missing or has invalid characters.
 */
export function libraryCollectionLocator(parts: LibraryCollectionLocatorParts): LibraryCollectionLocator {
  const { libKey, collectionId } = parts;
  checkParts('LibraryCollectionLocator', [['collectionId', collectionId, isSlug]]);
  const text = `lib-collection:${libKey.org}:${libKey.slug}:${collectionId}`;
  return built('LibraryCollectionLocator', readLibraryCollectionLocator(text));
}

/** Parses the key of a collection in a content library. @throws {@link InvalidKeyError} for any other text. */
export const parseLibraryCollectionLocator: (text: string) => LibraryCollectionLocator = exactParser(
  'LibraryCollectionLocator',
  'lib-collection',
  readLibraryCollectionLocator,
);

function readLibraryCollectionLocator(text: string): LibraryCollectionLocator | undefined {
  const parts = readColonBody(text, 'lib-collection', [isAsciiSlug, isSlug, isSlug]);
  if (parts === undefined) return undefined;
  const [org, slug, collectionId] = parts;
  return keyValue({ kind: 'library-collection', text, libKey: libraryV2Of(org, slug), collectionId });
}
