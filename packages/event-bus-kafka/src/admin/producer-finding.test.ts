import { expect, it } from 'vitest';
import type { ClusterReader } from './cluster-reader.js';
import { producerFinding } from './producer-finding.js';

const findingFor = (isAllowed: boolean) => {
  const cluster: Partial<ClusterReader> = { mayProduceIdempotently: async () => isAllowed };
  return producerFinding({ cluster: cluster as ClusterReader }, [{ nodeId: 1, address: 'broker-1:9092' }]);
};

it('warns where an ACL forbids to produce idempotently, and names what to grant', async () => {
  expect(await findingFor(false)).toMatchObject([
    { verdict: 'warning', message: expect.stringContaining('may be stored twice') },
  ]);
  expect((await findingFor(false))[0]?.cure).toContain('IdempotentWrite');
});

it('has nothing to report where it is allowed', async () => {
  expect(await findingFor(true)).toStrictEqual([]);
});
