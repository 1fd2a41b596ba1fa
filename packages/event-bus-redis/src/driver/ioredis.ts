import { withdrawRequire } from './withdraw-require.js';

// Below the import above: modules are evaluated in the order of their imports.

import { Command, Redis } from 'ioredis';

withdrawRequire();

export { Command, Redis };
