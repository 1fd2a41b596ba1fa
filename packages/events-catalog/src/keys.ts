import { type CustomShape, custom, type ShapeAnnotations } from '@openedx-ts/events-core';
import {
  type CCXLocator,
  type CourseKey,
  type LibraryCollectionLocator,
  type LibraryContainerLocator,
  type LibraryLocatorV2,
  type LibraryUsageLocatorV2,
  parseCCXLocator,
  parseCourseKey,
  parseLibraryCollectionLocator,
  parseLibraryContainerLocator,
  parseLibraryLocatorV2,
  parseLibraryUsageLocatorV2,
  parseUsageKey,
  type UsageKey,
} from '@openedx-ts/opaque-keys';

/**
 * An opaque key, on the wire its exact text. Send the key or its text, receivers get the key. Text that is
 * not a key of the type is refused when sending and is poison when receiving.
 */
export type KeyShape<Key extends { readonly text: string }> = CustomShape<Key | string, Key>;

/** The key of a course run (or of what the platform treats as one), e.g. `course-v1:edX+DemoX+2026`. */
export const courseKey = (annotations?: ShapeAnnotations): KeyShape<CourseKey> =>
  keyShape('CourseKey', parseCourseKey, (n) => `course-v1:edX+Sample${n}+Run`, annotations);

/** The key of a block, e.g. `block-v1:edX+DemoX+2026+type@video+block@intro`. */
export const usageKey = (annotations?: ShapeAnnotations): KeyShape<UsageKey> =>
  keyShape(
    'UsageKey',
    parseUsageKey,
    (n) => `block-v1:edX+Sample+Run+type@problem+block@problem${n}`,
    annotations,
  );

/** The key of a CCX, e.g. `ccx-v1:edX+DemoX+2026+ccx@1`. */
export const ccxLocator = (annotations?: ShapeAnnotations): KeyShape<CCXLocator> =>
  keyShape('CCXLocator', parseCCXLocator, (n) => `ccx-v1:edX+Sample+Run+ccx@${n + 1}`, annotations);

/** The key of a content library, e.g. `lib:edX:algebra`. */
export const libraryLocatorV2 = (annotations?: ShapeAnnotations): KeyShape<LibraryLocatorV2> =>
  keyShape('LibraryLocatorV2', parseLibraryLocatorV2, (n) => `lib:edX:sample${n}`, annotations);

/** The key of a block in a content library, e.g. `lb:edX:algebra:problem:one`. */
export const libraryUsageLocatorV2 = (annotations?: ShapeAnnotations): KeyShape<LibraryUsageLocatorV2> =>
  keyShape(
    'LibraryUsageLocatorV2',
    parseLibraryUsageLocatorV2,
    (n) => `lb:edX:sample:problem:problem${n}`,
    annotations,
  );

/** The key of a collection in a content library, e.g. `lib-collection:edX:algebra:week-1`. */
export const libraryCollectionLocator = (
  annotations?: ShapeAnnotations,
): KeyShape<LibraryCollectionLocator> =>
  keyShape(
    'LibraryCollectionLocator',
    parseLibraryCollectionLocator,
    (n) => `lib-collection:edX:sample:collection${n}`,
    annotations,
  );

/** The key of a container in a content library, e.g. `lct:edX:algebra:unit:one`. */
export const libraryContainerLocator = (annotations?: ShapeAnnotations): KeyShape<LibraryContainerLocator> =>
  keyShape(
    'LibraryContainerLocator',
    parseLibraryContainerLocator,
    (n) => `lct:edX:sample:unit:unit${n}`,
    annotations,
  );

function keyShape<Key extends { readonly text: string }>(
  name: string,
  parse: (text: string) => Key,
  sampleText: (number: number) => string,
  annotations: ShapeAnnotations | undefined,
): KeyShape<Key> {
  return custom<Key | string, Key, 'string'>(
    {
      name,
      wire: 'string',
      // A key is read again from its text: this checks its type, also for a key of another installed copy.
      normalize: (value) => parse(textOf(value, name)),
      toWire: (key) => key.text,
      fromWire: parse,
      sample: (random) => sampleText(Math.floor(random() * 1000)),
    },
    annotations,
  );
}

function textOf(value: { readonly text: string } | string, name: string): string {
  const text: unknown = typeof value === 'object' && value !== null ? value.text : value;
  if (typeof text !== 'string') throw new Error(`expected a ${name} or its text`);
  return text;
}
