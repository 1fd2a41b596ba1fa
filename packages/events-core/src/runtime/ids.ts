import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.js';

/**
 * Makes UUIDs of version 7 (RFC 9562): the time in milliseconds, then random bits. They sort by time, and reveal nothing
 * of the machine, unlike the version 1 of the Python services.
 */
export function uuidV7Source(clock: Pick<Clock, 'now'>, randomV4: () => string = randomUUID): () => string {
  let lastMs = Number.NaN;
  let prefix = '';
  return () => {
    const ms = Math.max(0, Math.floor(clock.now()));
    if (ms !== lastMs) {
      const time = ms.toString(16).padStart(12, '0');
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
      lastMs = ms;
    }
    // A version 4 has its random bits and its variant where a version 7 has them: only the front differs.
    return prefix + randomV4().slice(15);
  };
}
