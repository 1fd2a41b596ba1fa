import { type CCXLocator, ccxOf } from './ccx-locator.js';
import { built, checkParts } from './check-parts.js';
import { printCourse } from './course-locator.js';
import { isId } from './id-characters.js';
import { type KeyValue, keyValue } from './key-value.js';
import { CCX_FORM, readPlusBody } from './plus-body.js';

/** A block in a CCX: `ccx-block-v1:org+course+run+ccx@…+type@…+block@…`. */
export interface CCXBlockUsageLocator extends KeyValue {
  readonly kind: 'ccx-block-usage';
  readonly courseKey: CCXLocator;
  /** Only a text without `+type@…` has no block type. */
  readonly blockType: string | undefined;
  readonly blockId: string;
}

/** The parts of the key of a block of a custom course. */
export interface CCXBlockUsageLocatorParts {
  readonly courseKey: CCXLocator;
  readonly blockType: string;
  readonly blockId: string;
}

/** Builds the key of a block in a CCX. @throws {@link InvalidKeyError} when a part is missing or has invalid characters. */
export function ccxBlockUsageLocator(parts: CCXBlockUsageLocatorParts): CCXBlockUsageLocator {
  const { courseKey, blockType, blockId } = parts;
  checkParts('CCXBlockUsageLocator', [
    ['blockType', blockType, isId],
    ['blockId', blockId, isId],
  ]);
  const body = `${printCourse(courseKey)}+ccx@${courseKey.ccxId}+type@${blockType}+block@${blockId}`;
  return built('CCXBlockUsageLocator', readCCXBlockUsageLocator(`ccx-block-v1:${body}`));
}

/** Parses `ccx-block-v1:…`; returns `undefined` for any other text. */
export function readCCXBlockUsageLocator(text: string): CCXBlockUsageLocator | undefined {
  const start = 'ccx-block-v1:'.length;
  const body = readPlusBody(text, start, CCX_FORM);
  if (body?.blockId === undefined) return undefined;
  const courseKey = ccxOf(`ccx-v1:${text.slice(start, body.contextEnd)}`, body);
  const { blockType, blockId } = body;
  return courseKey && keyValue({ kind: 'ccx-block-usage', text, courseKey, blockType, blockId });
}
