import { withdrawRequire } from './withdraw-require.js';

// Below the import above: modules are evaluated in the order of their imports.

import { AssignerProtocol, Kafka, logLevel } from 'kafkajs';

withdrawRequire();

export { AssignerProtocol, Kafka, logLevel };
