import { describe, expect, it } from 'vitest';
import { clusterSlots } from './cluster-slots.js';
import { nodeAddress } from './node-address.js';

const asked = { host: 'seed', port: 7000 };
const node = (host: string | null, port: number) => [
  host === null ? null : Buffer.from(host),
  port,
  Buffer.from('id'),
];

describe('clusterSlots', () => {
  it('has the primary of each slot, and all nodes', () => {
    const { owners, nodes } = clusterSlots(
      [
        [0, 99, node('10.0.0.1', 7000), node('10.0.0.2', 7000)],
        [101, 16_383, node('10.0.0.2', 7001)],
      ],
      asked,
    );
    expect([0, 99, 100, 101, 16_383].map((slot) => owners[slot])).toEqual([
      '10.0.0.1:7000',
      '10.0.0.1:7000',
      undefined,
      '10.0.0.2:7001',
      '10.0.0.2:7001',
    ]);
    expect([...nodes.keys()]).toEqual(['10.0.0.1:7000', '10.0.0.2:7000', '10.0.0.2:7001']);
  });

  it('takes the host of the node that replied where a reply names none, and maps addresses behind NAT', () => {
    const mapped = ({ port }: { readonly port: number }) => ({ host: 'outside', port: port + 1 });
    const reply = [[0, 16_383, node('', 7000), node(null, 7001)]];
    expect([...clusterSlots(reply, asked).nodes.keys()]).toEqual(['seed:7000', 'seed:7001']);
    expect(clusterSlots(reply, asked, mapped).owners[5]).toBe('outside:7001');
  });
});

describe('nodeAddress', () => {
  it('parses host:port', () => {
    expect(nodeAddress('node-1:7000')).toEqual({ host: 'node-1', port: 7000 });
    expect(nodeAddress('[::1]:7000')).toEqual({ host: '::1', port: 7000 });
  });

  it.each(['node-1', 'node-1:', ':7000', 'redis://node-1:7000', 'user@node-1:7000', 'node-1:70000'])(
    'refuses %s',
    (text) => {
      expect(nodeAddress(text)).toBeUndefined();
    },
  );
});
