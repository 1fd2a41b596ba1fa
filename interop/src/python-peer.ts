import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MetadataJson } from '@openedx-ts/events-core/bus';
import { parse, stringify } from './big-json.js';
import type { RecordObject } from './sample-records.js';

/** A line that a script of the peer wrote. */
export interface PeerLine {
  /** What its version of the packages has, by event type. */
  readonly definitions?: Readonly<Record<string, PythonDefinition>>;
  readonly case?: string;
  readonly metadata?: MetadataJson;
  readonly data?: RecordObject;
  readonly from_event_bus?: boolean;
  readonly error?: string;
}

/** An event of the Python package. */
export interface PythonDefinition {
  readonly is_listed_unserializable: boolean;
  /** The text of its schema, if it can be serialized. */
  readonly schema?: string;
  /** Why it cannot. */
  readonly problem?: string;
}

export interface PythonPeerOptions {
  readonly python: string;
  /** A file in `python/`. */
  readonly script: string;
  readonly args: readonly string[];
  /** Settings of the peer, by their names in Django. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A Python process that reads and writes JSON lines. It ends with its stdin, so at the latest with this process. */
export class PythonPeer implements AsyncDisposable {
  /** All that it has written. */
  readonly lines: PeerLine[] = [];
  readonly #child: ChildProcess;
  readonly #script: string;
  readonly #ended: Promise<void>;
  #stderr = '';
  #end: string | undefined;
  #changed = () => {};

  constructor({ python, script, args, settings }: PythonPeerOptions) {
    this.#script = script;
    this.#child = spawn(python, ['-X', 'utf8', '-B', join(scripts, script), ...args], {
      env: { ...process.env, ...settings },
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#finish(`did not start: ${error.message}`, resolve));
      this.#child.once('close', (code, name) => this.#finish(`ended with ${code ?? name}`, resolve));
    });
    this.#child.stdin?.on('error', () => {}); // what is written to a peer that has ended
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4_000);
    });
    if (this.#child.stdout === null) return;
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.lines.push(parse(line) as PeerLine);
      this.#changed();
    });
  }

  write(line: object): void {
    this.#child.stdin?.write(`${stringify(line)}\n`);
  }

  /** Resolves when so many lines (of some kind) are there; rejects when it ends before, or at the time. */
  async untilLines(
    count: number,
    abortSignal: AbortSignal,
    counted: (line: PeerLine) => boolean = () => true,
  ): Promise<void> {
    while (this.lines.filter(counted).length < count) {
      const problem = abortSignal.aborted ? 'took too long' : this.#end;
      if (problem !== undefined) {
        throw new Error(`${this.#script} ${problem} after ${this.lines.length} lines\n${this.#stderr}`);
      }
      await this.#change(abortSignal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }

  #change(abortSignal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => {
        abortSignal.removeEventListener('abort', this.#changed);
        resolve();
      };
      abortSignal.addEventListener('abort', this.#changed, { once: true });
    });
  }

  #finish(end: string, resolve: () => void): void {
    this.#end = end;
    this.#changed();
    resolve();
  }
}

const scripts = fileURLToPath(new URL('../python', import.meta.url));
