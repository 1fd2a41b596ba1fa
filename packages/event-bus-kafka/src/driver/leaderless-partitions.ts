import { methodsOf } from './methods-of.js';

/** A partition that has no leader. */
export interface LeaderlessPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Makes a connection of kafkajs keep which partitions of a Metadata response have no leader. By itself kafkajs throws the
 * broker's error alone, for all topics that it asks about.
 *
 * @throws TypeError when the installed kafkajs lacks something
 */
export function keepLeaderlessPartitions(connection: MetadataConnection): void {
  const { send } = methodsOf(connection, ['send']);
  connection.send = (exchange) => {
    const { request, response } = exchange;
    return send.call(
      connection,
      request.apiKey === METADATA ? { ...exchange, response: noting(response) } : exchange,
    );
  };
}

/** The partitions without a leader because of which kafkajs threw an error; none where it did not report them. */
export function leaderlessPartitionsOf(error: unknown): readonly LeaderlessPartition[] {
  let at = error;
  for (let depth = 0; depth < 10 && at instanceof Error; depth += 1) {
    const found = noted.get(at);
    if (found !== undefined) return found;
    at = at.cause;
  }
  return [];
}

/** The parts of kafkajs' connection that ask for metadata. */
export interface MetadataConnection {
  send: (exchange: {
    readonly request: { readonly apiKey: number };
    readonly response: MetadataResponse;
  }) => Promise<unknown>;
}

interface MetadataResponse {
  readonly parse: (decoded: DecodedMetadata) => Promise<unknown>;
}

interface DecodedMetadata {
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly partitionMetadata: readonly {
      readonly partitionId: number;
      readonly partitionErrorCode: number;
    }[];
  }[];
}

const METADATA = 3;
const LEADER_NOT_AVAILABLE = 5;
const noted = new WeakMap<Error, readonly LeaderlessPartition[]>();

function noting(response: MetadataResponse): MetadataResponse {
  return {
    ...response,
    parse: async (decoded) => {
      try {
        return await response.parse(decoded);
      } catch (error) {
        const partitions = leaderlessOf(decoded);
        if (error instanceof Error && partitions.length > 0) noted.set(error, partitions);
        throw error;
      }
    },
  };
}

function leaderlessOf({ topicMetadata }: DecodedMetadata): readonly LeaderlessPartition[] {
  return topicMetadata.flatMap(({ topic, partitionMetadata }) =>
    partitionMetadata
      .filter(({ partitionErrorCode }) => partitionErrorCode === LEADER_NOT_AVAILABLE)
      .map(({ partitionId: partition }) => ({ topic, partition })),
  );
}
