import type { Environment } from '@openedx-ts/events-core';

/** Both services, accepting requests. */
export interface Services {
  readonly enrollmentUrl: string;
  readonly notificationUrl: string;
  /** Rejects with a `ServiceDied` when one of them ends by itself; settles in no other way. */
  readonly died: Promise<never>;
  /** Stops both, the sender first. */
  close(): Promise<void>;
}

/** The environment of both services of one demo: free ports, a topic prefix of its own, and their own routes. */
export function servicesEnvironment(env: Environment): Environment {
  return {
    ...env,
    HOST: '127.0.0.1',
    PORT: '0',
    EVENT_BUS_PRODUCER_CONFIG: undefined,
    EVENT_BUS_TOPIC_PREFIX: `demo-${process.pid}-${Date.now()}`,
  };
}
