import type { OutgoingEvent, Producer, Route } from '@openedx-ts/events-core';
import { reasonOf, runtime } from '@openedx-ts/events-core/bus';
import { busUnreachable } from '../bus/bus-unreachable.js';
import { atLine } from '../records/at-line.js';
import { CommandError } from '../terminal/command-error.js';
import { orAborted } from '../terminal/or-aborted.js';
import { readLines } from '../terminal/read-lines.js';
import type { Input } from './input.js';
import { outgoingEvent } from './outgoing-event.js';
import type { SendWindow } from './send-window.js';

export interface SendLinesOptions {
  readonly bus: string;
  readonly producer: Producer;
  readonly route: Route;
  readonly input: Input;
  readonly window: SendWindow;
  /** How long the broker may take to accept or refuse the first line, in milliseconds. */
  readonly waitMs: number;
  readonly abortSignal: AbortSignal;
}

/**
 * Sends lines until the input ends, a line is refused or the command is interrupted, and then waits for the lines in
 * flight. When it settles, no line is in flight and the producer is closed.
 *
 * @throws CommandError with the number of the line that was refused, or when the broker cannot be reached
 */
export async function sendLines(options: SendLinesOptions): Promise<void> {
  const { bus, producer, window, waitMs, abortSignal } = options;
  const unreachable = new AbortController();
  const answered = new AbortController();
  void window.firstAnswer.then(() => answered.abort());
  const abortIfUnreachable = async () => {
    await runtime().clock.sleep(waitMs, answered.signal);
    if (!answered.signal.aborted) unreachable.abort(busUnreachable(bus, waitMs, producer.health().reasons));
  };
  const stopWaiting = AbortSignal.any([abortSignal, unreachable.signal]);
  const failure = await failureOf(() =>
    readAndSend(options, AbortSignal.any([stopWaiting, window.failed]), () => void abortIfUnreachable()),
  );
  await failureOf(() => orAborted(window.settled(), stopWaiting));
  await producer.close();
  await window.settled();
  answered.abort();
  abortSignal.throwIfAborted();
  unreachable.signal.throwIfAborted();
  const { refused } = window;
  if (refused !== undefined)
    throw new CommandError('CLI_INPUT', `line ${refused.number}: ${reasonOf(refused.error)}`, {
      cause: refused.error,
    });
  if (failure !== undefined) throw failure.error;
}

async function readAndSend(
  { producer, route, input, window }: SendLinesOptions,
  stop: AbortSignal,
  onFirst: () => void,
): Promise<void> {
  const { signal, topic, eventKeyField } = route;
  let isFirst = true;
  for await (const { number, text } of readLines(input.stream, stop)) {
    const sending = atLine(number, () => {
      const event = { signal, topic, eventKeyField, ...outgoingEvent(signal, text) };
      return producer.offer(event as OutgoingEvent);
    });
    const room = window.add(number, text.length, sending);
    if (isFirst) onFirst();
    isFirst = false;
    if (room !== undefined) await orAborted(room, stop);
  }
}

async function failureOf(run: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error };
  }
}
