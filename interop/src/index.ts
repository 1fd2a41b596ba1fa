export { type PythonOrReason, pythonOrReason } from './python-environment.js';
