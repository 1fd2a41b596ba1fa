import { postgresEffects } from '../effects/postgres-effects.js';
import { redisEffects } from '../effects/redis-effects.js';
import type { Scenario } from '../scenario.js';
import { killConsumers } from './consumer-kills.js';

const short = { events: 2_000, faults: 2 };
const sizes = { test: short, short, full: { events: 50_000, faults: 50 } };

/** Members are killed whose receivers use an inbox in PostgreSQL: what they write there happens once. */
export const postgresInboxKills: Scenario = {
  fault: 'F12',
  name: 'postgres-inbox-kills',
  title:
    'SIGKILL of one of two members whose receivers write a row in the transaction that `postgresInbox` lends them, and a new member',
  buses: ['redis', 'kafka'],
  hasEffectOnce: true,
  sizes,
  run: async (rig, size) => killConsumers(rig, size, { inbox: await postgresEffects(rig) }),
};

/** The same with Redis, which has no part in what receivers do: a kill between effect and note leads to a second one. */
export const redisInboxKills: Scenario = {
  fault: 'F12',
  name: 'redis-inbox-kills',
  title:
    'SIGKILL of one of two members whose receivers write a line to a file under `redisInbox`, and a new member; what is killed between the line and the note of it is written again',
  buses: ['redis', 'kafka'],
  sizes,
  run: async (rig, size) => killConsumers(rig, size, { inbox: await redisEffects(rig) }),
};
