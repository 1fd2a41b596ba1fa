/** How a broker for a test is configured. */
export interface KafkaOptions {
  /** Default `kafka-4`. */
  readonly edition?: KafkaEdition;
  /** Partitions of a topic that is created without a number; default 4. */
  readonly numPartitions?: number;
  /** Whether a topic comes into being when it is first used; default true. */
  readonly autoCreateTopics?: boolean;
  /**
   * Opens a second listener, `server.advertised`, that sends clients to this address: that of a proxy. All their
   * connections then go through the proxy, while `bootstrapServers` remains the direct way.
   */
  readonly advertised?: { readonly host: string; readonly port: number };
  /** Further listeners, each on a port of its own (`server.address`). The direct one remains, and asks for nothing. */
  readonly listeners?: readonly SecureListener[];
  /** Passwords by name, for SASL PLAIN and SCRAM. OAUTHBEARER takes any unsecured token. */
  readonly users?: Readonly<Record<string, string>>;
  /** Further lines of server.properties; they come last. */
  readonly config?: readonly string[];
  /** Further options of Java; they come last. A benchmark wants `-XX:TieredStopAtLevel=4`. */
  readonly jvmOptions?: readonly string[];
  /** True for a broker that this test alone uses and controls, even when `TEST_KAFKA_BOOTSTRAP_SERVERS` names one. */
  readonly own?: boolean;
}

/** Kafka 4.1, and 3.9 as the last that speaks the oldest protocol versions. */
export type KafkaEdition = 'kafka-4' | 'kafka-3.9';

/**
 * A listener that asks for something: a login (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER), TLS, TLS with a client's
 * certificate, or TLS and a login. Certificates are those of `testCertificates`.
 */
export type SecureListener = 'sasl-plaintext' | 'tls' | 'mtls' | 'sasl-tls';

/** Whether only a broker that nobody else configures will do. */
export function wantsOwnKafka({ own, ...configuration }: KafkaOptions): boolean {
  return own === true || Object.keys(configuration).length > 0;
}

/** Whether a listener needs certificates. */
export function wantsCertificates({ listeners = [] }: KafkaOptions): boolean {
  return listeners.some((listener) => listener !== 'sasl-plaintext');
}
