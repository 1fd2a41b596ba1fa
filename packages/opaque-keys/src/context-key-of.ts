import type { CCXLocator } from './ccx-locator.js';
import type { CourseLocator } from './course-locator.js';
import type { LibraryCollectionLocator } from './library-collection-locator.js';
import type { LibraryContainerLocator } from './library-container-locator.js';
import type { LibraryLocator } from './library-locator.js';
import type { LibraryLocatorV2 } from './library-locator-v2.js';
import type { UsageKey } from './usage-key.js';

/**
 * The course or library that a block, collection or container is in (`context_key` in the Python library).
 * `undefined` for a plug-in's key, whose format is unknown.
 */
export function contextKeyOf(
  key: UsageKey | LibraryCollectionLocator | LibraryContainerLocator,
): CourseLocator | CCXLocator | LibraryLocator | LibraryLocatorV2 | undefined {
  switch (key.kind) {
    case 'block-usage':
    case 'ccx-block-usage':
      return key.courseKey;
    case 'library-usage':
      return key.libraryKey;
    case 'library-usage-v2':
    case 'library-collection':
    case 'library-container':
      return key.libKey;
    default:
      return undefined;
  }
}
