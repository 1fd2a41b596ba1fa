import type { Writable } from 'node:stream';
import { escapeUnprintable } from '@openedx-ts/events-core/bus';

/** Writes a note for the person at the terminal to stderr, as one line; names from a broker cannot steer the terminal. */
export function writeNote(stderr: Writable, text: string): void {
  stderr.write(`${escapeUnprintable(text)}\n`);
}
