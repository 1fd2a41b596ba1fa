import type { RegistryHttp } from '../registry/registry-http.js';
import type { ClusterReader } from './cluster-reader.js';

/** What the parts of an operator's view share. */
export interface KafkaView {
  readonly cluster: ClusterReader;
  readonly registry: RegistryHttp;
  readonly topicPrefix: string | undefined;
  readonly security: ViewSecurity;
  /** Largest message that our producers make. */
  readonly maxMessageBytes: number;
}

/** How the connections are secured. */
export interface ViewSecurity {
  readonly isEncrypted: boolean;
  /** How we log in; undefined for nobody. */
  readonly mechanism: string | undefined;
  /** Whether every broker that is named is this machine. */
  readonly isLocal: boolean;
}
