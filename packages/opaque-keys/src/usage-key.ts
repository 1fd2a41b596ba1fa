import {
  type BlockUsageLocator,
  readBlockUsageLocator,
  readDeprecatedBlockUsageLocator,
  readLocation,
} from './block-usage-locator.js';
import { type CCXBlockUsageLocator, readCCXBlockUsageLocator } from './ccx-block-usage-locator.js';
import { type LibraryUsageLocator, readLibraryUsageLocator } from './library-usage-locator.js';
import { type LibraryUsageLocatorV2, readLibraryUsageLocatorV2 } from './library-usage-locator-v2.js';
import { openParser } from './open-parser.js';
import { type PluginKey, readUnexamined } from './plugin-key.js';

/** A block: in a course run, a CCX, a legacy library, a content library, or of a plug-in. */
export type UsageKey =
  | BlockUsageLocator
  | CCXBlockUsageLocator
  | LibraryUsageLocator
  | LibraryUsageLocatorV2
  | PluginKey;

/**
 * Parses a usage key: `block-v1:`, `ccx-block-v1:`, `lib-block-v1:`, `lb:`, and the old forms `i4x://` and
 * `location:`. An aside (`aside-usage-v1:`, `aside-usage-v2:`) and text with an unknown prefix become keys of kind
 * `opaque`.
 *
 * The key prints exactly as the text. Parsing the same text again usually gives the same frozen value.
 *
 * @throws {@link InvalidKeyError} for text with no such form, or with the prefix of another key type.
 */
export const parseUsageKey: (text: string) => UsageKey = openParser('UsageKey', readKnownUsageKey);

function readKnownUsageKey(text: string, prefix: string): UsageKey | undefined {
  switch (prefix) {
    case 'block-v1':
      return readBlockUsageLocator(text);
    case 'ccx-block-v1':
      return readCCXBlockUsageLocator(text);
    case 'lib-block-v1':
      return readLibraryUsageLocator(text);
    case 'lb':
      return readLibraryUsageLocatorV2(text);
    case 'location':
      return readLocation(text);
    case 'i4x':
      return readDeprecatedBlockUsageLocator(text);
    case 'aside-usage-v1':
    case 'aside-usage-v2':
      return readUnexamined(text, prefix);
    default:
      return undefined;
  }
}
