/** Calls `next` with a value: at once, or when the promise of it is fulfilled. Makes no promise for a plain value. */
export function andThen<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
