import type { Logger } from '@openedx-ts/events-core';

/** Keeps warnings and errors back until they are wanted: the first 1,000 of them. */
export class KeptLog {
  readonly #target: Logger;
  #entries: { readonly level: 'warn' | 'error'; readonly facts: object; readonly message: string }[] = [];

  /** @param target where `print` writes */
  constructor(target: Logger) {
    this.#target = target;
  }

  /** Keeps what is logged here. */
  readonly logger: Logger = {
    debug: () => {},
    info: () => {},
    warn: (facts, message) => this.#keep('warn', facts, message),
    error: (facts, message) => this.#keep('error', facts, message),
  };

  /** Writes what was kept, each entry once. */
  print(): void {
    for (const { level, facts, message } of this.#entries.splice(0)) this.#target[level](facts, message);
  }

  #keep(level: 'warn' | 'error', facts: object, message: string): void {
    if (this.#entries.length < MAX_ENTRIES) this.#entries.push({ level, facts, message });
  }
}

const MAX_ENTRIES = 1_000;
