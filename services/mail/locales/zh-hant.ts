/** Chinese in traditional characters. */
import type { Catalogue } from '../catalogue.ts';

export const zhHant: Catalogue<'other'> = {
  subject: '您的 {sender} 驗證碼',
  code: '{code} 是您的 {sender} 驗證碼。',
  life: '驗證碼在 {minutes}內有效，只能使用一次。',
  minutes: { other: '{n} 分鐘' },
  asked: '有人（希望是您本人）要求在 {sender} 驗證此電子郵件地址。',
  askedFor: '有人（希望是您本人）要求在 {sender} 驗證此電子郵件地址（{purpose}）。',
  ignore: '如果不是您本人操作，請忽略此郵件：沒有驗證碼，什麼也不會發生。',
  secret: '請勿將驗證碼告訴任何人。',
};
