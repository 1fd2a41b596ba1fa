import { kafkaOrReason, schemaRegistryOrReason, startFakeSchemaRegistry } from '@openedx-ts/brokers';
import { pythonOrReason } from '../python-environment.js';
import { describePythonMatrix } from '../python-matrix.test-support.js';
import { kafkaInteropBus } from './kafka-interop-bus.js';

const kafka = await kafkaOrReason();
const apicurio = await schemaRegistryOrReason();
const { python, reason } = await pythonOrReason();

const common = {
  pythonBus: 'edx-event-bus-kafka 6.1.0',
  python,
  names: {
    python:
      'ce_specversion content-type ce_datacontenttype ce_type ce_id ce_source ce_time ce_minorversion sourcehost sourcelib',
    ours: ['traceparent', 'ce_correlationid ce_causationid traceparent'],
  },
};

describePythonMatrix({
  ...common,
  over: 'Kafka with Apicurio, which has an id for each text of a schema,',
  reason: kafka.reason ?? apicurio.reason ?? reason,
  start: async (plan) => {
    const [server, registry] = await Promise.all([kafka.start(), apicurio.start()]);
    return kafkaInteropBus({ server, registry, python, plan });
  },
  refused: {
    'org.openedx.enterprise.subsidy.redemption-reversed.v1': 'Apicurio takes no namespace with a hyphen',
  },
});

describePythonMatrix({
  ...common,
  over: "Kafka with a registry that has an id for each schema, as Confluent's has,",
  reason: kafka.reason ?? reason,
  start: async (plan) => {
    const [server, registry] = await Promise.all([kafka.start(), startFakeSchemaRegistry()]);
    return kafkaInteropBus({ server, registry, python, plan });
  },
});
