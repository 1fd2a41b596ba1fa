import { endOfJsonString } from './end-of-json-string.js';
import { InvalidJsonError } from './invalid-json-error.js';

/** Not looked up for each character: see `date-time-text.ts`. */
const { charCodeAt } = String.prototype;

/**
 * Checks how many values a JSON text holds and how deep they are nested, before anything is allocated for them: two
 * characters may become an object. Whether the text is JSON is decided by the parser.
 *
 * @throws InvalidJsonError
 */
export function checkJsonText(text: string): void {
  if (text.length <= 2 * MAX_JSON_VALUES && hasFewBrackets(text)) return; // most texts, at little cost
  let [values, depth, isOpened] = [1, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = charCodeAt.call(text, at);
    if (code <= SPACE) continue;
    const isClosing = code === CLOSE_LIST || code === CLOSE_OBJECT;
    if (isOpened && !isClosing) values += 1; // the first of a list or object; a comma comes before each other
    isOpened = code === OPEN_LIST || code === OPEN_OBJECT;
    if (code === QUOTE) at = endOfJsonString(text, at);
    else if (code === COMMA) values += 1;
    else if (isClosing) depth -= 1;
    else if (isOpened) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) refuse(`values are nested deeper than ${MAX_JSON_DEPTH} levels`);
    }
    if (values > MAX_JSON_VALUES) refuse(`there are more than ${MAX_JSON_VALUES} values`);
  }
}

/** Whether there are so few opening brackets that nothing is nested too deeply. */
function hasFewBrackets(text: string): boolean {
  let left = MAX_JSON_DEPTH;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  }
  return true;
}

function refuse(message: string): never {
  throw new InvalidJsonError({ path: '', message });
}

/** The limits of maps, as `events-avro` has them. */
const MAX_JSON_DEPTH = 64;
const MAX_JSON_VALUES = 100_000;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
