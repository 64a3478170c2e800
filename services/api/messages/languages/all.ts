/** What people are told, by language tag (BCP 47): the languages that the mails have. */
import type { Messages } from '../messages.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fa } from './fa.ts';
import { fr } from './fr.ts';
import { he } from './he.ts';
import { hi } from './hi.ts';
import { id } from './id.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { nl } from './nl.ts';
import { pl } from './pl.ts';
import { pt } from './pt.ts';
import { ru } from './ru.ts';
import { sv } from './sv.ts';
import { tr } from './tr.ts';
import { uk } from './uk.ts';
import { vi } from './vi.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

export const languages: ReadonlyMap<string, Messages> = new Map<string, Messages>(
  Object.entries({
    ar,
    de,
    en,
    es,
    fa,
    fr,
    he,
    hi,
    id,
    it,
    ja,
    ko,
    nl,
    pl,
    pt,
    ru,
    sv,
    tr,
    uk,
    vi,
    'zh-Hans': zhHans,
    'zh-Hant': zhHant,
  }),
);
