import type { CauseLine } from '../../src/answers/dead-letters-answer.js';
import { quoted } from '../format.js';

/** The conditions that select the dead letters of a cause, and none of another. */
export function causeQuery({ code, eventType }: CauseLine): Readonly<Record<string, string>> {
  return {
    ...(code === null ? { uncoded: 'true' } : { code }),
    ...(eventType === null ? { untyped: 'true' } : { eventType }),
  };
}

/** The same as options of the command. */
export function causeOptions({ code, eventType }: CauseLine): string {
  const ofCode = code === null ? '--uncoded' : `--code ${quoted(code)}`;
  const ofType = eventType === null ? '--untyped' : `--type ${quoted(eventType)}`;
  return ` ${ofCode} ${ofType}`;
}
