import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, read, send } from '../kafka-client.test-support.js';
import type { KafkaCluster } from './kafka-cluster.js';
import { kafkaClusterOrReason } from './kafka-cluster-or-reason.js';

const kafka = await kafkaClusterOrReason();

describe.skipIf(kafka.reason)(kafka.titled('startKafkaCluster'), () => {
  let cluster: KafkaCluster;

  beforeAll(async () => {
    cluster = await kafka.start();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('puts the replicas of a topic on the nodes that a test names', async () => {
    await cluster.createTopic({
      topic: 'placed',
      replicas: [
        [1, 2],
        [2, 3],
        [3, 1],
      ],
    });
    expect(await cluster.partitions('placed')).toMatchObject([
      { leader: 1, replicas: [1, 2], inSync: [1, 2] },
      { leader: 2, replicas: [2, 3] },
      { leader: 3, replicas: [3, 1] },
    ]);
    const client = clientOf(cluster);
    await send(client, 'placed', 'one', 'two');
    expect(await read(client, 'placed', 2)).toEqual(['one', 'two']);
  });

  it('moves leaders, reassigns and adds partitions', async () => {
    await cluster.createTopic({ topic: 'moved', replicas: [[1, 2]] });
    await cluster.moveLeader('moved', 0, 2);
    expect(await cluster.partitions('moved')).toMatchObject([{ leader: 2, replicas: [2, 1] }]);
    await cluster.reassign('moved', 0, [3, 1]);
    expect(await cluster.partitions('moved')).toMatchObject([{ leader: 3, replicas: [3, 1] }]);
    await cluster.addPartitions('moved', [
      [2, 1],
      [1, 2],
    ]);
    expect(await cluster.partitions('moved')).toMatchObject([{ leader: 3 }, { leader: 2 }, { leader: 1 }]);
    await cluster.deleteTopic('moved');
    expect(await cluster.partitions('moved')).toEqual([]);
  });

  it('goes on without a node that is killed, and has it back with its data', async () => {
    await cluster.createTopic({ topic: 'kept', replicas: [[3, 1, 2]] });
    await cluster.createTopic({ topic: 'alone', replicas: [[3]] });
    const client = clientOf(cluster);
    await send(client, 'kept', 'one');
    await cluster.node(3).kill();
    await cluster.untilPartitions('kept', ([only]) => only?.leader === 1);
    await cluster.untilPartitions('alone', ([only]) => only?.leader === -1);
    await cluster.node(3).start();
    await cluster.untilInSync();
    expect(await cluster.partitions('kept')).toMatchObject([{ inSync: { length: 3 } }]);
    expect(await cluster.partitions('alone')).toMatchObject([{ leader: 3 }]);
    expect(await read(client, 'kept', 1)).toEqual(['one']);
    expect([1, 2, 3]).toContain(await cluster.coordinatorOf('group'));
  });
});
