import { FailureLog } from '../runtime/failure-log.js';

/** Logs that sends to a topic fail, and that they do no more. */
export function sendFailureLog(topic: string): FailureLog {
  return new FailureLog({
    failing: 'the broker does not accept events; they are sent again until deliveryTimeoutMs is over',
    recovered: 'the broker accepts events again',
    facts: { topic },
  });
}
