import { escapeUnprintable } from './escape-unprintable.js';

/**
 * A log entry as one line of at most 2,000 characters, for a person: what happened and what helps, where, and why. Shows
 * facts that are text, numbers, booleans or lists of text; of errors the message, the code and the causes, no stack.
 * Control characters are escaped, since names and messages may come from elsewhere, and passwords in URLs are masked.
 */
export function entryLine(level: 'warn' | 'error', facts: object, message: string): string {
  const { err, reason, ...rest } = facts as { readonly err?: unknown; readonly reason?: unknown };
  const why = err === undefined ? shown(reason) : describeError(err);
  const where = Object.entries(rest).flatMap(([name, value]) => {
    const text = shown(value);
    return text === undefined ? [] : [`${name}=${/[\s=()"]/.test(text) ? JSON.stringify(text) : text}`];
  });
  const line = [
    `openedx-events ${level === 'warn' ? 'warning' : 'error'}: ${message}`,
    where.length === 0 ? '' : ` (${where.join(' ')})`,
    why === undefined ? '' : `: ${why}`,
  ].join('');
  return cut(escaped(line), MAX_LINE);
}

/** The message and code of an error and, after it, those of its causes that it does not repeat. */
function describeError(error: unknown): string {
  const texts: string[] = [];
  let cause: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && cause !== undefined && cause !== null; depth += 1) {
    const text = describeOne(cause);
    if (!texts.some((earlier) => earlier.includes(text))) texts.push(text);
    cause = cause instanceof Error ? (cause.cause ?? firstOf(cause)) : undefined;
  }
  return texts.join('; caused by: ');
}

function describeOne(error: unknown): string {
  if (!(error instanceof Error)) return `a value that is no Error was thrown (${typeof error})`;
  const { code } = error as { readonly code?: unknown };
  const text = cut(error.message || error.name, MAX_TEXT);
  return typeof code === 'string' && !text.includes(code) ? `${text} [${cut(code, MAX_TEXT)}]` : text;
}

function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : undefined;
}

function shown(value: unknown): string | undefined {
  if (typeof value === 'string') return cut(value, MAX_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isTextList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTextList ? cut(value.join(','), MAX_TEXT) : undefined;
}

function escaped(text: string): string {
  return escapeUnprintable(text.replace(passwordInUrl, '$1***@'));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

const passwordInUrl = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g;
const MAX_TEXT = 300;
const MAX_LINE = 2_000;
const MAX_CAUSES = 4;
