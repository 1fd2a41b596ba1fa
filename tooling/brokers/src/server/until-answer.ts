import { setTimeout as delay } from 'node:timers/promises';
import { BrokerFailedError } from '../ladder/broker-failed-error.js';
import type { ServerControl } from '../process/server-control.js';

/**
 * Waits until a server answers.
 * @param answers asks once; must not take long
 * @throws {BrokerFailedError} when the server ends, or has not answered after `patienceMs`
 */
export async function untilAnswer(
  broker: string,
  control: ServerControl,
  answers: () => Promise<boolean>,
  patienceMs: number,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await answers())) {
    if (!(await control.isRunning())) {
      throw new BrokerFailedError(broker, 'has ended instead of answering', await control.logTail());
    }
    if (performance.now() > deadline) {
      throw new BrokerFailedError(broker, `does not answer after ${patienceMs} ms`, await control.logTail());
    }
    await delay(10);
  }
}
