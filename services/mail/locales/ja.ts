/** Japanese. */
import type { Catalogue } from '../catalogue.ts';

export const ja: Catalogue<'other'> = {
  subject: '{sender} の確認コード',
  code: '{code} は {sender} の確認コードです。',
  life: 'このコードは{minutes}有効で、一度だけ使えます。',
  minutes: { other: '{n}分間' },
  asked: '{sender} で、このメールアドレスの確認がリクエストされました。',
  askedFor: '{sender} で、このメールアドレスの確認がリクエストされました（{purpose}）。',
  ignore: '心当たりがない場合は、このメールを無視してください。コードがなければ何も起こりません。',
  secret: 'このコードは誰にも教えないでください。',
};
