import type { Kafka } from 'kafkajs';
import { eachConnection } from './each-connection.js';
import { methodsOf } from './methods-of.js';

/**
 * Makes a login reject with what ended it. kafkajs reports everything that does as refused credentials, without a cause:
 * also a broker that goes away, or does not answer in time, in the middle of a login.
 *
 * @throws TypeError when the installed kafkajs lacks a part that is used here
 */
export function keepLoginFailures(kafka: Kafka): void {
  eachConnection<LoginConnection>(kafka, (connection) => {
    if (connection.sasl) keepLoginFailure(connection);
  });
}

function keepLoginFailure(connection: LoginConnection): void {
  const { send, authenticate } = methodsOf(connection, ['send', 'authenticate']);
  let failure: unknown;
  connection.send = (exchange) => {
    const sent = send.call(connection, exchange);
    if (exchange.request.apiKey !== SASL_AUTHENTICATE) return sent;
    return sent.catch((error: unknown) => {
      failure = isAnswer(error) ? undefined : error;
      throw error;
    });
  };
  connection.authenticate = async () => {
    failure = undefined;
    try {
      return await authenticate.call(connection);
    } catch (error) {
      throw failure ?? error;
    }
  };
}

/** Whether the broker answered with an error, and not the line. */
function isAnswer(error: unknown): boolean {
  return typeof (error as { readonly type?: unknown } | undefined)?.type === 'string';
}

/** The parts of kafkajs' connection that log in. */
interface LoginConnection {
  /** Undefined where there is no login. */
  readonly sasl?: unknown;
  send: (exchange: { readonly request: { readonly apiKey: number } }) => Promise<unknown>;
  authenticate: () => Promise<unknown>;
}

const SASL_AUTHENTICATE = 36;
