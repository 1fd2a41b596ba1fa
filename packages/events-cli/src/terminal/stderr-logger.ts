import type { Writable } from 'node:stream';
import type { Logger } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';
import { writeNote } from './write-note.js';

export interface StderrLoggerOptions {
  readonly stderr: Writable;
  readonly redact: (text: string) => string;
  /** The lowest level that is printed. */
  readonly level: 'info' | 'warn';
  /** Whether the command itself reports this error, so that the logger must not. */
  readonly isReported?: ((error: unknown, label: string) => boolean) | undefined;
}

/** A logger for a person at a terminal: one line an entry, with its reason. */
export function stderrLogger({ stderr, redact, level, isReported }: StderrLoggerOptions): Logger {
  const write = (label: string) => (facts: object, message: string) => {
    if (isReported?.((facts as { readonly err?: unknown }).err, label) === true) return;
    writeNote(stderr, redact(`${label}: ${message}${reasonIn(facts)}${detailsIn(facts)}`));
  };
  const nothing = () => {};
  return {
    debug: nothing,
    info: level === 'info' ? write('info') : nothing,
    warn: write('warning'),
    error: write('error'),
  };
}

function reasonIn(facts: object): string {
  const { err, reason } = facts as { readonly err?: unknown; readonly reason?: unknown };
  if (err !== undefined) return `: ${reasonOf(err)}`;
  return typeof reason === 'string' ? `: ${reason}` : '';
}

/** The fields that are text or numbers, with their names. */
function detailsIn(facts: object): string {
  const details = Object.entries(facts)
    .filter(([name, value]) => name !== 'reason' && (typeof value === 'string' || typeof value === 'number'))
    .map(([name, value]) => `${name} ${value}`);
  return details.length === 0 ? '' : ` (${details.join(', ')})`;
}
