/** When the alerts of prometheus/rules/jobs.yml fire, and when they do not: backups and disks. */
import type { AlertCases } from '../case.ts';

const of = (metric: string, labels = ''): string => `sealpost_${metric}{job="scheduler",instance="s:1"${labels}}`;
const job = (metric: string, name: string): string => of(`job_${metric}`, `,job_name="${name}"`);
const disk = (metric: string, name = 'backups'): string => of(`disk_${metric}`, `,disk="${name}"`);

const later = { severity: 'warning', depends_on: 'scheduler' };
const TEBIBYTE = 2 ** 40;

export const backupCases: readonly AlertCases[] = [
  {
    alert: 'BackupTooOld',
    minutes: 30,
    fires: [
      {
        when: 'it is 27 hours old',
        given: { [of('backup_newest_timestamp_seconds')]: '3600x80' },
        at: '28h',
        labels: later,
        summary: 'The newest backup is too old.',
        description: 'The newest whole backup is 1d 3h 0m 0s old.',
      },
      {
        when: 'it is three hours old and the operator wants one each hour',
        given: {
          [of('alert_threshold', ',name="backup_age_seconds"')]: '7200x80',
          [of('backup_newest_timestamp_seconds')]: '3600x80',
        },
        at: '4h',
        labels: later,
        summary: 'The newest backup is too old.',
        description: 'The newest whole backup is 3h 0m 0s old.',
      },
    ],
    silent: [
      { when: 'it is of last night', given: { [of('backup_newest_timestamp_seconds')]: '7200x80' }, at: '25h' },
      { when: 'none are made', given: { [of('scheduler_leading')]: '1x80' }, at: '28h' },
    ],
  },
  {
    alert: 'RehearsalTooOld',
    minutes: 30,
    fires: [
      {
        when: 'three days ago',
        given: {
          [job('last_success_timestamp_seconds', 'rehearse-restore')]: '0x200',
          [job('overdue_after_seconds', 'rehearse-restore')]: '97200x200',
        },
        at: '72h',
        labels: { ...later, job_name: 'rehearse-restore' },
        summary: 'No restore has been rehearsed for long.',
        description:
          'rehearse-restore last succeeded 3d 0h 0m 0s ago. Whether the backups can be restored is not known.',
      },
    ],
    silent: [
      {
        when: 'yesterday',
        given: {
          [job('last_success_timestamp_seconds', 'rehearse-restore')]: '0x200',
          [job('overdue_after_seconds', 'rehearse-restore')]: '97200x200',
        },
        at: '24h',
      },
    ],
  },
  {
    alert: 'DiskNearlyFull',
    fires: [
      {
        when: 'a tenth of it is left',
        given: { [disk('free_bytes')]: `${TEBIBYTE / 10}x20`, [disk('bytes')]: `${TEBIBYTE}x20` },
        at: '10m',
        labels: { ...later, disk: 'backups' },
        summary: 'The disk of the backups is nearly full.',
        description:
          '90% of it are taken. On most machines the database is on the same disk: when that is full, no code is sent.',
      },
      {
        when: 'it can hold no more files',
        given: { [disk('free_files_ratio', 'logs')]: '0.01x20' },
        at: '10m',
        labels: { ...later, disk: 'logs' },
        summary: 'The disk of the logs is nearly full.',
        description:
          '99% of it are taken. On most machines the database is on the same disk: when that is full, no code is sent.',
      },
    ],
    silent: [
      {
        when: 'half of it is left',
        given: {
          [disk('free_bytes')]: `${TEBIBYTE / 2}x20`,
          [disk('bytes')]: `${TEBIBYTE}x20`,
          [disk('free_files_ratio')]: '0.5x20',
        },
        at: '10m',
      },
      {
        when: 'a tenth is, and the operator wants to know at 95 %',
        given: {
          [of('alert_threshold', ',name="disk_ratio"')]: '0.95x20',
          [disk('free_bytes')]: `${TEBIBYTE / 10}x20`,
          [disk('bytes')]: `${TEBIBYTE}x20`,
        },
        at: '10m',
      },
    ],
  },
  {
    alert: 'DiskFullSoon',
    fires: [
      {
        when: 'a tenth of the disk goes each hour, and a third is left',
        given: { [disk('free_bytes')]: '500-1.6x300', [disk('bytes')]: '1000x300' },
        at: '100m',
        labels: { severity: 'critical', depends_on: 'scheduler', disk: 'backups' },
        summary: 'The disk of the backups will be full within four hours.',
        description:
          "At the pace of the last hour, and of the last minutes, nothing of it is left in four hours. When the database's disk is full, no code is sent.",
      },
    ],
    silent: [
      {
        when: 'a hundredth goes each hour',
        given: { [disk('free_bytes')]: '500-0.16x300', [disk('bytes')]: '1000x300' },
        at: '100m',
      },
      {
        when: 'it grows fast, and has been looked at for twenty minutes',
        given: { [disk('free_bytes')]: '450-10x20', [disk('bytes')]: '1000x20' },
        at: '20m',
      },
      {
        when: 'a large file was written to it, half an hour ago',
        given: { [disk('free_bytes')]: '600x70 200x100', [disk('bytes')]: '1000x300' },
        at: '100m',
      },
      {
        when: 'a backup is written to an empty disk',
        given: { [disk('free_bytes')]: '990-3x300', [disk('bytes')]: '1000x300' },
        at: '80m',
      },
    ],
  },
];
