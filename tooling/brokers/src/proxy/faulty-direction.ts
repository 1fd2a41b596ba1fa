import type { Socket } from 'node:net';

/** One direction of a connection. */
export interface FaultyDirection {
  /** To be called when what the options return has changed. */
  update(): void;
  /** Breaks `to` with RST, as late as the end of the stream would arrive. */
  breakOff(): void;
}

/** What happens to the bytes of a direction; asked each time. */
export interface FaultyDirectionOptions {
  readonly isHeld: () => boolean;
  readonly latencyMs: () => number;
  readonly bytesPerSecond: () => number;
  /** How much later than bytes the end of the stream arrives, or RST. */
  readonly endDelayMs: () => number;
  readonly reset: () => void;
}

/** Holding more than this back, we stop reading, and the sender feels it. */
const maxQueuedBytes = 1024 * 1024;

/** A slow line passes pieces at this many a second, not whole reads. */
const piecesPerSecond = 20;

/** Passes bytes and the end of the stream on, in order: as late and as slowly as the options say, and not while held. */
export function faultyDirection(from: Socket, to: Socket, options: FaultyDirectionOptions): FaultyDirection {
  const { isHeld, latencyMs, bytesPerSecond, endDelayMs, reset } = options;
  const queue: Arrived[] = [];
  let queuedBytes = 0;
  let blocked = false;
  /** When the last piece has passed a slow line. */
  let freeAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const dueAt = ({ what, cameAt }: Arrived) => {
    const arrivesAt = cameAt + latencyMs();
    if (typeof what === 'string') return Math.max(arrivesAt + endDelayMs(), freeAt);
    return Math.max(arrivesAt, freeAt) + (1_000 * what.length) / bytesPerSecond();
  };
  const pass = ({ what }: Arrived) => {
    if (what === 'end') to.end();
    else if (what === 'reset') reset();
    else if (!to.destroyed) blocked = !to.write(what); // nobody hears what comes after a late end
  };
  const pump = () => {
    clearTimeout(timer);
    for (let next = queue[0]; next !== undefined && !blocked && !isHeld(); next = queue[0]) {
      next = splitFirst(queue, bytesPerSecond() / piecesPerSecond);
      const due = dueAt(next);
      if (due > performance.now()) {
        if (due < Number.POSITIVE_INFINITY) timer = setTimeout(pump, due - performance.now());
        break;
      }
      queue.shift();
      if (bytesPerSecond() < Number.POSITIVE_INFINITY) freeAt = due;
      if (typeof next.what !== 'string') queuedBytes -= next.what.length;
      pass(next);
    }
    if (queuedBytes > maxQueuedBytes) from.pause();
    else from.resume();
  };
  const arrived = (what: Arrived['what']) => {
    queue.push({ what, cameAt: performance.now() });
    if (typeof what !== 'string') queuedBytes += what.length;
    pump();
  };

  from.on('data', arrived);
  from.on('end', () => arrived('end'));
  to.on('drain', () => {
    blocked = false;
    pump();
  });
  to.on('close', () => clearTimeout(timer));
  return { update: pump, breakOff: () => (endDelayMs() > 0 ? arrived('reset') : reset()) };
}

interface Arrived {
  readonly what: Buffer | 'end' | 'reset';
  readonly cameAt: number;
}

/** The first of a queue, cut to a size: the rest stays behind it. */
function splitFirst(queue: Arrived[], size: number): Arrived {
  const first = queue[0] as Arrived;
  const length = Math.max(1, Math.ceil(size));
  if (typeof first.what === 'string' || first.what.length <= length) return first;
  const { what, cameAt } = first;
  queue.splice(0, 1, { what: what.subarray(0, length), cameAt }, { what: what.subarray(length), cameAt });
  return queue[0] as Arrived;
}
