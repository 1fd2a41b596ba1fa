import type { Clock } from './clock.js';
import { entryLine } from './entry-line.js';
import { GrowingGaps } from './growing-gaps.js';
import type { Logger } from './logger.js';

const brand = Symbol.for('@openedx-ts/events-core/console-logger');

/**
 * The logger of a process that has configured none: warnings and errors go to `console.warn` and `console.error`, which
 * in Node is stderr, one line each; `info` and `debug` print nothing. An entry that repeats is printed at growing gaps
 * (after 1, 2, 4 ... and at most 60 minutes), with how often it came (`times`). An entry that names the position of one
 * event, such as a dead letter, is always printed. Never throws.
 */
export function consoleLogger({ clock }: { readonly clock: () => Clock }): Logger {
  const repetitions = new Map<string, GrowingGaps>();
  const print = (level: 'warn' | 'error') => (facts: object, message: string) => {
    try {
      if (isAlwaysPrinted(facts)) return console[level](entryLine(level, facts, message));
      const {
        isDue,
        total: times,
        since,
      } = countEntry(repetitions, identityOf(level, facts, message), clock());
      if (!isDue) return;
      console[level](entryLine(level, times === 1 ? facts : { ...facts, times, since }, message));
    } catch {
      // What cannot be printed must not fail an event.
    }
  };
  return Object.freeze({
    debug: nothing,
    info: nothing,
    warn: print('warn'),
    error: print('error'),
    [brand]: true,
  });
}

/** Whether a logger is the one of a process that has configured none; right across two installed copies. */
export function isConsoleLogger(logger: Logger): boolean {
  return brand in logger;
}

function countEntry(repetitions: Map<string, GrowingGaps>, identity: string, clock: Clock) {
  let gaps = repetitions.get(identity);
  if (gaps === undefined) {
    const oldest = repetitions.keys().next();
    if (repetitions.size >= MAX_IDENTITIES && !oldest.done) repetitions.delete(oldest.value);
    gaps = new GrowingGaps();
    repetitions.set(identity, gaps);
  }
  return gaps.count(clock);
}

/** Entries are repetitions of each other when they differ only in the event and in the text of the error. */
function identityOf(level: string, facts: object, message: string): string {
  const { err, ...rest } = facts as { readonly err?: unknown };
  const places = Object.entries(rest).filter(([name, value]) => isText(value) && !ofOneEvent.has(name)) as [
    string,
    string,
  ][];
  const { name = '', code = '' } = Object(err) as { readonly name?: unknown; readonly code?: unknown };
  const texts = [message, String(name), String(code), ...places.flat()];
  return JSON.stringify([level, ...texts.map((text) => text.slice(0, MAX_TEXT_LENGTH))]);
}

const ofOneEvent = new Set(['eventId', 'reason', 'since']);

/** An entry of `FailureLog` counts its repetitions itself; a position is needed to find its event again. */
function isAlwaysPrinted(facts: object): boolean {
  return 'failures' in facts || 'position' in facts;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function nothing(): void {}

const MAX_IDENTITIES = 1_000;
/** Of each text of an identity: texts come from other services, and are kept. */
const MAX_TEXT_LENGTH = 200;
