import { type SignalNames, signalNamesOf } from '../signals/require-modules.js';

/**
 * The names under which the catalogue exports its signals. Loads the whole catalogue; a subdomain that fails to load,
 * because another installed copy has already defined one of its events, is left out.
 */
export async function catalogNames(): Promise<SignalNames> {
  const loaded = await Promise.allSettled([
    import('@openedx-ts/events-catalog/analytics'),
    import('@openedx-ts/events-catalog/authz'),
    import('@openedx-ts/events-catalog/content'),
    import('@openedx-ts/events-catalog/content-authoring'),
    import('@openedx-ts/events-catalog/enterprise'),
    import('@openedx-ts/events-catalog/learning'),
  ]);
  return new Map(
    loaded.flatMap((subdomain) =>
      subdomain.status === 'fulfilled' ? [...signalNamesOf(subdomain.value)] : [],
    ),
  );
}
