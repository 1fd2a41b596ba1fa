/** The path of the first difference between two JSON-like values, which may contain `bigint`; undefined when they are equal. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (!isObject(expected) || !isObject(actual) || Array.isArray(expected) !== Array.isArray(actual))
    return path;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const inner = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(expected, name) || !Object.hasOwn(actual, name)) return inner;
    const difference = firstDifference(expected[name], actual[name], inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
