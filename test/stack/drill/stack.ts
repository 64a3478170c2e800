/** The stack of the drill: as it is, but hurried, with a webhook that is told, and an API beside it whose clock may be apart. */
import { readdirSync } from 'node:fs';
import { textOf } from '../../support/stack-files.ts';
import { startListener } from '../support/alert-stack.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { trafficEnv } from '../support/traffic.ts';

/** So many times shorter than in the rules is how long an alert waits here. */
export const HURRY = 10;

/** Alerts of what is only looked at once in a while wait at least until it is looked at again. */
const AT_LEAST: Readonly<Record<string, number>> = {
  EdgeDown: 45,
  SchedulerDown: 45,
  JobFailing: 80,
  JobOverdue: 80,
  WalReceiverAway: 90,
  CertificateExpiresSoon: 5,
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60 };

/** The rules with `for` shortened, and everything looked at each second. */
function hurried(): Record<string, string> {
  const rules = readdirSync('prometheus/rules').filter((name) => name.endsWith('.yml'));
  const files = rules.map((name): [string, string] => {
    let alert = '';
    const lines = textOf(`prometheus/rules/${name}`).split('\n');
    const shorter = lines.map((line) => {
      alert = /- alert: (\w+)/.exec(line)?.[1] ?? alert;
      return line.replace(/^( +for: )(\d+)([sm])$/, (_, before: string, count: string, unit: string) => {
        const seconds = (Number(count) * (SECONDS[unit] ?? 0)) / HURRY;
        return `${before}${Math.max(seconds, AT_LEAST[alert] ?? 0)}s`;
      });
    });
    return [`prometheus/rules/${name}`, shorter.join('\n')];
  });
  const prometheus = textOf('prometheus/prometheus.yml').replaceAll('_interval: 15s', '_interval: 1s');
  return { ...Object.fromEntries(files), 'prometheus/prometheus.yml': prometheus };
}

/** Alertmanager waits for seconds, in place of half a minute and five, before it tells of an alert, and of another of the name. */
async function hurryAlertmanager({ compose }: Stack): Promise<void> {
  const change = 's/group_wait: 30s/group_wait: 2s/; s/group_interval: 5m/group_interval: 5s/';
  await compose(
    'run',
    '--rm',
    '--no-deps',
    '-T',
    '--entrypoint',
    'sh',
    'secrets',
    '-c',
    `sed -i '${change}' /secrets/alertmanager/alertmanager.yml`,
  );
  await compose('kill', '--signal', 'HUP', 'alertmanager');
}

/** A disk of its own for the log, and an API whose clock is half a minute ahead, which starts with its profile. */
const BESIDE = `
services:
  api-apart:
    extends: { file: compose.yaml, service: api }
    profiles: [apart]
    scale: 1
    environment: { LD_PRELOAD: /faketime/libfaketimeMT.so.1, FAKETIME: '+30s', DONT_FAKE_MONOTONIC: '1' }
    volumes: ['/usr/lib/x86_64-linux-gnu/faketime:/faketime:ro']
    networks: !override { database: {}, mail: {}, metrics: { aliases: [api.metrics] } }
volumes:
  logs: { driver_opts: { type: tmpfs, device: tmpfs, o: 'size=16m,mode=1777' } }
`;

export type Drill = Readonly<{
  stack: Stack;
  /** Its address as this machine reaches it. */
  prometheus: string;
  /** Names of alerts that were posted as firing. */
  told(): readonly string[];
  stop(): Promise<void>;
}>;

export async function startDrill(): Promise<Drill> {
  const listener = await startListener();
  const env = {
    ...trafficEnv,
    ALERT_WEBHOOK_URL: listener.url('alerts'),
    ALERT_MAIL_WAIT_SECONDS: '10',
    LOG_FILE: '/var/log/request-marketplace/sealpost.log',
  };
  const files = { ...hurried(), 'drill.yaml': BESIDE };
  const stack = await startStack({ env, files, overrides: ['drill.yaml'] }).catch((error: unknown) => {
    listener.close();
    throw error;
  });
  await hurryAlertmanager(stack);
  const [prometheus] = await stack.inspect('prometheus');
  const [network] = Object.values(prometheus?.NetworkSettings.Networks ?? {});
  return {
    stack,
    prometheus: `http://${network?.IPAddress}:9090`,
    told: () =>
      listener.posts.flatMap(({ alerts }) =>
        alerts.filter(({ status }) => status === 'firing').map(({ labels }) => labels.alertname ?? ''),
      ),
    stop: async () => {
      listener.close();
      await stack.compose('--profile', 'apart', 'rm', '--stop', '--force', 'api-apart');
      await stack.stop();
    },
  };
}
