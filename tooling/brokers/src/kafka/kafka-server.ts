import type { ControllableServer } from '../server/controllable-server.js';

/** A running Kafka broker for a test: a single node that keeps its data over stop, kill and start. */
export interface KafkaServer extends ControllableServer {
  /** `host:port`, without encryption or login. */
  readonly bootstrapServers: string;
  /** Where the listener of the option `advertised` is: the proxy's target. Else the same as `host` and `port`. */
  readonly advertised: { readonly host: string; readonly port: number };
}
