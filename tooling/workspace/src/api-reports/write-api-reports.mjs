import { apiReports } from './api-reports.mjs';

for (const { file, isCurrent } of apiReports({ update: true })) {
  if (!isCurrent) console.log(`written: ${file}`);
}
