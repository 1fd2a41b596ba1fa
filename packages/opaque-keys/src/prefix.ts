/** The part of a text before its first `:`; empty when there is no `:`. */
export function prefixOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf(':')));
}

/**
 * Every prefix of the Python libraries edx-opaque-keys 4.0 and edx-ccx-keys 2.0, and the two old schemes, with
 * the key type that each belongs to. A text with one of them is never treated as a plug-in key.
 */
export const KNOWN_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['course-v1', 'CourseKey'],
  ['slashes', 'CourseKey'],
  ['library-v1', 'CourseKey'],
  ['ccx-v1', 'CourseKey'],
  ['lib', 'LibraryLocatorV2'],
  ['block-v1', 'UsageKey'],
  ['ccx-block-v1', 'UsageKey'],
  ['lib-block-v1', 'UsageKey'],
  ['lb', 'UsageKey'],
  ['location', 'UsageKey'],
  ['i4x', 'UsageKey'],
  ['aside-usage-v1', 'UsageKey'],
  ['aside-usage-v2', 'UsageKey'],
  ['lib-collection', 'LibraryCollectionLocator'],
  ['lct', 'LibraryContainerLocator'],
  ['asset-v1', 'AssetKey'],
  ['c4x', 'AssetKey'],
  ['block-type-v1', 'BlockTypeKey'],
  ['def-v1', 'DefinitionKey'],
  ['bundle-olx', 'DefinitionKey'],
  ['aside-def-v1', 'DefinitionKey'],
  ['aside-def-v2', 'DefinitionKey'],
]);
