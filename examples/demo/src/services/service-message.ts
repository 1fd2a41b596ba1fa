import type { TalliedEvent } from '../tally.js';

/** The services of the demo. */
export type ServiceName = 'enrollment-service' | 'notification-service';

/** What a service that runs as a process of its own tells the demo. Any message to it means: stop. */
export type ServiceMessage =
  | { readonly is: 'started'; readonly url: string }
  | { readonly is: 'sent' | 'delivered'; readonly event: TalliedEvent };
