import { pythonOrReason } from '../python-environment.js';
import { catalogEvents } from './catalog-events.js';
import { comparedWheels } from './compared-wheels.js';
import { downloadWheel } from './download-wheel.js';
import { printComparison } from './print-comparison.js';
import { wheelEvents } from './wheel-events.js';
import { writeReleasesPage } from './write-releases-page.js';

// `npm run compare-catalog`; with `-- openedx-events==11.1.1` other versions; with `-- --releases` the page of releases.
const { python, reason } = await pythonOrReason();
if (reason !== undefined) process.exit(2); // it was printed

if (process.argv[2] === '--releases') {
  await writeReleasesPage(python);
  process.exit(0);
}
const given = process.argv.slice(2).map((requirement) => {
  const [name = '', version = ''] = requirement.split('==');
  return { name, version };
});
const packages = given.length > 0 ? given : comparedWheels;
const wheels: string[] = [];
for (const wheel of packages) wheels.push(await downloadWheel(python, wheel));
process.exitCode = printComparison({
  theirs: await wheelEvents(python, wheels),
  ours: catalogEvents(),
  against: packages.map(({ name, version }) => `${name} ${version}`).join(' and '),
  write: (text) => process.stdout.write(text),
});
