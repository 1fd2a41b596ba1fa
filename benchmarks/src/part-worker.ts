import { parts } from './parts.js';

// A process of its own for one part, named by the argument. Its table is sent to the parent.
const name = process.argv[2] ?? '';
const load = parts[name];
if (load === undefined) throw new Error(`There is no part ${name}.`);
const part = await load();
process.send?.(await part.run());
process.disconnect();
