import type { Writable } from 'node:stream';
import { InfrastructureError } from '@openedx-ts/events-core';
import { runtime } from '@openedx-ts/events-core/bus';
import { outputError } from '../terminal/output-error.js';

/** The line of an event was not written, so the event must not be acknowledged; it stays on the broker. */
export class NotWritten extends InfrastructureError {}

export interface EventWriterOptions {
  readonly stdout: Writable;
  /** Maximum number of events to write; undefined for no limit. */
  readonly count: number | undefined;
  /** Only count the events, write nothing. */
  readonly quiet: boolean;
  /** Ends the writing; a line that is being written has half a second left. */
  readonly abortSignal: AbortSignal;
  /** Called once, when `count` events are written or the stream fails. */
  readonly onEnd: () => void;
}

/** Writes a line for each event and resolves once it is written, so that only written events are acknowledged. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #started = 0;
  #written = 0;
  readonly #inFlight = new Set<(error: Error) => void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    options.stdout.on('error', (error) => this.#fail(error));
    options.abortSignal.addEventListener('abort', () => void this.#rejectInFlight(), { once: true });
  }

  get written(): number {
    return this.#written;
  }

  /** The first failure of the stream or of formatting a line. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /**
   * Writes a line and resolves when it is written.
   *
   * @throws NotWritten when it was not
   */
  async write(line: () => string): Promise<void> {
    const { count = Infinity, quiet, abortSignal, onEnd } = this.#options;
    if (this.#failure !== undefined || abortSignal.aborted || this.#started >= count)
      throw new NotWritten('no further events are written');
    this.#started += 1;
    try {
      if (!quiet) await this.#writeText(`${line()}\n`);
    } catch (error) {
      if (!(error instanceof NotWritten)) this.#fail(error);
      throw error instanceof NotWritten ? error : new NotWritten('a line was not written', { cause: error });
    }
    this.#written += 1;
    if (this.#written === count) onEnd();
  }

  #writeText(text: string): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#inFlight.add(reject);
      this.#options.stdout.write(text, (error) => {
        this.#inFlight.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** A reader that does not read must not keep the command from ending. */
  async #rejectInFlight(): Promise<void> {
    await runtime().clock.sleep(GRACE_MS);
    for (const reject of this.#inFlight) reject(new NotWritten('the reader of stdout does not read'));
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error: outputError(error) };
    this.#options.onEnd();
  }
}

/** How long a line that is being written may still take once the command is aborted. */
const GRACE_MS = 500;
