import { decodeAssignment, decodeSubscription, groupProtocolNames } from '../driver/consumer-protocol.js';
import type { GroupDescription } from '../driver/kafkajs-broker.js';
import type { BrokerFacts, ClusterReader } from './cluster-reader.js';
import { orReason } from './or-reason.js';

/** The groups of a cluster. */
export interface FoundGroups {
  /** Sorted by name. */
  readonly groups: readonly GroupFacts[];
  /** Why there may be more; empty when these are all. */
  readonly incomplete: readonly Error[];
}

/** What Kafka reports of a group. */
export interface GroupFacts {
  readonly groupId: string;
  /** `Stable`, `Empty`, `PreparingRebalance`, …; `Dead` for one with members of Kafka 4's consumer protocol. */
  readonly state: string;
  /** Whether its members use an assignment protocol that this package does not offer, so that it cannot join them. */
  readonly isForeign: boolean;
  readonly members: readonly GroupMemberFacts[];
  /** Where the group is, by full topic and partition; without those on which it has no position. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** What Kafka reports of a member. */
export interface GroupMemberFacts {
  /** As it names itself: of services here `EVENTS_SERVICE_NAME`. */
  readonly clientId: string;
  /** Full topics that it reads. */
  readonly topics: readonly string[];
}

/** Reads everything that Kafka knows of its groups, or of one. */
export async function readGroups(
  cluster: ClusterReader,
  brokers: readonly BrokerFacts[],
  groupId: string | undefined,
): Promise<FoundGroups> {
  const incomplete: Error[] = [];
  const names = new Set<string>();
  for (const broker of brokers) {
    const found = await cluster.groupsOf(broker);
    if ('reason' in found) incomplete.push(found.error);
    else for (const name of found) names.add(name);
  }
  const wanted = [...names].filter((name) => groupId === undefined || name === groupId).sort();
  const groups: GroupFacts[] = [];
  for (const name of wanted) {
    const found = await orReason(readGroup(cluster, name)); // its coordinator may be the one that is missing
    if (found === undefined) continue;
    if ('reason' in found) incomplete.push(found.error);
    else groups.push(found);
  }
  return { groups: groups.sort((a, b) => (a.groupId < b.groupId ? -1 : 1)), incomplete };
}

async function readGroup(cluster: ClusterReader, groupId: string): Promise<GroupFacts | undefined> {
  const description = await cluster.describeGroup(groupId);
  return description === undefined ? undefined : factsOf(description, await cluster.committed(groupId));
}

/** Whether a group has to do with a topic: it has a position there, or a member that reads it. */
export function readsTopic({ committed, members }: GroupFacts, fullTopic: string): boolean {
  return committed.has(fullTopic) || membersOn(members, fullTopic) > 0;
}

/** How many members read a topic. */
export function membersOn(members: readonly GroupMemberFacts[], fullTopic: string): number {
  return members.filter(({ topics }) => topics.includes(fullTopic)).length;
}

function factsOf(
  { groupId, state, protocol, members }: GroupDescription,
  committed: GroupFacts['committed'],
): GroupFacts {
  const names: readonly string[] = groupProtocolNames;
  return {
    groupId,
    state,
    isForeign: members.length > 0 && protocol !== '' && !names.includes(protocol),
    members: members.map(({ clientId, memberMetadata, memberAssignment }) => ({
      clientId,
      topics: topicsOf(memberMetadata, memberAssignment),
    })),
    committed,
  };
}

/** Members of other clients may write what nothing here can decode: their topics are not known then. */
function topicsOf(metadata: Buffer, assignment: Buffer): readonly string[] {
  return [...new Set([...decodeSubscription(metadata), ...(decodeAssignment(assignment)?.keys() ?? [])])];
}
