import { okFinding, problemFinding, warningFinding } from '@openedx-ts/events-core/bus';
import type { Finding } from '@openedx-ts/events-core/operate';
import { durationText } from './duration-text.js';
import type { OrReason } from './or-reason.js';
import type { TopicFacts } from './read-topic.js';
import { retentionMsOf } from './topic-retention.js';

type Config = OrReason<ReadonlyMap<string, string>>;

/** Findings about the replicas and the configuration of a topic. */
export function configFindings(
  subject: string,
  topic: TopicFacts,
  config: Config,
  about: { readonly nodes: number; readonly maxMessageBytes: number; readonly hasZstd: boolean },
): readonly Finding[] {
  const placed = placeFindings(subject, topic, about.nodes);
  if ('reason' in config) {
    const cure = 'allow the user DescribeConfigs on the topic; nothing else needs it';
    return [...placed, warningFinding(subject, `what it keeps is unknown: ${config.reason}`, cure)];
  }
  return [
    ...placed,
    ...replicaFindings(subject, topic, config),
    retentionFinding(subject, config),
    ...sizeFindings(subject, config, about.maxMessageBytes),
    ...compressionFindings(subject, config, about.hasZstd),
  ];
}

function placeFindings(subject: string, { partitions }: TopicFacts, nodes: number): readonly Finding[] {
  const findings: Finding[] = [];
  const idsOf = (wanted: TopicFacts['partitions']) => wanted.map(({ partition }) => partition).join(', ');
  const leaderless = partitions.filter(({ leader }) => leader === -1);
  if (leaderless.length > 0) {
    const message = `no broker leads partition ${idsOf(leaderless)}: events can be neither sent to it nor read from it`;
    findings.push(problemFinding(subject, message, 'start the brokers that hold it'));
  }
  const behind = partitions.filter(
    ({ leader, inSyncReplicas, replicas }) => leader !== -1 && inSyncReplicas.length < replicas.length,
  );
  if (behind.length > 0) {
    const message = `replicas of partition ${idsOf(behind)} are out of sync or offline`;
    findings.push(warningFinding(subject, message, 'see whether all brokers run'));
  }
  if (nodes > 1 && partitions.some(({ replicas }) => replicas.length === 1)) {
    const message =
      'some of its partitions have one replica: they are unavailable while its broker is, and lost with its disk';
    findings.push(warningFinding(subject, message, 'give the topic a replication factor of 3'));
  }
  return findings;
}

/** Producers of this package wait for all replicas in sync; the topic's configuration decides how many there must be. */
function replicaFindings(
  subject: string,
  { partitions }: TopicFacts,
  config: ReadonlyMap<string, string>,
): readonly Finding[] {
  const least = Number(config.get('min.insync.replicas') ?? 1);
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (least > replicas) {
    const message = `min.insync.replicas is ${least} and there are ${replicas} replicas: Kafka accepts no event`;
    return [problemFinding(subject, message, 'lower min.insync.replicas, or add replicas')];
  }
  if (replicas < 2 || least > 1) return [];
  const message = 'min.insync.replicas is 1: an event may be accepted while only one broker has it';
  return [warningFinding(subject, message, 'set min.insync.replicas to 2')];
}

function retentionFinding(subject: string, config: ReadonlyMap<string, string>): Finding {
  const policy = config.get('cleanup.policy') ?? 'delete';
  if (policy.includes('compact')) {
    const message = `cleanup.policy is ${policy}: of the events of one key only the last is kept`;
    return warningFinding(subject, message, 'set cleanup.policy to delete');
  }
  const retentionMs = retentionMsOf(config);
  const bytes = Number(config.get('retention.bytes') ?? -1);
  const size = bytes < 0 ? '' : `, at most ${bytes} bytes of a partition`;
  if (retentionMs === undefined) return okFinding(subject, `how long it keeps events is unknown${size}`);
  if (retentionMs === Number.POSITIVE_INFINITY) return okFinding(subject, `it keeps events for ever${size}`);
  return okFinding(subject, `it keeps events for ${durationText(retentionMs)}${size}`);
}

function sizeFindings(
  subject: string,
  config: ReadonlyMap<string, string>,
  maxMessageBytes: number,
): readonly Finding[] {
  const accepted = Number(config.get('max.message.bytes') ?? Number.POSITIVE_INFINITY);
  if (accepted >= maxMessageBytes) return [];
  const message = `it takes messages up to ${accepted} bytes, and producers make them up to ${maxMessageBytes}`;
  return [warningFinding(subject, message, 'raise max.message.bytes, or lower maxMessageBytes')];
}

/** The setting of a topic is that of its brokers where it has none of its own. Senders may compress with zstd besides. */
function compressionFindings(
  subject: string,
  config: ReadonlyMap<string, string>,
  hasZstd: boolean,
): readonly Finding[] {
  if (hasZstd || config.get('compression.type') !== 'zstd') return [];
  const message =
    'brokers compress its events with zstd (compression.type), which cannot be read here: consumers wait in front of them';
  return [problemFinding(subject, message, 'use Node 22.15 or newer, or npm install @bokuweb/zstd-wasm')];
}
