import type { RecordJson } from '@openedx-ts/events-avro';
import { parse } from 'lossless-json';
import { ConsoleError } from '../errors/console-error.js';

/**
 * Parses JSON with exact integers: those beyond ±(2^53 - 1) become `bigint`.
 *
 * @throws ConsoleError that holds no part of the text
 */
export function parseJson(text: string): RecordJson {
  try {
    return parse(text, null, { parseNumber }) as RecordJson;
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where = position === undefined ? '' : ` (at character ${position})`;
    throw new ConsoleError(400, 'CONSOLE_BODY', `the data are no valid JSON${where}`);
  }
}

function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
