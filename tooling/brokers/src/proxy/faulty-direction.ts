import type { Socket } from 'node:net';

/** One direction of a connection. */
export interface FaultyDirection {
  /** To be called when what `isHeld` or `latencyMs` return has changed. */
  update(): void;
}

/** Holding more than this back, we stop reading, and the sender feels it. */
const maxQueuedBytes = 1024 * 1024;

/** Passes bytes and the end of the stream on, in order: later by the latency, and not at all while held. */
export function faultyDirection(
  from: Socket,
  to: Socket,
  isHeld: () => boolean,
  latencyMs: () => number,
): FaultyDirection {
  /** `bytes` undefined is the end of the stream. */
  const queue: { readonly bytes: Buffer | undefined; readonly cameAt: number }[] = [];
  let queuedBytes = 0;
  let blocked = false;
  let timer: NodeJS.Timeout | undefined;

  const pump = () => {
    clearTimeout(timer);
    for (let next = queue[0]; next !== undefined && !blocked && !isHeld(); next = queue[0]) {
      const waitMs = next.cameAt + latencyMs() - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        break;
      }
      queue.shift();
      queuedBytes -= next.bytes?.length ?? 0;
      if (next.bytes === undefined) to.end();
      else blocked = !to.write(next.bytes);
    }
    if (queuedBytes > maxQueuedBytes) from.pause();
    else from.resume();
  };
  const arrived = (bytes: Buffer | undefined) => {
    queue.push({ bytes, cameAt: performance.now() });
    queuedBytes += bytes?.length ?? 0;
    pump();
  };

  from.on('data', arrived);
  from.on('end', () => arrived(undefined));
  to.on('drain', () => {
    blocked = false;
    pump();
  });
  to.on('close', () => clearTimeout(timer));
  return { update: pump };
}
