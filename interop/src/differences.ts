import { stringify } from './big-json.js';

/** What is not the same in two JSON values, a line each: `user.name: "" → null`. Empty when they are equal. */
export function differences(sent: unknown, received: unknown, path = ''): readonly string[] {
  if (isObject(sent) && isObject(received) && Array.isArray(sent) === Array.isArray(received)) {
    const names = new Set([...Object.keys(sent), ...Object.keys(received)]);
    return [...names].flatMap((name) =>
      differences(sent[name], received[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return Object.is(sent, received) ? [] : [`${path}: ${textOf(sent)} → ${textOf(received)}`];
}

/** Lists, too: the names of their items are numbers. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : stringify(value);
}
