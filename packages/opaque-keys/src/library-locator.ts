import { built, checkParts } from './check-parts.js';
import { isId, isVersion } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { CONTEXT_FORM, type PlusBody, readPlusBody } from './plus-body.js';
import { printPlusBody } from './print-plus-body.js';

/**
 * A legacy content library, `library-v1:org+library`, with `+branch@…` and `+version@…` when it is pinned to one.
 * As in the Python library it counts as a course key. A key made of a version alone has no org or library.
 */
export interface LibraryLocator extends KeyValue {
  readonly kind: 'library';
  readonly org: string | undefined;
  readonly library: string | undefined;
  readonly branch: string | undefined;
  /** The object id of a version, as 24 hexadecimal digits. */
  readonly version: string | undefined;
}

/** The parts of the key of an old library. */
export interface LibraryLocatorParts {
  readonly org: string;
  readonly library: string;
  readonly branch?: string | undefined;
  readonly version?: string | undefined;
}

/** Builds the key of a legacy library. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function libraryLocator(parts: LibraryLocatorParts): LibraryLocator {
  const { org, library, branch, version } = parts;
  checkParts('LibraryLocator', [
    ['org', org, isId],
    ['library', library, isId],
    ['branch', branch, isId, 'optional'],
    ['version', version, isVersion, 'optional'],
  ]);
  return built('LibraryLocator', readLibraryLocator(`library-v1:${printLibrary(parts)}`));
}

/** The parts of a library that all its forms print, joined with `+`. */
export function printLibrary(
  parts: Pick<LibraryLocator, 'org' | 'library'> & Pick<LibraryLocatorParts, 'branch' | 'version'>,
): string {
  return printPlusBody([parts.org, parts.library, ['branch', parts.branch], ['version', parts.version]]);
}

/** Parses `library-v1:…`; returns `undefined` for any other text. */
export function readLibraryLocator(text: string): LibraryLocator | undefined {
  const body = readPlusBody(text, 'library-v1:'.length, CONTEXT_FORM);
  return body && libraryOf(text, body);
}

/** The value for a `library-v1:` text that was read, or `undefined` when it does not name a whole library. */
export function libraryOf(text: string, body: PlusBody): LibraryLocator | undefined {
  const { org, course: library, branch, version } = body;
  if (library === undefined && version === undefined) return undefined;
  return keyValue({ kind: 'library', text, org, library, branch, version });
}
