import { describe, expect, it } from 'vitest';
import { hostile } from './hostile/hostile.js';
import { chosen } from './options.js';
import { outboxScenarios } from './outbox/outbox-scenarios.js';
import { scenarios } from './scenarios/scenarios.js';
import { soak } from './soak/soak.js';

const all = [...scenarios, ...outboxScenarios, soak, hostile];

const namesOf = (...args: readonly string[]) =>
  chosen(args, all).runs.map(({ scenario, bus }) => `${scenario.name} on ${bus}`);

describe('chosen', () => {
  it('selects everything in full size by default', () => {
    const { runs, size, seed, onlyWrites } = chosen([], all);
    expect({ size, seed, onlyWrites }).toEqual({ size: 'full', seed: 20_260_101, onlyWrites: false });
    const ofOneVersion = all.filter((one) => !('needsOtherVersion' in one || 'needsCluster' in one));
    expect(runs).toHaveLength(ofOneVersion.reduce((sum, { buses }) => sum + buses.length, 0));
  });

  it('accepts a fault, a scenario or a bus alone', () => {
    expect(namesOf('--only', 'F2', '--bus', 'redis')).toContain('consumer-kills on redis');
    expect(namesOf('--only', 'broker-flushes')).toEqual(['broker-flushes on redis']);
    expect(namesOf('--only', 'outbox-relay')).toEqual([
      'outbox-relay on postgres',
      'outbox-relay on mariadb',
    ]);
    expect(namesOf('--only', 'soak')).toEqual(['soak on redis', 'soak on kafka']);
    expect(new Set(namesOf('--bus', 'kafka').map((name) => name.split(' on ')[1]))).toEqual(
      new Set(['kafka']),
    );
  });

  it('runs the scenarios of two versions against another clone, and no others', () => {
    expect(chosen(['--against', '../other'], all).against).toBe('../other');
    expect(namesOf('--against', '../other', '--bus', 'kafka')).toEqual([
      'rolling-upgrade on kafka',
      'rolling-upgrade-kills on kafka',
    ]);
  });

  it('runs the scenarios of brokers of several servers with --cluster, and no others', () => {
    expect(namesOf('--cluster', '--only', 'planned-failovers')).toEqual([
      'planned-failovers on redis-sentinel-primary',
      'planned-failovers on redis-cluster-primary',
    ]);
    expect(namesOf('--cluster', '--bus', 'redis-cluster')).toEqual(['primary-kills on redis-cluster']);
    expect(() => namesOf('--only', 'primary-kills')).toThrow('primary-kills takes --cluster');
  });

  it('accepts minutes for hostile input', () => {
    expect(chosen(['--only', 'hostile', '--bus', 'redis', '--minutes', '3'], all).minutes).toBe(3);
    expect(chosen(['--only', 'hostile'], all).minutes).toBeUndefined();
  });

  it.each([
    ['minutes for what has another size', ['--only', 'soak', '--minutes', '3'], '--minutes is for'],
    ['minutes that are no number', ['--only', 'hostile', '--minutes', '0'], '--minutes takes'],
    ['a fault that there is not', ['--only', 'F99'], 'there is no F99'],
    ['a bus that there is not', ['--bus', 'carrier-pigeon'], 'there is no carrier-pigeon'],
    [
      'a scenario on a bus that it is not for',
      ['--only', 'F10', '--bus', 'kafka'],
      'no such scenario on that bus',
    ],
    ['two versions without the other one', ['--only', 'rolling-upgrade'], 'takes --against CLONE'],
    ['a seed that is no number', ['--seed', 'x'], '--seed'],
    ['an unknown option', ['--fast'], '--fast'],
  ])('refuses %s, and shows the usage', (_, args, message) => {
    expect(() => chosen(args, all)).toThrow(message);
    expect(() => chosen(args, all)).toThrow('npm run reliability -- [--only F1|');
  });
});
