import type { Environment } from '@openedx-ts/events-core';

/** A bus that the rig can bring up. */
export interface BusUnderTest {
  /** As in `EVENT_BUS`. */
  readonly name: string;
  /** Whether the events of a key are handled in order with several members, without being asked to. */
  readonly isAlwaysInOrder: boolean;
  /** Starts a broker that nobody else uses, set up to keep what it has accepted. */
  start(): Promise<BrokerUnderTest>;
}

/** A running broker of a bus, and what can be done to it. */
export interface BrokerUnderTest extends AsyncDisposable {
  /** What a process needs to use it. */
  readonly env: Environment;
  /** How long its clients wait for an answer before they give a connection up. */
  readonly clientsWaitMs: number;
  /** A consumer's options with which others take over what a dead member had, after about so long. */
  consumerOptions(options: TakeOver): Readonly<Record<string, unknown>>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again with what it has kept; resolves when it answers. */
  start(): Promise<void>;
  /** SIGSTOP. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  unfreeze(): Promise<void>;
  /** Deletes all that it holds. */
  flush(): Promise<void>;
  /** What the broker itself says of a topic and a group. */
  stock(topic: string, groupId: string): Promise<BrokerStock>;
}

/** How members of a group follow each other. */
export interface TakeOver {
  readonly takeOverMs: number;
  /** Whether the group keeps the order of a key, on a bus that does so only when asked to. */
  readonly inOrder?: boolean;
}

/** What a broker holds. */
export interface BrokerStock {
  /** Entries of the topic. */
  readonly stored: number;
  /** Delivered to the group, and not acknowledged. */
  readonly pending: number;
  /** Not delivered to the group yet. */
  readonly unread: number;
}
