import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { SeededRandom } from '../seeded-random.js';
import { type Attack, type Attacker, oneOf, type Target } from './attack.js';
import {
  damaged,
  damagedFields,
  type Field,
  hostileBytes,
  hostileText,
  randomBytes,
  shown,
} from './hostile-bytes.js';
import { hostileSchema } from './hostile-schemas.js';

const schemas = 'openedx-events-schemas';

/** Attacks on streams, groups, leases and schemas of a Redis. The stream must hold a good event. */
export async function redisAttacker(url: string, target: Target): Promise<Attacker> {
  const client = new Redis(url);
  const attacks = new RedisAttacks(client, target, await goodFields(client, target.topic));
  return {
    next: (random) => attacks.next(random),
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
}

async function goodFields(client: Redis, stream: string): Promise<readonly Field[]> {
  const [entry] = await client.xrangeBuffer(stream, '-', '+', 'COUNT', 1);
  const flat = entry?.[1] ?? [];
  return Array.from(
    { length: flat.length / 2 },
    (_, index): Field => [String(flat[2 * index]), flat[2 * index + 1] as Buffer],
  );
}

class RedisAttacks {
  readonly #client: Redis;
  readonly #target: Target;
  readonly #good: readonly Field[];

  constructor(client: Redis, target: Target, good: readonly Field[]) {
    this.#client = client;
    this.#target = target;
    this.#good = good;
  }

  next(random: SeededRandom): Attack {
    return oneOf(random, [
      () => this.#entries(random),
      () => this.#entries(random),
      () => this.#entries(random),
      () => this.#unknownFingerprints(random),
      () => this.#schema(random),
      () => this.#schema(random),
      () => this.#wrongSchemaText(random),
      () => this.#lease(random),
      () => this.#group(random),
      () => this.#wrongType(random),
    ])();
  }

  #entries(random: SeededRandom): Attack {
    const entries = Array.from({ length: 1 + random.below(5) }, () => damagedFields(random, this.#good));
    return { what: `entries ${shown(entries)}`, start: () => this.#addAll(entries) };
  }

  #unknownFingerprints(random: SeededRandom): Attack {
    const entries = Array.from({ length: 1 + random.below(300) }, () =>
      this.#with({ schema_fp: Buffer.from(randomBytes(random, 32).toString('hex')) }),
    );
    return { what: `${entries.length} unknown fingerprints`, start: () => this.#addAll(entries) };
  }

  /** A right fingerprint of a text that is no schema of this event. */
  #schema(random: SeededRandom): Attack {
    const text = hostileSchema(random);
    const fingerprint = createHash('sha256').update(text).digest('hex');
    const record = this.#good.find(([name]) => name === 'event_data')?.[1] ?? Buffer.alloc(0);
    const entry = this.#with({
      schema_fp: Buffer.from(fingerprint),
      event_data: oneOf(random, [record, damaged(random, record), randomBytes(random, random.below(200))]),
    });
    return {
      what: `schema ${shown(text)} of entry ${shown(entry)}`,
      start: async () => {
        await this.#client.hset(schemas, fingerprint, text);
        await this.#addAll([entry]);
      },
      end: async () => void (await this.#client.hdel(schemas, fingerprint)),
    };
  }

  /** A wrong text under the fingerprint of the good events, which their producer repairs. */
  #wrongSchemaText(random: SeededRandom): Attack {
    const fingerprint = String(this.#good.find(([name]) => name === 'schema_fp')?.[1]);
    const text = oneOf(random, [hostileSchema(random), hostileBytes(random)]);
    return {
      what: `text of the good schema ${shown(text)}`,
      start: async () => void (await this.#client.hset(schemas, fingerprint, text)),
    };
  }

  #lease(random: SeededRandom): Attack {
    const key = `${this.#target.topic}.${oneOf(random, this.#target.groupIds)}.lease`;
    const value = hostileBytes(random);
    const commands = oneOf<readonly (readonly [string, ...(string | Buffer | number)[]])[]>(random, [
      [['SET', key, value]],
      [['SET', key, value, 'PX', 1 + random.below(3_000)]],
      [['SET', key, value, 'EX', 1_000_000_000]],
      [
        ['DEL', key],
        ['RPUSH', key, value],
      ],
      [['PERSIST', key]],
      [['DEL', key]],
    ]);
    return {
      what: `lease ${shown(commands)}`,
      start: async () => {
        for (const [name, ...args] of commands) await this.#client.call(name, args);
        await sleep(random.below(500));
      },
      end: async () => void (await this.#client.del(key)),
    };
  }

  /** What a neighbour in the group can do without taking events away for good. */
  #group(random: SeededRandom): Attack {
    const { topic, groupIds } = this.#target;
    const group = oneOf(random, groupIds);
    const name = hostileText(random);
    const commands = oneOf<readonly (readonly [string, ...(string | number)[]])[]>(random, [
      [['XGROUP', 'CREATECONSUMER', topic, group, name]],
      Array.from(
        { length: 200 },
        (_, index) => ['XGROUP', 'CREATECONSUMER', topic, group, `${name}${index}`] as const,
      ),
      [['XGROUP', 'CREATE', topic, name || 'x', '0']],
      [['XREADGROUP', 'GROUP', group, name || 'x', 'COUNT', 5, 'STREAMS', topic, '>']],
      [['XAUTOCLAIM', topic, group, name || 'x', 0, '0-0', 'COUNT', 100]],
      [['XTRIM', topic, 'MAXLEN', 100]],
    ]);
    return {
      what: `neighbour in the group ${shown(commands)}`,
      start: async () => {
        for (const [command, ...args] of commands) await this.#client.call(command, args);
      },
    };
  }

  /** The schemas are of another type for a while. A stream that is of another type ends its consumers, by design. */
  #wrongType(random: SeededRandom): Attack {
    const key = schemas;
    const value = hostileBytes(random);
    const waitMs = 50 + random.below(1_500);
    const aside = `${key}.aside`;
    return {
      what: `${key} is a text for ${waitMs} ms`,
      start: async () => {
        await this.#client.rename(key, aside);
        await this.#client.set(key, value);
        await sleep(waitMs);
      },
      end: async () => void (await this.#client.multi().del(key).rename(aside, key).exec()),
    };
  }

  #with(changes: Readonly<Record<string, Buffer>>): readonly Field[] {
    return this.#good.map(([name, value]): Field => [name, changes[name] ?? value]);
  }

  async #addAll(entries: readonly (readonly Field[])[]): Promise<void> {
    const { topic } = this.#target;
    const some = entries.filter((fields) => fields.length > 0);
    await Promise.all(some.map((fields) => this.#client.call('XADD', [topic, '*', ...fields.flat()])));
  }
}
