/**
 * Returns a part of kafkajs once it is known to have the methods that are used here.
 *
 * @throws TypeError when the installed kafkajs lacks one of them
 */
export function methodsOf<T>(value: unknown, names: readonly (keyof T & string)[]): T {
  const missing = names.filter(
    (name) => typeof (value as Record<string, unknown> | undefined)?.[name] !== 'function',
  );
  if (missing.length === 0) return value as T;
  throw new TypeError(
    `This version of kafkajs has no ${missing.join(', ')}. Install the version that this package asks for.`,
  );
}
