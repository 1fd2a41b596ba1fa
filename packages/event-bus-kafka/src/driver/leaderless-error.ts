import { InfrastructureError } from '@openedx-ts/events-core';

/** A partition has no leader, so that nothing can be read of it. */
export class LeaderlessError extends InfrastructureError {
  constructor(fullTopic: string, partition: number) {
    super(
      `Topic ${fullTopic}: partition ${partition} has no leader (LEADER_NOT_AVAILABLE). Fetching from it is retried; start the brokers that hold it`,
    );
  }
}
