const brand = Symbol.for('@openedx-ts/events-core/receiver-name');

/**
 * Gives a receiver the name under which it is connected. `connect` refuses another name for it, and a second receiver of
 * that name in one signal. For wrappers whose name identifies what they store about the receiver; the name must not come
 * from a function or class, because a minifier changes these.
 */
export function nameReceiver<R extends (event: never) => unknown>(receiver: R, name: string): R {
  return Object.defineProperty(receiver, brand, { value: name });
}

/** Returns the name that `nameReceiver` gave. */
export function givenNameOf(receiver: object): string | undefined {
  return (receiver as { readonly [brand]?: string })[brand];
}
