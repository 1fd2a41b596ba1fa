import { RegistryProtocolError } from '../errors/signal-errors.js';

/** Raised when what the copies share changes in a way that an older copy would misread. */
const PROTOCOL = 2;
const key = Symbol.for('@openedx-ts/events-core/shared-state');

interface SharedState {
  readonly protocol: number;
  readonly parts: Record<string, object>;
}

/**
 * Returns a named part of the state that exists once in a process, however many copies of the package are installed: a
 * registry that existed twice would lose every event sent through the other one.
 *
 * @param create - makes the part when no copy has made it yet
 * @throws RegistryProtocolError when another copy with another protocol came first
 */
export function sharedState<T extends object>(part: string, create: () => T): T {
  const holder = globalThis as { [key]?: SharedState };
  holder[key] ??= { protocol: PROTOCOL, parts: {} };
  const { protocol, parts } = holder[key];
  if (protocol !== PROTOCOL) throw new RegistryProtocolError(protocol, PROTOCOL);
  // The name of a part stands for its type: each part is created in one place.
  parts[part] ??= create();
  return parts[part] as T;
}
