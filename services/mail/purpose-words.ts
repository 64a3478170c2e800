/**
 * What a mail calls the purposes that Sealpost knows, in the languages that it has. Any other purpose stands in no mail unless a
 * template of the operator's words it: what a caller sends is not shown to a stranger in the operator's name.
 */

const words = {
  ar: ['حساب أعمال', 'حساب سائق'],
  de: ['Geschäftskonto', 'Fahrerkonto'],
  en: ['business account', 'driver account'],
  es: ['cuenta de empresa', 'cuenta de conductor'],
  fa: ['حساب تجاری', 'حساب راننده'],
  fr: ['compte professionnel', 'compte chauffeur'],
  he: ['חשבון עסקי', 'חשבון נהג'],
  hi: ['व्यवसाय खाता', 'ड्राइवर खाता'],
  id: ['akun bisnis', 'akun pengemudi'],
  it: ['account aziendale', 'account conducente'],
  ja: ['ビジネスアカウント', 'ドライバーアカウント'],
  ko: ['비즈니스 계정', '운전자 계정'],
  nl: ['zakelijk account', 'chauffeursaccount'],
  pl: ['konto firmowe', 'konto kierowcy'],
  pt: ['conta comercial', 'conta de motorista'],
  ru: ['бизнес-аккаунт', 'аккаунт водителя'],
  sv: ['företagskonto', 'förarkonto'],
  tr: ['işletme hesabı', 'sürücü hesabı'],
  uk: ['бізнес-акаунт', 'акаунт водія'],
  vi: ['tài khoản doanh nghiệp', 'tài khoản tài xế'],
  'zh-Hans': ['企业账户', '司机账户'],
  'zh-Hant': ['企業帳戶', '司機帳戶'],
} as const satisfies Readonly<Record<string, readonly [business: string, driver: string]>>;

/** Undefined where the mail does not name it; `locale` is a language tag that is built in, or one of its own. */
export function purposeWord(purpose: string, locale: string | undefined): string | undefined {
  const [business, driver] = words[locale as keyof typeof words] ?? [];
  return purpose === 'business' ? business : purpose === 'driver' ? driver : undefined;
}
