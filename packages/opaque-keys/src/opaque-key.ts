import type { CourseKey } from './course-key.js';
import type { LibraryCollectionLocator } from './library-collection-locator.js';
import type { LibraryContainerLocator } from './library-container-locator.js';
import type { LibraryLocatorV2 } from './library-locator-v2.js';
import type { UsageKey } from './usage-key.js';

/** Any key value. `kind` names which one; every kind prints as the exact text it came from. */
export type OpaqueKey =
  | CourseKey
  | UsageKey
  | LibraryLocatorV2
  | LibraryCollectionLocator
  | LibraryContainerLocator;
