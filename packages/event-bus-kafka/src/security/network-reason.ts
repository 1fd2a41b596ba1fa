import { reasonOf } from '@openedx-ts/events-core/bus';

/** Returns why a request failed: the error of `fetch` states only that it did, its cause states why. */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const { code } = Object(cause) as { readonly code?: unknown };
  return typeof code === 'string' ? code : reasonOf(cause);
}
