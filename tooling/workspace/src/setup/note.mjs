/**
 * Says what the set-up does, on stderr: stdout belongs to the command (`npm run demo -- --json`).
 * @param {string} text
 */
export function note(text) {
  process.stderr.write(`${text}\n`);
}
