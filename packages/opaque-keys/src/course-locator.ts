import { built, checkParts } from './check-parts.js';
import { isId, isOldCoursePart, isVersion } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { CONTEXT_FORM, type PlusBody, readPlusBody } from './plus-body.js';
import { printPlusBody } from './print-plus-body.js';

/**
 * A course run: `course-v1:org+course+run`, with `+branch@…` and `+version@…` when it is pinned to one. Old texts
 * `org/course/run` have `deprecated: true`.
 *
 * A key made of a version alone (`course-v1:version@…`) has no org, course or run; an old text `org/course/` has
 * an empty `run`.
 */
export interface CourseLocator extends KeyValue {
  readonly kind: 'course';
  readonly org: string | undefined;
  readonly course: string | undefined;
  readonly run: string | undefined;
  readonly branch: string | undefined;
  /** The object id of a version, as 24 hexadecimal digits. */
  readonly version: string | undefined;
  /** True for the old form `org/course/run`. */
  readonly deprecated: boolean;
}

/** The parts of a course key. */
export interface CourseLocatorParts {
  readonly org: string;
  readonly course: string;
  readonly run: string;
  readonly branch?: string | undefined;
  readonly version?: string | undefined;
  /** Prints as `org/course/run`, which has no place for a branch or version. Default: false. */
  readonly deprecated?: boolean | undefined;
}

/** Builds a course key from its parts. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function courseLocator(parts: CourseLocatorParts): CourseLocator {
  const { org, course, run, branch, version } = parts;
  if (parts.deprecated === true) {
    const absent = () => false;
    checkParts('CourseLocator', [
      ['org', org, isOldCoursePart],
      ['course', course, isOldCoursePart],
      ['run', run, isOldCoursePart],
      ['branch', branch, absent, 'optional'],
      ['version', version, absent, 'optional'],
    ]);
    return built('CourseLocator', readDeprecatedCourseLocator(`${org}/${course}/${run}`));
  }
  checkParts('CourseLocator', [
    ['org', org, isId],
    ['course', course, isId],
    ['run', run, isId],
    ['branch', branch, isId, 'optional'],
    ['version', version, isVersion, 'optional'],
  ]);
  return built('CourseLocator', readCourseLocator(`course-v1:${printCourse(parts)}`, 'course-v1'));
}

/** The parts of a course that all its forms print, joined with `+`. */
export function printCourse(
  parts: Pick<CourseLocator, 'org' | 'course' | 'run'> & Pick<CourseLocatorParts, 'branch' | 'version'>,
): string {
  const { org, course, run, branch, version } = parts;
  return printPlusBody([org, course, run, ['branch', branch], ['version', version]]);
}

/** Parses `course-v1:…`, or `slashes:…` of the same form; returns `undefined` for any other text. */
export function readCourseLocator(text: string, prefix: string): CourseLocator | undefined {
  const body = readPlusBody(text, prefix.length + 1, CONTEXT_FORM);
  return body && isWholeCourse(body) ? courseOf(text, body) : undefined;
}

/** Parses `org/course/run`, whose run may be empty; returns `undefined` for any other text. */
export function readDeprecatedCourseLocator(text: string): CourseLocator | undefined {
  const parts = text.split('/', 4);
  const [org = '', course = '', run = ''] = parts;
  if (parts.length !== 3 || !isOldCoursePart(org) || !isOldCoursePart(course)) return undefined;
  if (run !== '' && !isOldCoursePart(run)) return undefined;
  return keyValue({
    kind: 'course',
    text,
    org,
    course,
    run,
    branch: undefined,
    version: undefined,
    deprecated: true,
  });
}

type CourseFacts = Omit<CourseLocator, 'kind' | keyof KeyValue>;

/** True when a course can be found by it: by org, course and run, or by a version. */
export function isWholeCourse(body: PlusBody): boolean {
  return body.run !== undefined || body.version !== undefined;
}

/** The value for an already checked `course-v1:` text. */
export function courseOf(text: string, parts: Omit<CourseFacts, 'deprecated'>): CourseLocator {
  const { org, course, run, branch, version } = parts;
  return keyValue({ kind: 'course', text, org, course, run, branch, version, deprecated: false });
}
