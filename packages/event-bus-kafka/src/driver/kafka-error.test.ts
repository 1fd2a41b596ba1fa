import { InfrastructureError, ProduceFailedError } from '@openedx-ts/events-core';
import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSSASLAuthenticationError,
} from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { KafkaAccessError, kafkaError, kafkaErrorType } from './kafka-error.js';
import { TokenError } from './token-error.js';

const protocolError = (type: string, retriable: boolean) =>
  new KafkaJSProtocolError(Object.assign(new Error(`the broker says ${type}`), { type, code: 1, retriable }));
/** As kafkajs does once its own tries are used up. */
const wrapped = (error: Error) => {
  const inner = new KafkaJSNumberOfRetriesExceeded(error as never, { retryCount: 0, retryTime: 1 });
  return Object.assign(new KafkaJSNonRetriableError(inner), { cause: inner });
};

describe('kafkaError', () => {
  it('treats a refused connection as a broker that is unreachable, though kafkajs calls it non-retriable', () => {
    const cause = new KafkaJSConnectionError('Connection error: connect', {
      broker: 'b:9092',
      code: 'ECONNREFUSED',
    });
    const error = kafkaError(wrapped(cause), 'events cannot be published', 't');
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toMatch(
      /^events cannot be published: Kafka at b:9092: ECONNREFUSED: is the address right/,
    );
  });

  it('gives the reason of a token provider, and does not blame the address of Kafka', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const token = new TokenError('sasl.token failed: the endpoint is down', { cause: refused });
    expect(kafkaError(wrapped(token), 'events cannot be published').message).toBe(
      'events cannot be published: Kafka: sasl.token failed: the endpoint is down',
    );
  });

  it.each([
    'NOT_LEADER_FOR_PARTITION',
    'REQUEST_TIMED_OUT',
    'NOT_ENOUGH_REPLICAS',
    'UNKNOWN_TOPIC_OR_PARTITION',
  ])('takes %s for something that passes', (type) => {
    const error = kafkaError(wrapped(protocolError(type, true)), 'x', 't');
    expect(error).toMatchObject({ code: 'EVENTS_INFRASTRUCTURE', retryable: true });
    expect(error.message).toContain(type);
  });

  it('reports what to do about a topic that does not exist', () => {
    const error = kafkaError(protocolError('UNKNOWN_TOPIC_OR_PARTITION', true), 'x', 't');
    expect(error.message).toContain('the topic does not exist: create it, or let brokers do so');
  });

  it.each([
    ['Closed connection', 'this port asks for TLS or a login'],
    [
      'Connection error: Client network socket disconnected before secure TLS connection was established',
      'does this port of the broker speak TLS?',
    ],
  ])('says what a port may want: %s', (message, hint) => {
    const error = kafkaError(wrapped(new KafkaJSConnectionError(message, { code: 'ECONNRESET' })), 'x');
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toContain(hint);
  });

  it('does not try an event again that the broker holds for too large', () => {
    const error = kafkaError(protocolError('MESSAGE_TOO_LARGE', false), 'x', 'orders');
    expect(error).toBeInstanceOf(ProduceFailedError);
    expect(error).toMatchObject({ topic: 'orders', retryable: false });
  });

  it.each([
    ['MESSAGE_TOO_LARGE', 'event'],
    ['RECORD_LIST_TOO_LARGE', 'event'],
    ['INVALID_RECORD', 'event'],
    ['INVALID_TOPIC_EXCEPTION', 'event'],
    ['INVALID_REQUIRED_ACKS', 'bus'],
    ['POLICY_VIOLATION', 'bus'],
    ['UNSUPPORTED_COMPRESSION_TYPE', 'bus'],
    ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'bus'],
  ])('does not try %s again, and blames the %s', (type, fault) => {
    const error = kafkaError(wrapped(protocolError(type, false)), 'x', 'orders');
    expect(error).toMatchObject({ code: 'EVENTS_PRODUCE_FAILED', retryable: false, fault });
  });

  it.each([
    Reflect.construct(KafkaJSSASLAuthenticationError, ['SASL PLAIN authentication failed']) as Error,
    protocolError('TOPIC_AUTHORIZATION_FAILED', false),
    new KafkaJSConnectionError('self-signed certificate', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    new KafkaJSConnectionError('unsuitable certificate purpose', { code: 'INVALID_PURPOSE' }),
    new KafkaJSConnectionError('invalid CA certificate', { code: 'INVALID_CA' }),
    new KafkaJSConnectionError('CRL has expired', { code: 'CRL_HAS_EXPIRED' }),
  ])('does not try again what is refused: %s', (cause) => {
    const error = kafkaError(wrapped(cause), 'x', 't');
    expect(error).toBeInstanceOf(KafkaAccessError);
    expect(error).not.toHaveProperty('retryable');
  });

  it.each([
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', // OpenSSL 3.2 and newer
  ])('does not blame the certificate of a broker that asks for ours: %s', (code) => {
    const error = kafkaError(wrapped(new KafkaJSConnectionError('SSL alert', { code })), 'x', 't');
    expect(error).toBeInstanceOf(KafkaAccessError);
    expect(error.message).toMatch(/refuses our TLS connection \(ERR_SSL_.*tls\.cert and tls\.key/);
  });

  it('treats errors inside kafkajs as errors that pass with a new connection', () => {
    expect(kafkaError(new TypeError('undefined is not an object'), 'x')).toBeInstanceOf(InfrastructureError);
    expect(kafkaError('a text', 'x')).toBeInstanceOf(InfrastructureError);
  });
});

describe('kafkaErrorType', () => {
  it('is the word of the broker under all wrappings', () => {
    expect(kafkaErrorType(wrapped(protocolError('UNKNOWN_TOPIC_OR_PARTITION', true)))).toBe(
      'UNKNOWN_TOPIC_OR_PARTITION',
    );
    expect(kafkaErrorType(new Error('no'))).toBeUndefined();
  });
});
