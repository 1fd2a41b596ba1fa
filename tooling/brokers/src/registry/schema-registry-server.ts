import type { ControllableServer } from '../server/controllable-server.js';

/** A running schema registry for a test. It keeps its schemas and their ids over stop, kill and start. */
export interface SchemaRegistryServer extends ControllableServer {
  /** Base of the Confluent API, without a slash at the end: `${url}/subjects` lists the subjects. */
  readonly url: string;
}
