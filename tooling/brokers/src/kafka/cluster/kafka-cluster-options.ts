import type { KafkaEdition } from '../kafka-options.js';

/** How a cluster for a test is configured. */
export interface KafkaClusterOptions {
  /** Default `kafka-4`. */
  readonly edition?: KafkaEdition;
  /** Nodes, each of them broker and controller; their ids count from 1. Default 3. */
  readonly nodes?: number;
  /** Further lines of server.properties of each node; they come last. */
  readonly config?: readonly string[];
  /** Further options of Java; they come last. */
  readonly jvmOptions?: readonly string[];
}
