import type { Scenario } from '../scenario.js';
import { brokerFlushes } from './broker-flushes.js';
import { brokerFreezes } from './broker-freezes.js';
import { brokerKills } from './broker-kills.js';
import { consumerKills } from './consumer-kills.js';
import { crashPoison, hungHandler, poison } from './failing-events.js';
import { plannedFailovers, primaryKills } from './failovers.js';
import { halfOpenSockets } from './half-open-sockets.js';
import { postgresInboxKills, redisInboxKills } from './inbox-kills.js';
import { leaderMoves, reassignments } from './leader-moves.js';
import { leaderlessPartition } from './leaderless-partition.js';
import { nodeKills } from './node-kills.js';
import { orderedTakeOvers } from './ordered-take-overs.js';
import { poisonRestarts } from './poison-restarts.js';
import { registryOutages } from './registry-outages.js';
import { orderedRollingRestart, rollingRestart } from './rolling-restart.js';
import { rollingUpgrade, rollingUpgradeKills } from './rolling-upgrade.js';
import { slowHandler } from './slow-handler.js';

/** All that can be done to a bus, in the order of the report. */
export const scenarios: readonly Scenario[] = [
  brokerKills,
  consumerKills,
  orderedTakeOvers,
  poison,
  poisonRestarts,
  crashPoison,
  slowHandler,
  hungHandler,
  registryOutages,
  brokerFreezes,
  halfOpenSockets,
  brokerFlushes,
  postgresInboxKills,
  redisInboxKills,
  rollingRestart,
  orderedRollingRestart,
  rollingUpgrade,
  rollingUpgradeKills,
  primaryKills,
  plannedFailovers,
  nodeKills,
  leaderMoves,
  reassignments,
  leaderlessPartition,
];
