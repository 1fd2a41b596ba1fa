import { methodsOf } from './methods-of.js';

/** The parts of kafkajs' broker that this package uses: its connections, and requests that kafkajs encodes. */
export interface KafkajsBroker {
  /** `host:port` */
  readonly brokerAddress: string;
  readonly nodeId: number | null;
  /** The versions of each request that the broker offers, by API key; null until it is connected. */
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>> | null;
  readonly connectionPool: { send(exchange: KafkajsExchange): Promise<unknown> };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(request: {
    readonly groupId: string;
    /** 0 for a group. */
    readonly coordinatorType: number;
  }): Promise<unknown>;
  joinGroup(request: JoinGroupRequest): Promise<JoinedGroup>;
  syncGroup(request: SyncGroupRequest): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
  }): Promise<unknown>;
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  listGroups(): Promise<{
    readonly groups: readonly { readonly groupId: string; readonly protocolType: string }[];
  }>;
  describeGroups(request: { readonly groupIds: readonly string[] }): Promise<{
    readonly groups: readonly GroupDescription[];
  }>;
  describeConfigs(request: {
    readonly resources: readonly { readonly type: number; readonly name: string }[];
    readonly includeSynonyms: boolean;
  }): Promise<{
    readonly resources: readonly {
      readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[];
    }[];
  }>;
  /** Without numbers of partitions and replicas, brokers give those that are configured. */
  createTopics(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly numPartitions?: number;
      readonly configEntries: readonly { readonly name: string; readonly value: string }[];
    }[];
  }): Promise<unknown>;
  deleteRecords(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
    }[];
  }): Promise<unknown>;
}

/** A JoinGroup request, in the form of kafkajs. */
export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeout: number;
  readonly rebalanceTimeout: number;
  readonly memberId: string;
  readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
}

/** What the coordinator answers to a JoinGroup request; members are listed for the leader alone. */
export interface JoinedGroup {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

/** A SyncGroup request, in the form of kafkajs; the leader sends the assignments of all members. */
export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
}

/** What the coordinator reports of a group. */
export interface GroupDescription {
  readonly groupId: string;
  readonly state: string;
  /** The assignment protocol that its members agreed on; empty for none. */
  readonly protocol: string;
  readonly members: readonly {
    readonly clientId: string;
    readonly memberMetadata: Buffer;
    readonly memberAssignment: Buffer;
  }[];
}

/** A request that this package encodes, and how its response is read. */
export interface KafkajsExchange {
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

/**
 * Returns a broker once it is known to have the methods that are used here.
 *
 * @throws TypeError when the installed kafkajs lacks one of them
 */
export function checkedBroker(broker: KafkajsBroker): KafkajsBroker {
  methodsOf(broker.connectionPool, ['send']);
  return methodsOf(broker, [
    'connect',
    'disconnect',
    'findGroupCoordinator',
    'joinGroup',
    'syncGroup',
    'heartbeat',
    'leaveGroup',
    'listGroups',
    'describeGroups',
    'describeConfigs',
    'createTopics',
    'deleteRecords',
  ]);
}
