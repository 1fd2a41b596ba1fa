import { setTimeout as sleep } from 'node:timers/promises';

/** A service could not use its event bus in time. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/**
 * Resolves when a service's `/readyz` returns 200, or the signal is aborted.
 *
 * @throws NotReady after `patienceMs`, with the reasons of the service
 */
export async function waitUntilReady(
  url: string,
  { patienceMs, abortSignal }: { readonly patienceMs: number; readonly abortSignal: AbortSignal },
): Promise<void> {
  const startedAt = performance.now();
  while (!abortSignal.aborted) {
    const response = await fetch(`${url}/readyz`);
    const { reasons } = (await response.json()) as { readonly reasons: readonly string[] };
    if (response.status === 200) return;
    if (performance.now() - startedAt > patienceMs) {
      throw new NotReady(
        `the event bus cannot be used: ${reasons.join('; ')}: is the broker running, and are its settings right?`,
      );
    }
    await sleep(50, undefined, { signal: abortSignal }).catch(() => {});
  }
}
