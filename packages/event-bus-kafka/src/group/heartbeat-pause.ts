import { runtime } from '@openedx-ts/events-core/bus';
import type { Bell } from './bell.js';

export interface HeartbeatPauseOptions {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  /** Ends the pause. */
  readonly wakeUp: Bell;
  /** Ends the pause. */
  readonly stopSignal: AbortSignal;
}

/** Waits until the next heartbeat is due; shorter when there is something to be done. Logs when it is late. */
export async function heartbeatPause(
  durationMs: number,
  { groupId, sessionTimeoutMs, wakeUp, stopSignal }: HeartbeatPauseOptions,
): Promise<void> {
  const { clock, logger } = runtime();
  const over = new AbortController();
  const end = () => over.abort();
  if (stopSignal.aborted) end();
  stopSignal.addEventListener('abort', end, { once: true });
  const { rings } = wakeUp;
  const since = clock.monotonic();
  await Promise.race([clock.sleep(durationMs, over.signal), wakeUp.wait(rings, over.signal)]);
  stopSignal.removeEventListener('abort', end);
  over.abort();
  const late = clock.monotonic() - since - durationMs;
  if (late <= sessionTimeoutMs / 3) return;
  logger.warn(
    { groupId, lateMs: Math.round(late) },
    'Heartbeats were late: a receiver blocks the event loop. Move its work to a worker thread or make it asynchronous.',
  );
}
