import { built, checkParts } from './check-parts.js';
import { readColonBody } from './colon-body.js';
import { exactParser } from './exact-parser.js';
import { isAsciiSlug, isSlug } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { type LibraryLocatorV2, libraryV2Of } from './library-locator-v2.js';

/** A container (unit, subsection, section) in a content library: `lct:org:slug:type:id`. */
export interface LibraryContainerLocator extends KeyValue {
  readonly kind: 'library-container';
  readonly libKey: LibraryLocatorV2;
  readonly containerType: string;
  readonly containerId: string;
}

/** The parts of the key of a container of a library. */
export interface LibraryContainerLocatorParts {
  readonly libKey: LibraryLocatorV2;
  readonly containerType: string;
  readonly containerId: string;
}

/**
 * Builds the key of a container in a content library.
 * @throws {@link InvalidKeyError} when a part is missing or has invalid characters.
 */
export function libraryContainerLocator(parts: LibraryContainerLocatorParts): LibraryContainerLocator {
  const { libKey, containerType, containerId } = parts;
  checkParts('LibraryContainerLocator', [
    ['containerType', containerType, isAsciiSlug],
    ['containerId', containerId, isSlug],
  ]);
  const text = `lct:${libKey.org}:${libKey.slug}:${containerType}:${containerId}`;
  return built('LibraryContainerLocator', readLibraryContainerLocator(text));
}

/** Parses the key of a container in a content library. @throws {@link InvalidKeyError} for any other text. */
export const parseLibraryContainerLocator: (text: string) => LibraryContainerLocator = exactParser(
  'LibraryContainerLocator',
  'lct',
  readLibraryContainerLocator,
);

function readLibraryContainerLocator(text: string): LibraryContainerLocator | undefined {
  const parts = readColonBody(text, 'lct', [isAsciiSlug, isSlug, isAsciiSlug, isSlug]);
  if (parts === undefined) return undefined;
  const [org, slug, containerType, containerId] = parts;
  const libKey = libraryV2Of(org, slug);
  return keyValue({ kind: 'library-container', text, libKey, containerType, containerId });
}
