/** `sealpost status`: how the installation is, on one screen and within seconds; exit code 1 when something is wrong. */
import type { Command } from 'commander';
import type { Environment } from '../runtime/settings.ts';
import { transportOf } from './doctor.ts';
import { createContext } from './doctor/context.ts';
import { firstWrong } from './doctor/print.ts';
import { runChecks } from './doctor/run.ts';
import { ownUrl } from './own-url.ts';
import { PART_MILLISECONDS_MAX } from './status/part.ts';
import { parts } from './status/parts.ts';
import { statusAsJson, statusAsText } from './status/print.ts';

type Given = Readonly<{ json?: boolean; apiUrl?: string }>;

export function addStatus(program: Command, environment: Environment): void {
  program
    .command('status')
    .description('say in a sentence whether all is well, and how each part is; exit 1 when something is wrong')
    .option('--json', 'as one JSON object')
    .option('--api-url <url>', 'where the api is; default: on this machine, at HOST and PORT')
    .action(async ({ json, apiUrl }: Given) => {
      const context = createContext(environment, apiUrl ?? ownUrl(environment));
      const transport = transportOf(environment);
      const looked = parts.filter(({ of }) => of === undefined || of === transport);
      try {
        const results = await runChecks(looked, context, PART_MILLISECONDS_MAX);
        console.log(json ? statusAsJson(results, looked) : statusAsText(results, looked));
        if (firstWrong(results)) process.exitCode = 1;
      } finally {
        await context.close();
      }
    });
}
