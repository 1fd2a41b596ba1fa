import { InvalidOptionsError } from '../errors/configuration-errors.js';
import type { Issue } from '../errors/events-error.js';
import { nearestName } from '../errors/nearest-name.js';

/** How one option is checked and what it is when not given. */
export interface OptionRule<T> {
  /** What is wrong with a value, in words that follow the option's name; undefined when nothing is. */
  readonly problem: (value: unknown) => string | undefined;
  /** The value when it is not given; a rule without a default is a required option. */
  readonly defaultValue?: T;
}

/** The rules of all options of a thing. */
export type OptionRules<T> = { readonly [K in keyof T]-?: OptionRule<T[K]> };

/**
 * Checks options once, fills in defaults and freezes the result. Unknown keys are refused with the nearest known name.
 *
 * @throws InvalidOptionsError with every issue
 */
export function resolveOptions<T extends object>(
  subject: string,
  given: object,
  rules: OptionRules<T>,
): Readonly<T> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidOptionsError(subject, [{ path: '', message: 'must be an object' }]);
  }
  const issues: Issue[] = [];
  const values = given as Readonly<Record<string, unknown>>;
  const known = Object.keys(rules);
  for (const key of Object.keys(values)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    issues.push({
      path: key,
      message: `unknown option${nearest === undefined ? '' : `: did you mean ${nearest}?`}`,
    });
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries<OptionRule<unknown>>(
    rules as Record<string, OptionRule<unknown>>,
  )) {
    const value = values[key];
    if (value === undefined && 'defaultValue' in rule) {
      resolved[key] = rule.defaultValue;
      continue;
    }
    const problem = value === undefined ? 'is required' : rule.problem(value);
    if (problem !== undefined) issues.push({ path: key, message: problem });
    resolved[key] = value;
  }
  if (issues.length > 0) throw new InvalidOptionsError(subject, issues);
  return Object.freeze(resolved) as Readonly<T>;
}

/** A whole number of at least `least`; `Infinity` where that makes sense. */
export function count(
  least: number,
  defaultValue: number,
  options: { readonly allowInfinity?: boolean } = {},
): OptionRule<number> {
  return {
    defaultValue,
    problem: (value) =>
      (Number.isSafeInteger(value) && (value as number) >= least) ||
      (options.allowInfinity === true && value === Infinity)
        ? undefined
        : `must be a whole number, ${least} or more`,
  };
}

/** A duration in milliseconds, 0 or more; or more than 0 where none would make no sense. */
export function durationMs(
  defaultValue: number,
  options: { readonly moreThanZero?: boolean } = {},
): OptionRule<number> {
  const { moreThanZero = false } = options;
  return {
    defaultValue,
    problem: (value) => {
      if (typeof value === 'number' && (moreThanZero ? value > 0 : value >= 0)) return undefined;
      return `must be a number of milliseconds, ${moreThanZero ? 'more than 0' : '0 or more'}`;
    },
  };
}

/** Yes or no. */
export function flag(defaultValue: boolean): OptionRule<boolean> {
  return {
    defaultValue,
    problem: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  };
}

/** One of a few texts. */
export function oneOf<const T extends string>(values: readonly T[], defaultValue: T): OptionRule<T> {
  return {
    defaultValue,
    problem: (value) =>
      (values as readonly unknown[]).includes(value) ? undefined : `must be one of ${values.join(', ')}`,
  };
}

/** A text that is not empty. */
export function requiredText(): OptionRule<string> {
  return {
    problem: (value) =>
      typeof value === 'string' && value !== '' ? undefined : 'must be a text that is not empty',
  };
}

/** Something that was checked elsewhere, or by its type. */
export function anything<T>(defaultValue: T): OptionRule<T> {
  return { defaultValue, problem: () => undefined };
}
