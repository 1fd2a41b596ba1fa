import { type Environment, InvalidOptionsError, type Issue } from '@openedx-ts/events-core';

/** Reads settings out of texts and collects what is wrong with them; the values themselves are never shown. */
export class SettingReader {
  readonly #subject: string;
  readonly #env: Environment;
  readonly #issues: Issue[] = [];

  constructor(subject: string, env: Environment) {
    this.#subject = subject;
    this.#env = env;
  }

  /** A whole number, 0 or more; undefined when it is not set. */
  wholeNumber(name: string): number | undefined {
    return this.#parse(name, 'a whole number, 0 or more', (text) =>
      /^\d{1,15}$/.test(text) ? Number(text) : undefined,
    );
  }

  /** Seconds, whole or not, as milliseconds; undefined when it is not set. */
  milliseconds(name: string, { least = 0 } = {}): number | undefined {
    const expected = `a number of seconds, ${least} or more, such as 1.5`;
    return this.#parse(name, expected, (text) => {
      const seconds = /^\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      return seconds >= least ? Math.round(seconds * 1_000) : undefined;
    });
  }

  /** As the toggles of Open edX are written; undefined when it is not set. */
  toggle(name: string): boolean | undefined {
    return this.#parse(name, 'true, false, 1 or 0', (text) => toggleTexts.get(text.toLowerCase()));
  }

  /** @throws InvalidOptionsError with all that is wrong */
  end(): void {
    if (this.#issues.length > 0) throw new InvalidOptionsError(this.#subject, this.#issues);
  }

  #parse<T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.#env[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.#issues.push({ path: name, message: `must be ${expected}` });
    return value;
  }
}

const toggleTexts: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
