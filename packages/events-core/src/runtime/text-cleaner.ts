import { escapeUnprintable } from './escape-unprintable.js';

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
    const forms = new Set([...this.#lasting, ...this.#changing].flatMap(formsOf));
    const longestFirst = [...forms].sort((a, b) => b.length - a.length);
    this.#longest = longestFirst[0]?.length ?? 0;
    this.#pattern =
      longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map(source).join('|'), 'giu');
  }
}

/** How a secret may be written in what a server sends back. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const wellFormed = bytes.toString('utf8');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const encoded = encodeURIComponent(wellFormed);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replaceAll('%20', '+'),
    encodeURI(wellFormed),
    ...(base64.length < MIN_BASE64 ? [] : [base64, bytes.toString('base64url'), encodeURIComponent(base64)]),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
}

/** A short secret is part of too many words: it is only replaced where it stands alone. */
function source(form: string): string {
  const exact = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return form.length < MIN_LENGTH ? `(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])` : exact;
}

const MAX_LENGTH = 500;
/** Longer texts are cut before they are searched. */
const MAX_INPUT = 20_000;
const MAX_CHANGING = 8;
const MAX_CAUSES = 10;
const MIN_LENGTH = 4;
const MIN_BASE64 = 6;
