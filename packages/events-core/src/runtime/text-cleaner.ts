import { escapeUnprintable } from './escape-unprintable.js';
import { formsOfText } from './forms-of-text.js';
import { patternOfTexts } from './pattern-of-texts.js';

/**
 * Makes texts that other systems sent fit for errors, logs and health: our secrets that they repeat are replaced with
 * `***`, unprintable characters are escaped, and long texts are cut. Keep one for each connection or client.
 */
export class TextCleaner {
  readonly #lasting: readonly string[];
  #changing: readonly string[] = [];
  #pattern: RegExp | undefined;
  #longest = 0;

  /** @param secrets passwords, tokens, and `user:password` where that is sent; empty ones are ignored */
  constructor(secrets: readonly (string | undefined)[] = []) {
    this.#lasting = secrets.filter((secret) => secret !== undefined).filter((secret) => secret !== '');
    this.#compile();
  }

  /** Adds a secret that replaces an earlier one, such as a token; the last 8 are known. */
  addSecret(secret: string): void {
    if (secret === '' || this.#changing.includes(secret)) return;
    this.#changing = [...this.#changing, secret].slice(-MAX_CHANGING);
    this.#compile();
  }

  /** Cleans a text and cuts it to `maxLength` characters. @param maxLength @defaultValue 500 */
  clean(text: string, maxLength = MAX_LENGTH): string {
    const head = text.slice(0, MAX_INPUT);
    const safe = this.#withoutSecrets(head);
    // What is left of a secret that was cut in two must not stay.
    const whole = head.length < text.length ? safe.slice(0, -this.#longest || undefined) : safe;
    const shown = escapeUnprintable(whole.slice(0, maxLength + 1));
    return shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown;
  }

  /** Cleans the texts of an error and of its causes in place, because loggers print all of them. Returns the error. */
  cleanError<E>(error: E): E {
    let at: unknown = error;
    for (let depth = 0; depth < MAX_CAUSES && at instanceof Error; depth += 1) {
      this.#cleanFields(at);
      at = at.cause;
    }
    return error;
  }

  #cleanFields(error: Error): void {
    for (const name of Object.getOwnPropertyNames(error)) {
      const { value, writable } = Object.getOwnPropertyDescriptor(error, name) ?? {};
      if (typeof value !== 'string' || writable !== true) continue;
      const isStack = name === 'stack';
      const cleaned = isStack ? this.#cleanLines(value) : this.clean(value);
      if (cleaned !== value) (error as unknown as Record<string, unknown>)[name] = cleaned;
    }
  }

  #cleanLines(stack: string): string {
    const lines = this.#withoutSecrets(stack.slice(0, MAX_INPUT)).split('\n');
    return lines.map((line) => this.clean(line)).join('\n');
  }

  #withoutSecrets(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, '***');
  }

  #compile(): void {
    const forms = [...new Set([...this.#lasting, ...this.#changing].flatMap(formsOfText))];
    this.#longest = forms.reduce((longest, { length }) => Math.max(longest, length), 0);
    this.#pattern = patternOfTexts(forms, MAX_WORD_LENGTH);
  }
}

const MAX_LENGTH = 500;
/** Longer texts are cut before they are searched. */
const MAX_INPUT = 20_000;
const MAX_CHANGING = 8;
const MAX_CAUSES = 10;
/** A short secret is part of too many words: up to this length it is only replaced where it stands alone. */
const MAX_WORD_LENGTH = 3;
