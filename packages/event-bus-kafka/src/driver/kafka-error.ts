import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import { type ProduceFault, reasonOf } from '@openedx-ts/events-core/bus';
import { CLEAR_TEXT } from './broker-sockets.js';
import { TokenError } from './token-error.js';

/** Kafka refused who we are or what we may do, or its certificate is not trusted. Trying again does not help. */
export class KafkaAccessError extends Error {
  readonly code = 'EVENT_BUS_KAFKA_ACCESS';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KafkaAccessError';
  }
}

/**
 * What kafkajs threw, as an error of ours. kafkajs calls a lost connection "non-retriable" once its own retries are
 * used up; here what counts is what went wrong first:
 * - `KafkaAccessError` for credentials, permissions and certificates;
 * - `ProduceFailedError` that cannot be retried for what the broker will refuse again, when `topic` is given;
 * - `InfrastructureError` for all other errors, those inside kafkajs included.
 *
 * @param doing what failed, for the message: `events for topic orders cannot be published`
 */
export function kafkaError(error: unknown, doing: string, topic?: string): Error {
  const root = rootOf(error);
  const { type, code, broker, name } = root;
  const options = { cause: error };
  const at = broker === undefined ? '' : ` at ${broker}`;
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') {
    const cure = 'check user, password or token, and the mechanism';
    return new KafkaAccessError(`${doing}: Kafka${at} refuses the credentials: ${cure}`, options);
  }
  if (type?.endsWith('_AUTHORIZATION_FAILED')) {
    const cure = 'have an ACL added for this user';
    return new KafkaAccessError(`${doing}: Kafka does not allow it (${type}): ${cure}`, options);
  }
  if (code === CLEAR_TEXT) {
    const cure = 'set tls (EVENT_BUS_KAFKA_TLS), or allowInsecure (EVENT_BUS_KAFKA_ALLOW_INSECURE)';
    const message = `${doing}: Kafka${at} is on another machine, and the credentials would be sent in clear text: ${cure}`;
    return new KafkaAccessError(message, options);
  }
  if (isAlert(code)) {
    const cure =
      'it may ask for a certificate of ours, which tls.cert and tls.key set (EVENT_BUS_KAFKA_TLS_CERT, EVENT_BUS_KAFKA_TLS_KEY), or for another version of TLS';
    return new KafkaAccessError(
      `${doing}: Kafka${at} refuses our TLS connection (${code}): ${cure}`,
      options,
    );
  }
  if (isCertificateCode(code)) {
    const cure = 'check tls.ca and tls.serverName';
    return new KafkaAccessError(
      `${doing}: the certificate of Kafka${at} is not trusted (${code}): ${cure}`,
      options,
    );
  }
  const fault = type === undefined ? undefined : finalTypes.get(type);
  if (topic !== undefined && type !== undefined && fault !== undefined) {
    const isTooLarge = tooLargeTypes.has(type);
    return new ProduceFailedError(topic, `Kafka: ${type}`, {
      retryable: false,
      isTooLarge,
      fault,
      ...options,
    });
  }
  const reason = [type ?? code ?? root.message, hintOf(type, code, root.message)].join('');
  return new InfrastructureError(`${doing}: Kafka${at}: ${reason}`, options);
}

/** The broker's word for what is wrong, such as `UNKNOWN_TOPIC_OR_PARTITION`; undefined when it named nothing. */
export function kafkaErrorType(error: unknown): string | undefined {
  return rootOf(error).type;
}

/** Whether Kafka does not let this user use one topic: the others may be used. */
export function isTopicRefusal(error: unknown): boolean {
  return kafkaErrorType(error) === 'TOPIC_AUTHORIZATION_FAILED';
}

/** Whether the broker was never connected to, so that it has executed nothing. */
export function isConnectError(error: unknown): boolean {
  const { code } = rootOf(error);
  return code !== undefined && (connectCodes.has(code) || isCertificateCode(code) || isAlert(code));
}

const connectCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]);

/** What of an error of kafkajs is of use. */
interface RootCause {
  readonly name: string;
  readonly message: string;
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly broker: string | undefined;
}

/** The innermost error with more in its text than that something failed. */
function rootOf(error: unknown): RootCause {
  let root: RootCause = {
    name: '',
    message: reasonOf(error),
    type: undefined,
    code: undefined,
    broker: undefined,
  };
  let at: unknown = error;
  for (let depth = 0; depth < 10 && at instanceof Error; depth += 1) {
    const { name, message, type, code, broker, cause } = at as Error & Partial<Record<string, unknown>>;
    root = {
      name: name.startsWith('KafkaJSN') ? root.name : name,
      message: message || root.message,
      type: textOr(type, root.type),
      code: textOr(code, root.code),
      broker: textOr(broker, root.broker),
    };
    if (cause === at || at instanceof TokenError) break;
    at = cause;
  }
  return root;
}

function textOr(value: unknown, other: string | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : other;
}

function hintOf(type: string | undefined, code: string | undefined, message: string): string {
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION')
    return ': the topic does not exist: create it, or let brokers do so';
  if (type === 'INVALID_TIMESTAMP')
    return ': the clock of this machine is further from the clock of the broker than the topic accepts (message.timestamp.after.max.ms, message.timestamp.before.max.ms): set the clock right';
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return ": is the address right (EVENT_BUS_KAFKA_BOOTSTRAP_SERVERS), and the broker up? An address that is not named there comes from the brokers' advertised.listeners";
  }
  if (code === 'EPROTO' || /wrong version number|SSL routines|before secure TLS connection/.test(message)) {
    return ': does this port of the broker speak TLS?';
  }
  if (message === 'Closed connection') return ': the broker went away, or this port asks for TLS or a login';
  return '';
}

/** What the broker answers again to the same events, and whether these events or its settings are the cause. */
const finalTypes: ReadonlyMap<string, ProduceFault> = new Map([
  ['INVALID_RECORD', 'event'],
  ['INVALID_REQUIRED_ACKS', 'bus'],
  ['INVALID_TOPIC_EXCEPTION', 'event'],
  ['MESSAGE_TOO_LARGE', 'event'],
  ['POLICY_VIOLATION', 'bus'],
  ['RECORD_LIST_TOO_LARGE', 'event'],
  ['UNSUPPORTED_COMPRESSION_TYPE', 'bus'],
  ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'bus'],
]);

const tooLargeTypes: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

const CERTIFICATE_CODE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|SELF_SIGNED_|UNABLE_TO_)/;

/** Codes of OpenSSL and Node for a certificate that is expired, unknown or somebody else's. */
function isCertificateCode(code: string | undefined): boolean {
  return code !== undefined && CERTIFICATE_CODE.test(code);
}

/** Whether a broker that speaks TLS has said what it does not accept, such as that we have no certificate. */
function isAlert(code: string | undefined): boolean {
  return code !== undefined && /^ERR_SSL_.*_ALERT_/.test(code);
}
