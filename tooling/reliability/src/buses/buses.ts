import type { BusUnderTest } from './bus-under-test.js';
import { kafkaClusterUnderTest } from './kafka-cluster-under-test.js';
import { kafkaUnderTest } from './kafka-under-test.js';
import { memoryUnderTest } from './memory-under-test.js';
import {
  redisClusterPrimaryUnderTest,
  redisClusterUnderTest,
  redisSentinelPrimaryUnderTest,
  redisSentinelUnderTest,
} from './redis-cluster-under-test.js';
import { redisEverysecUnderTest, redisUnderTest } from './redis-under-test.js';

/** All buses, in the order of the report. */
export const buses: readonly BusUnderTest[] = [
  redisUnderTest,
  redisEverysecUnderTest,
  redisSentinelUnderTest,
  redisSentinelPrimaryUnderTest,
  redisClusterUnderTest,
  redisClusterPrimaryUnderTest,
  kafkaUnderTest,
  kafkaClusterUnderTest,
  memoryUnderTest,
];
