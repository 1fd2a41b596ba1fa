import type { Environment, Issue } from '@openedx-ts/events-core';

/** Reads settings out of texts and gathers what is wrong with them; the values themselves are never shown. */
export class SettingReader {
  readonly issues: Issue[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  wrong(path: string, message: string): void {
    this.issues.push({ path, message });
  }

  /** Undefined when it is not set, or empty. */
  text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (['true', '1', 'yes', 'on'].includes(text)) return true;
    if (['false', '0', 'no', 'off'].includes(text)) return false;
    this.wrong(name, 'must be true or false');
    return undefined;
  }

  /** Seconds, whole or not, as milliseconds. */
  milliseconds(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,6}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
    this.wrong(name, 'must be a number of seconds, such as 1.5');
    return undefined;
  }

  /** A whole number, 0 or more. */
  wholeNumber(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    this.wrong(name, 'must be a whole number, 0 or more');
    return undefined;
  }

  oneOf<const T extends string>(name: string, values: readonly T[]): Lowercase<T> | undefined {
    const text = this.text(name)?.toUpperCase();
    const value = values.find((candidate) => candidate === text);
    if (text !== undefined && value === undefined) this.wrong(name, `must be one of ${values.join(', ')}`);
    return value?.toLowerCase() as Lowercase<T> | undefined;
  }
}
