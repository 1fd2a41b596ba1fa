import type { Writable } from 'node:stream';
import type { Logger } from '@openedx-ts/events-core';
import { reasonOf } from '@openedx-ts/events-core/bus';

export interface StderrLoggerOptions {
  readonly stderr: Writable;
  readonly redact: (text: string) => string;
  /** The least level that is shown. */
  readonly level: 'info' | 'warn';
  /** Whether the command itself tells of that failure. */
  readonly isTold?: (error: unknown) => boolean;
}

/** A logger for a person at a terminal: one line each, the reason behind it. */
export function stderrLogger({ stderr, redact, level, isTold }: StderrLoggerOptions): Logger {
  const write = (label: string) => (facts: object, message: string) => {
    if (isTold?.((facts as { readonly err?: unknown }).err) === true) return;
    stderr.write(redact(`${label}: ${message}${reasonIn(facts)}${detailsIn(facts)}`).replace(control, ' '));
    stderr.write('\n');
  };
  const nothing = () => {};
  return {
    debug: nothing,
    info: level === 'info' ? write('info') : nothing,
    warn: write('warning'),
    error: write('error'),
  };
}

const control = /\p{Cc}+/gu;

function reasonIn(facts: object): string {
  const { err, reason } = facts as { readonly err?: unknown; readonly reason?: unknown };
  if (err !== undefined) return `: ${reasonOf(err)}`;
  return typeof reason === 'string' ? `: ${reason}` : '';
}

/** The facts that are texts and numbers, as they are called. */
function detailsIn(facts: object): string {
  const details = Object.entries(facts)
    .filter(([name, value]) => name !== 'reason' && (typeof value === 'string' || typeof value === 'number'))
    .map(([name, value]) => `${name} ${value}`);
  return details.length === 0 ? '' : ` (${details.join(', ')})`;
}
