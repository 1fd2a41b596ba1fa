import { methodsOf } from './methods-of.js';

/** The part of kafkajs' connection that sends requests, or lets them wait while a broker throttles. */
export interface QueueingConnection {
  readonly requestQueue: {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: () => void;
  };
}

/**
 * Keeps a connection from looking after waiting requests while there are none. kafkajs then sets a timer with a negative
 * time, again and again: a thousand timers a second, and from Node 24 on a warning (kafkajs issue 1751).
 *
 * @throws TypeError when the installed kafkajs lacks a part that is used here
 */
export function stopIdleTimer({ requestQueue }: QueueingConnection): void {
  const queue = methodsOf<QueueingConnection['requestQueue']>(requestQueue, ['scheduleCheckPendingRequests']);
  const { scheduleCheckPendingRequests: schedule } = queue;
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule.call(queue);
  };
}
