import type { Kafka } from 'kafkajs';

/**
 * The parts of kafkajs that a member of a group needs: connections, security, metadata and the requests of the group
 * protocol. Its own consumer is not used (see docs/decisions); it hands its cluster to the partition assigners that it
 * is given, which is a documented way to reach it. Checked when it is taken, and by a test: kafkajs is pinned.
 */
export interface DriverCluster {
  connect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(node: { readonly nodeId: string }): Promise<DriverBroker>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<DriverBroker>;
  /** Any node that is there will do, since Kafka 3. */
  findControllerBroker(): Promise<DriverBroker>;
  findTopicPartitionMetadata(topic: string): readonly {
    readonly partitionId: number;
    readonly leader: number;
  }[];
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning?: boolean;
      readonly fromTimestamp?: number;
    }[],
  ): Promise<readonly DriverTopicOffsets[]>;
}

export interface DriverTopicOffsets {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

/** A node, with the requests of the group protocol. */
export interface DriverBroker {
  /** `host:port` */
  readonly brokerAddress: string;
  readonly nodeId: number | null;
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  readonly connectionPool: {
    send(exchange: DriverExchange): Promise<unknown>;
  };
  findGroupCoordinator(request: {
    readonly groupId: string;
    /** 0 for a group. */
    readonly coordinatorType: number;
  }): Promise<unknown>;
  joinGroup(request: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<DriverJoined>;
  syncGroup(request: {
    readonly groupId: string;
    readonly generationId: number;
    readonly memberId: string;
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: DriverMember): Promise<unknown>;
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  offsetCommit(
    request: DriverMember & {
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly DriverOffset[];
      }[];
    },
  ): Promise<unknown>;
  offsetFetch(request: {
    readonly groupId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
    }[];
  }): Promise<{
    readonly responses: readonly { readonly topic: string; readonly partitions: readonly DriverOffset[] }[];
  }>;
}

/** Where a group is on a partition, and what a commit says of it. */
export interface DriverOffset {
  readonly partition: number;
  readonly offset: string;
  readonly metadata?: string | null;
}

export interface DriverJoined {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

export interface DriverMember {
  readonly groupId: string;
  readonly groupGenerationId: number;
  readonly memberId: string;
}

/** A request of our own making, and how its answer is read. */
export interface DriverExchange {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (bytes: Buffer) => Promise<unknown>;
    readonly parse: (decoded: unknown) => Promise<unknown>;
  };
  readonly requestTimeout: number;
}

/** Takes the cluster of a client: connections of its own, nothing connected yet. */
export function driverCluster(kafka: Kafka): DriverCluster {
  let taken: unknown;
  kafka.consumer({
    groupId: 'none', // that consumer never runs
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        taken = cluster;
        return {
          name: '',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: '', metadata: Buffer.alloc(0) }),
        };
      },
    ],
  });
  return checked<DriverCluster>(taken, [
    'connect',
    'addMultipleTargetTopics',
    'refreshMetadata',
    'findBroker',
    'findGroupCoordinator',
    'findControllerBroker',
    'findTopicPartitionMetadata',
    'fetchTopicsOffset',
  ]);
}

/** Makes sure that a node can what is asked of it here. */
export function checkedBroker(broker: DriverBroker): DriverBroker {
  checked(broker.connectionPool, ['send']);
  return checked(broker, [
    'findGroupCoordinator',
    'joinGroup',
    'syncGroup',
    'heartbeat',
    'leaveGroup',
    'offsetCommit',
    'offsetFetch',
  ]);
}

function checked<T>(value: unknown, methods: readonly (keyof T & string)[]): T {
  const missing = methods.filter(
    (name) => typeof (value as Record<string, unknown> | undefined)?.[name] !== 'function',
  );
  if (missing.length === 0) return value as T;
  throw new TypeError(
    `this version of kafkajs has no ${missing.join(', ')}: install the one this package asks for`,
  );
}
