import type { Writable } from 'node:stream';
import { writeNote } from './write-note.js';

/** Writes how many events `--field` could not look at: they may be of the same person. */
export function noteUnreadable(count: number, command: string, stderr: Writable): void {
  if (count === 0) return;
  const events = count === 1 ? '1 event was' : `${count.toLocaleString('en-US')} events were`;
  writeNote(
    stderr,
    `${events} kept, because --field cannot look into what cannot be decoded: see ${command} --payload, load your own ` +
      'events with --require, or select them by --position',
  );
}
