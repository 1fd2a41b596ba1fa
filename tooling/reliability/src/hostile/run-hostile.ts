import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerUnderTest, BusUnderTest } from '../buses/bus-under-test.js';
import { deadLettersOf } from '../buses/dead-letters-of.js';
import { now } from '../journal/journal-line.js';
import { prepareProcessScripts } from '../processes/process-scripts.js';
import { seededRandom } from '../seeded-random.js';
import type { Attack, Attacker, Target } from './attack.js';
import { GoodEvents } from './good-events.js';
import type { HostileResult } from './hostile-result.js';
import { kafkaAttacker } from './kafka-attacker.js';
import { redisAttacker } from './redis-attacker.js';
import { Victim } from './victim.js';

/** What to run hostile input with. */
export interface HostileOptions {
  readonly bus: BusUnderTest;
  /** Decides on all attacks: the same seed does the same. */
  readonly seed: number;
  readonly seconds: number;
  /** Hears how far it is, twice a minute. */
  readonly report?: (text: string) => void;
}

/**
 * Attacks consumers on a broker of their own and sends a good event behind each attack. It ends at the first good event
 * that is not handled in time, or when a consumer ends. Everything it started is gone when it resolves or rejects.
 */
export async function runHostile(options: HostileOptions): Promise<HostileResult> {
  const { bus, seed } = options;
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  try {
    await using broker = await bus.start();
    await prepareProcessScripts(broker.env);
    const kind = kinds[bus.name];
    if (kind === undefined) throw new TypeError(`nobody knows hostile input for the bus ${bus.name}`);
    await using good = await GoodEvents.open(broker, topic);
    await good.send();
    const victims = Object.entries(kind.groups).map(
      ([groupId, consumer]) => new Victim({ folder, broker, topic, groupId, options: consumer }),
    );
    const target = targetOf(broker, victims);
    try {
      await using attacker = await kind.attacker(broker, target);
      const run = new HostileRun(options, { good, victims, attacker });
      await run.untilOver();
      for (const victim of victims) await victim.stop();
      return {
        bus: bus.name,
        seed,
        ...run.figures,
        ...(await run.deadLetters(broker, target)),
        broken: run.broken,
      };
    } finally {
      await Promise.all(victims.map((victim) => victim.kill()));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const topic = 'items';

function targetOf({ plugin, env }: BrokerUnderTest, victims: readonly Victim[]): Target {
  return {
    topic,
    groupIds: victims.map(({ groupId }) => groupId),
    restarted: async (groupId, between) => {
      const victim = victims.find((one) => one.groupId === groupId) as Victim;
      await victim.stop();
      try {
        await between();
      } finally {
        victim.start();
      }
    },
    committed: async (groupId, partition) => {
      await using admin = await plugin.createAdmin?.(env);
      const progress = await admin?.topics?.groupProgress(topic, groupId);
      const next = [...(progress?.next.values() ?? [])].find((one) => one.startsWith(`${partition}:`));
      return Number(next?.split(':')[1] ?? 0);
    },
  };
}

/** What it takes to attack a bus. */
interface HostileKind {
  /** Options of a member, by group. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  attacker(broker: BrokerUnderTest, target: Target): Promise<Attacker>;
}

const quick = { claimIdleMs: 1_000, claimEveryMs: 300, blockMs: 200 };

const kinds: Readonly<Record<string, HostileKind>> = {
  redis: {
    groups: {
      shared: { ...quick, concurrency: 4 },
      'single-active': { ...quick, singleActive: true, leaseMs: 2_000 },
    },
    attacker: ({ env }, target) => redisAttacker(env.EVENT_BUS_REDIS_CONNECTION_URL ?? '', target),
  },
  kafka: {
    groups: { hostile: { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 200, maxWaitMs: 50, concurrency: 4 } },
    attacker: kafkaAttacker,
  },
};

/** Time for a good event after the last log entry: the five seconds for a missing schema, a claim or a new lease, and a busy machine. */
const PATIENCE_MS = 20_000;
/** Five times what a tombstone takes on an idle machine. */
const PATIENCE_A_RECORD_MS = 0.1;
const MOST_RSS_MB = 700;
const LONGEST_TURN_MS = 200;
const WARM_UP = 20;

interface Parts {
  readonly good: GoodEvents;
  readonly victims: readonly Victim[];
  readonly attacker: Attacker;
}

class HostileRun {
  readonly broken: string[] = [];
  readonly #options: HostileOptions;
  readonly #parts: Parts;
  #attacks = 0;
  #refused = 0;
  #slowestMs = 0;
  #longestTurnMs = 0;
  #startedAt = now();

  constructor(options: HostileOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  async untilOver(): Promise<void> {
    const { seed, seconds, report } = this.#options;
    const random = seededRandom(seed);
    for (let warm = 0; warm < WARM_UP; warm += 1) await this.#goodEvent('the start');
    for (const victim of this.#parts.victims) victim.longestTurn();
    this.#startedAt = now();
    let reportedAt = this.#startedAt;
    while (now() - this.#startedAt < seconds * 1_000 && !this.broken.some(isFinal)) {
      const attack = this.#parts.attacker.next(random);
      this.#attacks += 1;
      const number = `attack ${this.#attacks} of seed ${seed}`;
      await this.#perform(attack, number);
      const what = `${number}, ${attack.what}`; // some attacks know only now what they did
      await this.#goodEvent(what, attack.records);
      this.#look(what);
      if (now() - reportedAt > 30_000) {
        reportedAt = now();
        report?.(`${this.#attacks} attacks, slowest ${this.#slowestMs} ms, ${this.broken.length} broken`);
      }
    }
  }

  get figures() {
    return {
      attacks: this.#attacks,
      refused: this.#refused,
      slowestMs: this.#slowestMs,
      maxRssMb: Math.max(...this.#parts.victims.map(({ maxRssMb }) => maxRssMb)),
      longestTurnMs: this.#longestTurnMs,
      durationMs: Math.round(now() - this.#startedAt),
    };
  }

  /** What operators see of it must be readable, too. */
  async deadLetters(
    broker: BrokerUnderTest,
    { topic, groupIds }: Target,
  ): Promise<{ readonly deadLetters: number }> {
    const found = await Promise.all(groupIds.map((groupId) => deadLettersOf(broker, { topic, groupId })));
    return { deadLetters: found.flat().length };
  }

  async #perform(attack: Attack, number: string): Promise<void> {
    try {
      await attack.start();
    } catch (error) {
      this.#refused += 1;
      this.#options.report?.(`refused, ${String(error)}: ${number}, ${attack.what}`);
    } finally {
      await attack.end?.();
    }
  }

  async #goodEvent(what: string, recordsBefore = 0): Promise<void> {
    const { good, victims } = this.#parts;
    const sentAt = now();
    const id = await good.send();
    for (const victim of victims) {
      const problem = await victim.handles(id, PATIENCE_MS + recordsBefore * PATIENCE_A_RECORD_MS);
      if (problem !== undefined) this.broken.push(`${final}${problem} after ${what}\n${victim.stderr}`);
    }
    const tookMs = Math.round(now() - sentAt);
    if (tookMs > this.#slowestMs) this.#options.report?.(`${tookMs} ms until the good event after ${what}`);
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
  }

  #look(what: string): void {
    for (const victim of this.#parts.victims) {
      const turnMs = victim.longestTurn();
      this.#longestTurnMs = Math.max(this.#longestTurnMs, turnMs);
      if (turnMs > LONGEST_TURN_MS)
        this.broken.push(`a turn of ${turnMs} ms in ${victim.groupId} after ${what}`);
      if (victim.maxRssMb > MOST_RSS_MB)
        this.broken.push(`${final}${victim.maxRssMb} MB in ${victim.groupId} after ${what}`);
    }
  }
}

const final = 'END: ';
const isFinal = (text: string) => text.startsWith(final);
