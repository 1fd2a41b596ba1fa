import type { Scenario } from '../scenario.js';
import { brokerFlushes } from './broker-flushes.js';
import { brokerFreezes } from './broker-freezes.js';
import { brokerKills } from './broker-kills.js';
import { consumerKills } from './consumer-kills.js';
import { orderedTakeOvers } from './ordered-take-overs.js';
import { orderedRollingRestart, rollingRestart } from './rolling-restart.js';

/** All that can be done to a bus, in the order of the report. */
export const scenarios: readonly Scenario[] = [
  brokerKills,
  consumerKills,
  orderedTakeOvers,
  brokerFreezes,
  brokerFlushes,
  rollingRestart,
  orderedRollingRestart,
];
