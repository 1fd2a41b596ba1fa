import { built, checkParts } from './check-parts.js';
import { readColonBody } from './colon-body.js';
import { exactParser } from './exact-parser.js';
import { isAsciiSlug, isSlug } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { type LibraryLocatorV2, libraryV2Of } from './library-locator-v2.js';

/** A block in a content library: `lb:org:slug:type:id`. */
export interface LibraryUsageLocatorV2 extends KeyValue {
  readonly kind: 'library-usage-v2';
  readonly libKey: LibraryLocatorV2;
  readonly blockType: string;
  /** Called `usage_id` in the Python library too, where `block_id` is another name for it. */
  readonly blockId: string;
}

/** The parts of the key of a block of a library. */
export interface LibraryUsageLocatorV2Parts {
  readonly libKey: LibraryLocatorV2;
  readonly blockType: string;
  readonly blockId: string;
}

/**
 * Builds the key of a block in a content library.
 * @throws {@link InvalidKeyError} when a part is missing or has invalid characters.
 */
export function libraryUsageLocatorV2(parts: LibraryUsageLocatorV2Parts): LibraryUsageLocatorV2 {
  const { libKey, blockType, blockId } = parts;
  checkParts('LibraryUsageLocatorV2', [
    ['blockType', blockType, isAsciiSlug],
    ['blockId', blockId, isSlug],
  ]);
  const text = `lb:${libKey.org}:${libKey.slug}:${blockType}:${blockId}`;
  return built('LibraryUsageLocatorV2', readLibraryUsageLocatorV2(text));
}

/** Parses the key of a block in a content library. @throws {@link InvalidKeyError} for any other text. */
export const parseLibraryUsageLocatorV2: (text: string) => LibraryUsageLocatorV2 = exactParser(
  'LibraryUsageLocatorV2',
  'lb',
  readLibraryUsageLocatorV2,
);

/** Parses `lb:…`; returns `undefined` for any other text. */
export function readLibraryUsageLocatorV2(text: string): LibraryUsageLocatorV2 | undefined {
  const parts = readColonBody(text, 'lb', [isAsciiSlug, isSlug, isAsciiSlug, isSlug]);
  if (parts === undefined) return undefined;
  const [org, slug, blockType, blockId] = parts;
  return keyValue({ kind: 'library-usage-v2', text, libKey: libraryV2Of(org, slug), blockType, blockId });
}
