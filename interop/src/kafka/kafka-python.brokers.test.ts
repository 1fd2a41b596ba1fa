import { kafkaOrReason, schemaRegistryOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { fewEventTypes } from '../few-event-types.js';
import type { InteropPlan } from '../interop-bus.js';
import { notInPython, notInPython105 } from '../not-in-python.js';
import { pythonOrReason } from '../python-environment.js';
import { describePythonMatrix } from '../python-matrix.test-support.js';
import { kafkaInteropBus } from './kafka-interop-bus.js';

const kafka = await kafkaOrReason();
const apicurio = await schemaRegistryOrReason();
const newest = await pythonOrReason();
const earlier = await pythonOrReason('requirements-10.5.txt');

const names = {
  python:
    'ce_specversion content-type ce_datacontenttype ce_type ce_id ce_source ce_time ce_minorversion sourcehost sourcelib',
  ours: ['traceparent', 'ce_correlationid ce_causationid traceparent'],
};
const againstNewest = {
  packages: 'openedx-events 11.2.0 and edx-event-bus-kafka 6.2.0',
  python: newest.python,
  names,
  notInPython,
};
const overFakeRegistry = "Kafka with a registry that has an id for each schema, as Confluent's has,";

describePythonMatrix({
  ...againstNewest,
  over: 'Kafka with Apicurio, which has an id for each text of a schema,',
  reason: kafka.reason ?? apicurio.reason ?? newest.reason,
  start: async (plan) => {
    const [server, registry] = await Promise.all([kafka.start(), apicurio.start()]);
    return kafkaInteropBus({ server, registry, python: newest.python, plan });
  },
  refused: {
    'org.openedx.enterprise.subsidy.redemption-reversed.v1': 'Apicurio takes no namespace with a hyphen',
  },
});

describePythonMatrix({
  ...againstNewest,
  over: overFakeRegistry,
  reason: kafka.reason ?? newest.reason,
  start: (plan) => startWithFakeRegistry(newest.python, plan),
});

describePythonMatrix({
  over: overFakeRegistry,
  packages: 'openedx-events 10.5.0 and edx-event-bus-kafka 6.1.0',
  python: earlier.python,
  reason: kafka.reason ?? earlier.reason,
  start: (plan) => startWithFakeRegistry(earlier.python, plan),
  names,
  notInPython: notInPython105,
  only: fewEventTypes,
});

async function startWithFakeRegistry(python: string, plan: InteropPlan) {
  const [server, registry] = await Promise.all([kafka.start(), startFakeSchemaRegistry()]);
  return kafkaInteropBus({ server, registry, python, plan });
}
