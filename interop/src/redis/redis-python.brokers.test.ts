import { redisOrReason } from '@openedx-ts/brokers';
import { fewEventTypes } from '../few-event-types.js';
import { notInPython, notInPython105 } from '../not-in-python.js';
import { pythonOrReason } from '../python-environment.js';
import { describePythonMatrix } from '../python-matrix.test-support.js';
import { redisInteropBus } from './redis-interop-bus.js';

const redis = await redisOrReason();
const newest = await pythonOrReason();
const earlier = await pythonOrReason('requirements-10.5.txt');

const ours = 'traceparent event_key schema_fp';
const common = {
  over: 'Redis',
  start: async () => redisInteropBus(await redis.start()),
  names: {
    python: 'type id source time minorversion sourcehost sourcelib event_data',
    ours: [ours, `correlationid causationid ${ours}`],
  },
};

describePythonMatrix({
  ...common,
  packages: 'openedx-events 11.2.0 and edx-event-bus-redis 1.1.2',
  python: newest.python,
  reason: redis.reason ?? newest.reason,
  notInPython,
});

describePythonMatrix({
  ...common,
  packages: 'openedx-events 10.5.0 and edx-event-bus-redis 0.6.1',
  python: earlier.python,
  reason: redis.reason ?? earlier.reason,
  notInPython: notInPython105,
  only: fewEventTypes,
});
