import { built, checkParts } from './check-parts.js';
import { readColonBody } from './colon-body.js';
import { exactParser } from './exact-parser.js';
import { isAsciiSlug, isSlug } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';

/** A content library: `lib:org:slug`. */
export interface LibraryLocatorV2 extends KeyValue {
  readonly kind: 'library-v2';
  readonly org: string;
  readonly slug: string;
}

/** The parts of a library key. */
export interface LibraryLocatorV2Parts {
  readonly org: string;
  readonly slug: string;
}

/** Builds the key of a content library. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function libraryLocatorV2({ org, slug }: LibraryLocatorV2Parts): LibraryLocatorV2 {
  checkParts('LibraryLocatorV2', [
    ['org', org, isAsciiSlug],
    ['slug', slug, isSlug],
  ]);
  return built('LibraryLocatorV2', readLibraryLocatorV2(`lib:${org}:${slug}`));
}

/** Parses the key of a content library. @throws {@link InvalidKeyError} for any other text. */
export const parseLibraryLocatorV2: (text: string) => LibraryLocatorV2 = exactParser(
  'LibraryLocatorV2',
  'lib',
  readLibraryLocatorV2,
);

/** The value for an org and slug that were checked. */
export function libraryV2Of(org: string, slug: string): LibraryLocatorV2 {
  return keyValue({ kind: 'library-v2', text: `lib:${org}:${slug}`, org, slug });
}

function readLibraryLocatorV2(text: string): LibraryLocatorV2 | undefined {
  const parts = readColonBody(text, 'lib', [isAsciiSlug, isSlug]);
  return parts && libraryV2Of(parts[0], parts[1]);
}
