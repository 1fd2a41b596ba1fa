/** The classes for which the Python package has a serializer, by the names of custom types. */
export const pythonClasses: Readonly<Record<string, string>> = {
  CCXLocator: 'CCXLocator',
  CourseKey: 'CourseKey',
  LibraryCollectionLocator: 'LibraryCollectionLocator',
  LibraryContainerLocator: 'LibraryContainerLocator',
  LibraryLocatorV2: 'LibraryLocatorV2',
  LibraryUsageLocatorV2: 'LibraryUsageLocatorV2',
  UsageKey: 'UsageKey',
  datetime: 'datetime',
  uuid: 'UUID',
};
