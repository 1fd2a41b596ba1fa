import type { GroupFate } from '@openedx-ts/events-core/operate';
import { parseCommitMetadata } from '../group/commit-metadata.js';
import type { ClusterReader } from './cluster-reader.js';
import type { GroupCommits } from './group-commits.js';
import { readGroups, readsTopic } from './read-groups.js';

/** What a record's fate is worked out with. */
export interface GroupFatesOptions {
  readonly cluster: ClusterReader;
  readonly commits: GroupCommits;
}

/** What became of a record in each group that reads its topic, as far as commits show it. */
export async function groupFates(
  { cluster, commits }: GroupFatesOptions,
  fullTopic: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): Promise<readonly GroupFate[]> {
  const { groups } = await readGroups(cluster, await cluster.brokers(), undefined);
  const fates: GroupFate[] = [];
  for (const { groupId, committed } of groups.filter((group) => readsTopic(group, fullTopic))) {
    const next = committed.get(fullTopic)?.get(partition);
    const fate = { groupId, deliveries: null };
    if (next !== undefined && offset < next) fates.push({ ...fate, state: 'passed' });
    else {
      const commit = (await commits.committed(groupId, fullTopic, [partition])).get(partition);
      const text = commit && parseCommitMetadata(commit.metadata, commit.offset, Number.POSITIVE_INFINITY);
      const isHandled = commit?.offset === next && text?.handledAhead.has(offset) === true;
      fates.push({ ...fate, state: isHandled ? 'handled' : 'waiting' });
    }
  }
  return fates;
}
