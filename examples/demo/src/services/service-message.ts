import type { TalliedEvent } from '../tally.js';

/** The services of the demo. */
export type ServiceName = 'enrollment-service' | 'notification-service';

/** A message from a service process to the demo. Any message to the service means: stop. */
export type ServiceMessage =
  | { readonly is: 'started'; readonly url: string }
  | { readonly is: 'sent' | 'dropped' | 'delivered'; readonly event: TalliedEvent };
