import { built, checkParts } from './check-parts.js';
import { type CourseLocator, isWholeCourse, printCourse } from './course-locator.js';
import { exactParser } from './exact-parser.js';
import { isCcxId } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { CCX_FORM, type PlusBody, readPlusBody } from './plus-body.js';

/** A custom course (CCX): a course run, and the number of the CCX taught on it: `ccx-v1:org+course+run+ccx@1`. */
export interface CCXLocator extends KeyValue {
  readonly kind: 'ccx';
  readonly org: string | undefined;
  readonly course: string | undefined;
  readonly run: string | undefined;
  readonly branch: string | undefined;
  /** The object id of a version, as 24 hexadecimal digits. */
  readonly version: string | undefined;
  /** The digits as written: `007` is not `7`. */
  readonly ccxId: string;
}

/** The parts of the key of a custom course. */
export interface CCXLocatorParts {
  /** The course the CCX is taught on; not one of the old form `org/course/run`. */
  readonly courseKey: CourseLocator;
  readonly ccxId: string;
}

/** Builds the key of a CCX on a course. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function ccxLocator({ courseKey, ccxId }: CCXLocatorParts): CCXLocator {
  const isNotOld = () => !courseKey.deprecated;
  checkParts('CCXLocator', [
    ['courseKey', courseKey?.text, isNotOld],
    ['ccxId', ccxId, isCcxId],
  ]);
  return built('CCXLocator', readCCXLocator(`ccx-v1:${printCourse(courseKey)}+ccx@${ccxId}`));
}

/** Parses the key of a CCX. @throws {@link InvalidKeyError} for any other text. */
export const parseCCXLocator: (text: string) => CCXLocator = exactParser(
  'CCXLocator',
  'ccx-v1',
  readCCXLocator,
);

/** Parses `ccx-v1:…`; returns `undefined` for any other text. */
export function readCCXLocator(text: string): CCXLocator | undefined {
  const body = readPlusBody(text, 'ccx-v1:'.length, CCX_FORM);
  return body && ccxOf(text, body);
}

/** The value for a `ccx-v1:` text that was read, or `undefined` when it does not name a whole CCX. */
export function ccxOf(text: string, body: PlusBody): CCXLocator | undefined {
  const { org, course, run, branch, version, ccxId } = body;
  if (ccxId === undefined || !isWholeCourse(body)) return undefined;
  // The Python library reads a version here in any letter case, and prints it in lower case.
  return keyValue({ kind: 'ccx', text, org, course, run, branch, version: version?.toLowerCase(), ccxId });
}
