import { built, checkParts } from './check-parts.js';
import {
  type CourseLocator,
  courseOf,
  isWholeCourse,
  printCourse,
  readDeprecatedCourseLocator,
} from './course-locator.js';
import { hasLoneSurrogate, isId, isLooseId } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { BLOCK_FORM, readPlusBody } from './plus-body.js';

/**
 * A block in a course run: `block-v1:org+course+run+type@…+block@…`, with the course's branch and version before
 * `type`. Old texts `i4x://org/course/type/id`, with `@revision` or not, have `deprecated: true`; they do not contain
 * the run, so it is empty in their `courseKey`.
 */
export interface BlockUsageLocator extends KeyValue {
  readonly kind: 'block-usage';
  readonly courseKey: CourseLocator;
  /** Only a `block-v1:` text without `+type@…` has no block type. */
  readonly blockType: string | undefined;
  readonly blockId: string;
  /** What follows `@` in the old form. */
  readonly revision: string | undefined;
  /** True for the old form `i4x://`. */
  readonly deprecated: boolean;
}

/** The parts of a block key. */
export interface BlockUsageLocatorParts {
  /** When it is of the old form, the block prints in the old form too, which leaves out the run. */
  readonly courseKey: CourseLocator;
  readonly blockType: string;
  readonly blockId: string;
  /** Only with a course key of the old form. */
  readonly revision?: string | undefined;
}

/** Builds the key of a block in a course. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function blockUsageLocator(parts: BlockUsageLocatorParts): BlockUsageLocator {
  const { courseKey, blockType, blockId, revision } = parts;
  const isOld = courseKey.deprecated;
  checkParts('BlockUsageLocator', [
    ['blockType', blockType, isOld ? isOldBlockType : isId],
    ['blockId', blockId, isOld ? isLooseId : isId],
    ['revision', revision, isOld ? isLooseId : () => false, 'optional'],
  ]);
  if (!isOld) {
    const text = `block-v1:${printCourse(courseKey)}+type@${blockType}+block@${blockId}`;
    return built('BlockUsageLocator', readBlockUsageLocator(text));
  }
  const id = revision === undefined ? blockId : `${blockId}@${revision}`;
  const text = `i4x://${courseKey.org}/${courseKey.course}/${blockType}/${id}`;
  return built('BlockUsageLocator', readDeprecatedBlockUsageLocator(text));
}

/** Parses `block-v1:…`; returns `undefined` for any other text. */
export function readBlockUsageLocator(text: string): BlockUsageLocator | undefined {
  const start = 'block-v1:'.length;
  const body = readPlusBody(text, start, BLOCK_FORM);
  if (body?.blockId === undefined || !isWholeCourse(body)) return undefined;
  const courseKey = courseOf(`course-v1:${text.slice(start, body.contextEnd)}`, body);
  return block(text, courseKey, body.blockType, body.blockId, undefined, false);
}

/** Parses `location:org+course+run+type+id`, a short-lived old form; returns `undefined` for any other text. */
export function readLocation(text: string): BlockUsageLocator | undefined {
  const parts = text.slice('location:'.length).split('+', 6);
  const [org, course, run, blockType, blockId] = parts;
  if (parts.length !== 5 || blockId === undefined || !parts.every(isId)) return undefined;
  const courseKey = courseOf(`course-v1:${org}+${course}+${run}`, { ...NO_PINS, org, course, run });
  return block(text, courseKey, blockType, blockId, undefined, false);
}

/** Parses `i4x://org/course/type/id` with `@revision` or not; returns `undefined` for any other text. */
export function readDeprecatedBlockUsageLocator(text: string): BlockUsageLocator | undefined {
  if (!text.startsWith('i4x://')) return undefined;
  const parts = text.slice('i4x://'.length).split('/', 5);
  const [org, course, blockType = '', name = ''] = parts;
  const [blockId = '', revision, ...more] = name.split('@', 3);
  if (parts.length !== 4 || more.length > 0) return undefined;
  if (!isOldBlockType(blockType) || !isLooseId(blockId)) return undefined;
  if (revision !== undefined && !isLooseId(revision)) return undefined;
  const courseKey = readDeprecatedCourseLocator(`${org}/${course}/`);
  return courseKey && block(text, courseKey, blockType, blockId, revision, true);
}

/** The old form does not check the block type. */
function isOldBlockType(part: string): boolean {
  return part !== '' && !part.includes('/') && !hasLoneSurrogate(part);
}

const NO_PINS = { branch: undefined, version: undefined } as const;

function block(
  text: string,
  courseKey: CourseLocator,
  blockType: string | undefined,
  blockId: string,
  revision: string | undefined,
  deprecated: boolean,
): BlockUsageLocator {
  return keyValue({ kind: 'block-usage', text, courseKey, blockType, blockId, revision, deprecated });
}
