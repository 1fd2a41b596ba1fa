import { runtime, type TextCleaner } from '@openedx-ts/events-core/bus';
import type { KafkaConfig, LogEntry, Mechanism, SASLOptions } from 'kafkajs';
import type { ResolvedKafkaClientOptions } from '../options/kafka-options.js';
import type { KafkaSaslOptions } from '../security/kafka-sasl-options.js';
import { tlsSettings } from '../security/tls-settings.js';
import type { BrokerSockets, SocketRequest } from './broker-sockets.js';
import { eachConnection } from './each-connection.js';
import { type QueueingConnection, stopIdleTimer } from './idle-timer.js';
import { Kafka, logLevel } from './kafkajs.js';
import { keepLoginFailures } from './login-failure.js';
import { oauthBearer } from './oauth-bearer.js';
import { renewSessionsInTime } from './session-renewal.js';

/**
 * Makes a client of kafkajs. Its own retries are few and short: how long to go on trying is decided by the producer
 * and the consumer, which see it in their health. It connects when a client that is made of it connects.
 *
 * @param sockets where its connections are kept, for `cut`
 * @param texts cleans the texts of brokers
 */
export function createKafka(
  options: ResolvedKafkaClientOptions,
  sockets: BrokerSockets,
  texts: TextCleaner,
): Kafka {
  const { bootstrapServers, clientId, tls, sasl, connectTimeoutMs, requestTimeoutMs } = options;
  const ssl = tlsSettings(tls);
  const config: KafkaConfig = {
    brokers: inAnyOrder(bootstrapServers),
    ...(clientId === undefined ? {} : { clientId }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: saslSettings(sasl, requestTimeoutMs, texts) }),
    connectionTimeout: connectTimeoutMs + 1_000, // the socket's own comes first, and cleans up
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: bootstrapServers.length, initialRetryTime: 50, maxRetryTime: 500 },
    socketFactory: (request) => sockets.open(request as SocketRequest),
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => log(entry, texts),
  };
  const kafka = new Kafka(config);
  keepLoginFailures(kafka);
  renewSessionsInTime(kafka);
  eachConnection<QueueingConnection>(kafka, stopIdleTimer);
  return kafka;
}

/** A client that starts again must not begin with the same dead broker each time. */
function inAnyOrder(servers: readonly string[]): string[] {
  const first = Math.floor(runtime().random() * servers.length);
  return [...servers.slice(first), ...servers.slice(0, first)];
}

/** kafkajs writes into what it is given. */
function saslSettings(
  sasl: KafkaSaslOptions,
  timeoutMs: number,
  texts: TextCleaner,
): SASLOptions | Mechanism {
  if (sasl.mechanism === 'oauthbearer') return oauthBearer({ token: sasl.token, timeoutMs, texts });
  const login: SASLOptions = { ...sasl };
  return login;
}

/** What kafkajs calls an error is often one that is tried again; its caller decides what is worth a warning. */
function log({ log: { message, timestamp: _timestamp, ...facts } }: LogEntry, texts: TextCleaner): void {
  const cleaned = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? texts.clean(value) : value,
  ]);
  runtime().logger.debug(Object.fromEntries(cleaned), `kafkajs: ${texts.clean(message)}`);
}
