import { closeSync, openSync, writeSync } from 'node:fs';
import type { JournalLine } from './journal-line.js';

/** What a process claims, line by line. */
export interface Journal extends Disposable {
  /** Returns when the lines are with the operating system: a SIGKILL of this process cannot take them back. */
  write(...lines: readonly JournalLine[]): void;
}

/** Begins a journal in a file that is not there yet. */
export function openJournal(file: string): Journal {
  const descriptor = openSync(file, 'ax');
  return {
    write: (...lines) => {
      writeSync(descriptor, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}
