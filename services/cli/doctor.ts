/** `sealpost doctor`: checks the whole installation and explains, a line each; exit code 1 when something is wrong. */
import type { Command } from 'commander';
import { mailSettings } from '../config/mail.ts';
import { type Environment, readSettings } from '../runtime/settings.ts';
import { checksFor } from './doctor/checks.ts';
import { createContext } from './doctor/context.ts';
import { ownUrl, readable } from './own-url.ts';
import { firstWrong, reportAsJson, reportAsText } from './doctor/print.ts';
import { runChecks } from './doctor/run.ts';

type Given = Readonly<{ json?: boolean; api: boolean; apiUrl?: string }>;

export function addDoctor(program: Command, environment: Environment): void {
  program
    .command('doctor')
    .description('check settings, database, SES, DNS and the rest, and say what to do; exit 1 when something is wrong')
    .option('--json', 'as one JSON object')
    .option('--api-url <url>', 'where the api is; default: on this machine, at HOST and PORT')
    .option('--no-api', 'do not ask the api: it need not run yet')
    .action(async ({ json, api, apiUrl }: Given) => {
      const context = createContext(environment, api ? (apiUrl ?? ownUrl(environment)) : undefined);
      try {
        const results = await runChecks(checksFor(transportOf(environment)), context);
        console.log(json ? reportAsJson(results) : reportAsText(results));
        if (firstWrong(results)) process.exitCode = 1;
      } finally {
        await context.close();
      }
    });
}

export function transportOf(environment: Environment): 'ses' | 'smtp' {
  const { MAIL_TRANSPORT } = mailSettings;
  return readable(() => readSettings({ MAIL_TRANSPORT }, environment).MAIL_TRANSPORT) ?? 'ses';
}
