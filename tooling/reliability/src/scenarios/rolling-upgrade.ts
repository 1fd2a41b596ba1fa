import { postgresEffects } from '../effects/postgres-effects.js';
import { redisEffects } from '../effects/redis-effects.js';
import type { BusProcess } from '../processes/bus-process.js';
import { isHard, type ReceiverFault, type ReceiverTask } from '../processes/receiver-task.js';
import type { Rig } from '../rig.js';
import type { Scenario, ScenarioSize } from '../scenario.js';
import { moments } from './moments.js';

/** Faults are members that are replaced. */
const sizes = {
  test: { events: 3_000, faults: 6 },
  short: { events: 20_000, faults: 12 },
  full: { events: 100_000, faults: 24 },
};

/** A deployment, and its withdrawal, while events fail. What comes twice, by a fault of the other version, has one effect. */
export const rollingUpgrade: Scenario = {
  fault: 'F26',
  name: 'rolling-upgrade',
  title:
    'SIGTERM of each of three members of another version in turn under load and a member of this version for each, then back, again and again; a producer of each version; receivers use an inbox in Redis, and throw at one event in a hundred, at every attempt',
  buses: ['redis', 'kafka'],
  needsOtherVersion: true,
  hasEffectOnce: true,
  sizes,
  run: async (rig, size) => {
    const fault: ReceiverFault = { every: 100, is: 'throws' };
    rig.shouldDie = ({ sequence }) => isHard(sequence, fault);
    const options = {
      // Long enough that members claim only events that another member has released.
      ...rig.broker.consumerOptions({ takeOverMs: 10_000 }),
      maxAttempts: 3,
      initialBackoffMs: 20,
      concurrency: 16,
    };
    const task = { fault, inbox: await redisEffects(rig) };
    await roll(rig, size, { options, task, end: (member) => rig.terminate(member) });
  },
};

/** The same with kills: what one version has done and not acknowledged comes to the other, and is in its inbox. */
export const rollingUpgradeKills: Scenario = {
  fault: 'F26',
  name: 'rolling-upgrade-kills',
  title:
    'the same with SIGKILL, an inbox in PostgreSQL, and receivers that do not throw: what one version has done and not acknowledged comes to the other',
  buses: ['redis', 'kafka'],
  needsOtherVersion: true,
  hasEffectOnce: true,
  sizes,
  run: async (rig, size) => {
    const options = rig.broker.consumerOptions({ takeOverMs: 1_000 });
    const task = { inbox: await postgresEffects(rig) };
    await roll(rig, size, { options, task, end: (member) => rig.kill(member) });
  },
};

const memberCount = 3;

/** Every third replacement the direction changes: at first, and after each second roll, all members are of the other version. */
async function roll(
  rig: Rig,
  size: ScenarioSize,
  {
    options,
    task,
    end,
  }: {
    readonly options: Readonly<Record<string, unknown>>;
    readonly task: ReceiverTask;
    readonly end: (member: BusProcess) => Promise<void>;
  },
): Promise<void> {
  const other = rig.otherClone;
  const members = Array.from({ length: memberCount }, () => rig.startConsumer(options, task, other));
  const share = { events: size.events / 2 };
  rig.startProducers(1, share, other);
  rig.startProducers(1, share);
  const isBusy = ({ life }: BusProcess) => rig.ledger.enteredBy(life) > 0;
  for (const [index, count] of moments(size, rig.random).entries()) {
    const oldest = members[0] as BusProcess;
    await rig.until(() => rig.ledger.handled >= count && isBusy(oldest));
    const isForward = Math.floor(index / memberCount) % 2 === 0;
    members.shift();
    await end(oldest);
    members.push(rig.startConsumer(options, task, isForward ? undefined : other));
  }
  await rig.settle();
}
