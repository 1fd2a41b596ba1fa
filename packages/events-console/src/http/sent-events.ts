import { runtime, unlessAborted } from '@openedx-ts/events-core/bus';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { errorAnswer } from './error-answer.js';

/**
 * Sends each thing as a server-sent event, the next one once the client has taken the one before. An error is sent as an
 * event `failure` and ends the stream. Each has the same id: a browser that connects again sends it, and is known by it.
 *
 * @param onEnd called once, when the stream has ended
 */
export function sentEvents(
  context: Context,
  things: AsyncIterable<object>,
  abortSignal: AbortSignal,
  onEnd: () => void,
): Response {
  context.header('x-accel-buffering', 'no'); // nginx keeps events back otherwise
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const signal = AbortSignal.any([ended.signal, abortSignal]);
    const beats = heartbeats(() => stream.write(': \n\n'), signal);
    const iterator = things[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await unlessAborted(signal, iterator.next());
        if (next === undefined || next.done === true) break;
        await stream.writeSSE({ data: JSON.stringify(next.value), id: 'sent' });
      }
    } catch (error) {
      if (!signal.aborted)
        await stream.writeSSE({ event: 'failure', data: JSON.stringify(errorAnswer(error).body) });
    } finally {
      onEnd();
      ended.abort();
      void iterator.return?.().catch(() => {}); // it may be waiting, and ends with the signal of the request
      await beats;
    }
  });
}

/** So that proxies keep the connection, and a client that has left is noticed. */
async function heartbeats(beat: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    await runtime().clock.sleep(BEAT_MS, signal);
    if (signal.aborted) return;
    await beat();
  }
}

const BEAT_MS = 15_000;
