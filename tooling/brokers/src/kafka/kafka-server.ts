import type { ControllableServer } from '../server/controllable-server.js';
import type { SecureListener } from './kafka-options.js';

/** Where a listener is. */
export interface KafkaAddress {
  readonly host: string;
  readonly port: number;
  /** `host:port` */
  readonly bootstrapServers: string;
}

/** A running Kafka broker for a test: a single node that keeps its data over stop, kill and start. */
export interface KafkaServer extends ControllableServer {
  /** `host:port`, without encryption or login. */
  readonly bootstrapServers: string;
  /** Where the listener of the option `advertised` is: the proxy's target. Else the same as `host` and `port`. */
  readonly advertised: KafkaAddress;
  /**
   * Where a listener is that the option `listeners` has asked for.
   * @throws {Error} when it has not
   */
  address(listener: SecureListener): KafkaAddress;
}
