import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { JournalLine } from './journal-line.js';

/** Reads a journal while its process still writes it. */
export class JournalReader implements Disposable {
  readonly #file: string;
  readonly #buffer = Buffer.allocUnsafe(1 << 18);
  #descriptor: number | undefined;
  /** A line that is not whole yet; of a process that was killed while it wrote, it never will be. */
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  /** The lines since the last call; none while there is no file. */
  read(): readonly JournalLine[] {
    if (this.#descriptor === undefined) {
      if (!existsSync(this.#file)) return [];
      this.#descriptor = openSync(this.#file, 'r');
    }
    let text = this.#rest;
    for (;;) {
      const length = readSync(this.#descriptor, this.#buffer);
      if (length === 0) break;
      text += this.#buffer.toString('latin1', 0, length);
    }
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => JSON.parse(line) as JournalLine);
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
