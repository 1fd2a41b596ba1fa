import { type CCXLocator, readCCXLocator } from './ccx-locator.js';
import { type CourseLocator, readCourseLocator, readDeprecatedCourseLocator } from './course-locator.js';
import { type LibraryLocator, readLibraryLocator } from './library-locator.js';
import { openParser } from './open-parser.js';
import type { PluginKey } from './plugin-key.js';

/** The keys that the Python library accepts as a course key: a course run, a CCX, a legacy library, or a plug-in's key. */
export type CourseKey = CourseLocator | CCXLocator | LibraryLocator | PluginKey;

/**
 * Parses a course key: `course-v1:`, `ccx-v1:`, `library-v1:`, and the old forms `org/course/run` and `slashes:`.
 * Text with an unknown prefix becomes a key of kind `opaque`.
 *
 * The key prints exactly as the text. Parsing the same text again usually gives the same frozen value.
 *
 * @throws {@link InvalidKeyError} for text with no such form, or with the prefix of another key type.
 */
export const parseCourseKey: (text: string) => CourseKey = openParser('CourseKey', readKnownCourseKey);

function readKnownCourseKey(text: string, prefix: string): Exclude<CourseKey, PluginKey> | undefined {
  switch (prefix) {
    case 'course-v1':
    case 'slashes':
      return readCourseLocator(text, prefix);
    case 'ccx-v1':
      return readCCXLocator(text);
    case 'library-v1':
      return readLibraryLocator(text);
    default:
      return readDeprecatedCourseLocator(text);
  }
}
