export {
  type BlockUsageLocator,
  type BlockUsageLocatorParts,
  blockUsageLocator,
} from './block-usage-locator.js';
export {
  type CCXBlockUsageLocator,
  type CCXBlockUsageLocatorParts,
  ccxBlockUsageLocator,
} from './ccx-block-usage-locator.js';
export { type CCXLocator, type CCXLocatorParts, ccxLocator, parseCCXLocator } from './ccx-locator.js';
export { compareKeys } from './compare-keys.js';
export { contextKeyOf } from './context-key-of.js';
export { type CourseKey, parseCourseKey } from './course-key.js';
export { type CourseLocator, type CourseLocatorParts, courseLocator } from './course-locator.js';
export { InvalidKeyError, type InvalidKeyReason, type KeyTypeName } from './invalid-key-error.js';
export { isOpaqueKey } from './is-opaque-key.js';
export type { KeyValue } from './key-value.js';
export { keysEqual } from './keys-equal.js';
export {
  type LibraryCollectionLocator,
  type LibraryCollectionLocatorParts,
  libraryCollectionLocator,
  parseLibraryCollectionLocator,
} from './library-collection-locator.js';
export {
  type LibraryContainerLocator,
  type LibraryContainerLocatorParts,
  libraryContainerLocator,
  parseLibraryContainerLocator,
} from './library-container-locator.js';
export { type LibraryLocator, type LibraryLocatorParts, libraryLocator } from './library-locator.js';
export {
  type LibraryLocatorV2,
  type LibraryLocatorV2Parts,
  libraryLocatorV2,
  parseLibraryLocatorV2,
} from './library-locator-v2.js';
export {
  type LibraryUsageLocator,
  type LibraryUsageLocatorParts,
  libraryUsageLocator,
} from './library-usage-locator.js';
export {
  type LibraryUsageLocatorV2,
  type LibraryUsageLocatorV2Parts,
  libraryUsageLocatorV2,
  parseLibraryUsageLocatorV2,
} from './library-usage-locator-v2.js';
export type { OpaqueKey } from './opaque-key.js';
export type { PluginKey } from './plugin-key.js';
export { parseUsageKey, type UsageKey } from './usage-key.js';
