import { redisOrReason } from '@openedx-ts/brokers';
import { pythonOrReason } from '../python-environment.js';
import { describePythonMatrix } from '../python-matrix.test-support.js';
import { redisInteropBus } from './redis-interop-bus.js';

const redis = await redisOrReason();
const peer = await pythonOrReason();

const ours = 'traceparent event_key schema_fp';
describePythonMatrix({
  over: 'Redis',
  pythonBus: 'edx-event-bus-redis 0.6.1',
  python: peer.python,
  reason: redis.reason ?? peer.reason,
  start: async () => redisInteropBus(await redis.start()),
  names: {
    python: 'type id source time minorversion sourcehost sourcelib event_data',
    ours: [ours, `correlationid causationid ${ours}`],
  },
});
