import { type SignalNames, signalNamesOf } from '../signals/require-modules.js';

/**
 * Under which names the catalogue exports its signals. Loads all of it; a subdomain of which another installed copy
 * has defined an event before has no names.
 */
export async function catalogNames(): Promise<SignalNames> {
  const loaded = await Promise.allSettled([
    import('@openedx-ts/events-catalog/analytics'),
    import('@openedx-ts/events-catalog/authz'),
    import('@openedx-ts/events-catalog/content-authoring'),
    import('@openedx-ts/events-catalog/enterprise'),
    import('@openedx-ts/events-catalog/learning'),
  ]);
  return new Map(
    loaded.flatMap((door) => (door.status === 'fulfilled' ? [...signalNamesOf(door.value)] : [])),
  );
}
