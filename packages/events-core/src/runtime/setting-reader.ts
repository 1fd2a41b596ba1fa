import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Issue } from '../errors/events-error.js';
import type { Environment } from './environment.js';

/**
 * Reads settings out of the texts of an environment and gathers what is wrong with them; the values themselves are never
 * shown. Every method gives undefined for what is not set, or empty, or wrong. For buses.
 */
export class SettingReader {
  readonly #subject: string;
  readonly #env: Environment;
  readonly #issues: Issue[] = [];

  /** @param subject whose settings these are, for the error */
  constructor(subject: string, env: Environment) {
    this.#subject = subject;
    this.#env = env;
  }

  /** Without blanks around it. */
  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  /** On or off: `true`, `1`, `yes`, `on`, or `false`, `0`, `no`, `off`, in upper or lower case. */
  flag(name: string): boolean | undefined {
    return this.#parse(name, 'true or false', (text) => flagTexts.get(text.toLowerCase()));
  }

  /** A whole number, 0 or more unless `least` is larger. */
  wholeNumber(name: string, { least = 0 } = {}): number | undefined {
    return this.#parse(name, `a whole number, ${least} or more`, (text) =>
      /^\d{1,15}$/.test(text) && Number(text) >= least ? Number(text) : undefined,
    );
  }

  /** Seconds, whole or not, as milliseconds. */
  milliseconds(name: string, { least = 0 } = {}): number | undefined {
    const expected = `a number of seconds, ${least} or more, such as 1.5`;
    return this.#parse(name, expected, (text) => {
      const seconds = /^\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      return seconds >= least ? Math.round(seconds * 1_000) : undefined;
    });
  }

  /** One of these texts, written in upper or lower case. */
  oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined {
    return this.#parse(name, `one of ${values.join(', ')}`, (text) =>
      values.find((value) => value.toLowerCase() === text.toLowerCase()),
    );
  }

  /** Adds what only the reader of the settings can know, such as that one is missing beside another. */
  wrong(name: string, message: string): void {
    this.#issues.push({ path: name, message });
  }

  /** @throws InvalidOptionsError with all that was wrong so far */
  end(): void {
    if (this.#issues.length > 0) throw new InvalidOptionsError(this.#subject, this.#issues);
  }

  #parse<T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.wrong(name, `must be ${expected}`);
    return value;
  }
}

const flagTexts: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((text) => [text, true] as const),
  ...['false', '0', 'no', 'off'].map((text) => [text, false] as const),
]);
