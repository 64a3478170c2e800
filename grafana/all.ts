/** All dashboards, in the order of their links. */
import { api } from './api.ts';
import { attack } from './attack.ts';
import { database } from './database.ts';
import { funnel } from './funnel.ts';
import { scheduled } from './jobs.ts';
import { mail } from './mail.ts';
import { overview } from './overview.ts';
import type { Dashboard } from './panel.ts';

export const dashboards: readonly Dashboard[] = [overview, funnel, mail, api, database, scheduled, attack];
