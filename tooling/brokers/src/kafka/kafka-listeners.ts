import type { TestCertificates } from '../certificates/test-certificates.js';
import type { KafkaOptions, SecureListener } from './kafka-options.js';

/** Ports of a broker, by what listens there. */
export type KafkaPorts = ReadonlyMap<'direct' | 'controller' | 'advertised' | SecureListener, number>;

const protocols = {
  direct: 'PLAINTEXT',
  controller: 'PLAINTEXT',
  advertised: 'PLAINTEXT',
  'sasl-plaintext': 'SASL_PLAINTEXT',
  tls: 'SSL',
  mtls: 'SSL',
  'sasl-tls': 'SASL_SSL',
} as const;

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];

/** What listens in a broker with these options. */
export function listenersOf({ advertised, listeners = [] }: KafkaOptions) {
  return ['direct', 'controller', ...(advertised ? ['advertised' as const] : []), ...listeners] as const;
}

/** The lines of server.properties about listeners. Clients are sent to 127.0.0.1, or to the address in `advertised`. */
export function listenerLines(
  options: KafkaOptions,
  { bind, ports }: { readonly bind: string; readonly ports: KafkaPorts },
  certificates: TestCertificates | undefined,
): string[] {
  const all = listenersOf(options);
  const advertisedBy = (listener: (typeof all)[number]) => {
    if (listener === 'controller') return [];
    const { host, port } = (listener === 'advertised' && options.advertised) || {
      host: '127.0.0.1',
      port: ports.get(listener),
    };
    return [`${nameOf(listener)}://${host}:${port}`];
  };
  const bound = all.map((listener) => {
    const host = listener === 'controller' ? '127.0.0.1' : bind;
    return `${nameOf(listener)}://${host}:${ports.get(listener)}`;
  });
  return [
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=DIRECT',
    `listeners=${bound.join(',')}`,
    `advertised.listeners=${all.flatMap(advertisedBy).join(',')}`,
    `listener.security.protocol.map=${all.map((one) => `${nameOf(one)}:${protocols[one]}`).join(',')}`,
    ...(options.listeners ?? []).flatMap((listener) => [
      ...(protocols[listener].startsWith('SASL') ? saslLines(listener, options.users ?? {}) : []),
      ...(certificates && protocols[listener].endsWith('SSL') ? tlsLines(listener, certificates) : []),
    ]),
  ];
}

function nameOf(listener: keyof typeof protocols): string {
  return listener.toUpperCase().replace('-', '_');
}

function prefixOf(listener: SecureListener): string {
  return `listener.name.${nameOf(listener).toLowerCase()}`;
}

function saslLines(listener: SecureListener, users: Readonly<Record<string, string>>): string[] {
  const prefix = prefixOf(listener);
  const module = 'org.apache.kafka.common.security';
  const logins = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`);
  const scram = `${module}.scram.ScramLoginModule required;`;
  const bearer = `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`;
  return [
    `${prefix}.sasl.enabled.mechanisms=${mechanisms.join(',')}`,
    `${prefix}.plain.sasl.jaas.config=${module}.plain.PlainLoginModule required${logins.join('')};`,
    `${prefix}.scram-sha-256.sasl.jaas.config=${scram}`,
    `${prefix}.scram-sha-512.sasl.jaas.config=${scram}`,
    `${prefix}.oauthbearer.sasl.jaas.config=${bearer}`,
  ];
}

function tlsLines(listener: SecureListener, certificates: TestCertificates): string[] {
  const prefix = prefixOf(listener);
  const inOneLine = ({ text }: { readonly text: string }) => text.trim().replaceAll('\n', '\\n');
  return [
    `${prefix}.ssl.client.auth=${listener === 'mtls' ? 'required' : 'none'}`,
    `${prefix}.ssl.keystore.type=PEM`,
    `${prefix}.ssl.keystore.key=${inOneLine(certificates.serverKey)}`,
    `${prefix}.ssl.keystore.certificate.chain=${inOneLine(certificates.serverCertificate)}`,
    `${prefix}.ssl.truststore.type=PEM`,
    `${prefix}.ssl.truststore.certificates=${inOneLine(certificates.ca)}`,
  ];
}
