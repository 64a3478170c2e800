/** Arabic; one and two minutes are words of their own, the others stand in the genitive. */
import type { Catalogue } from '../catalogue.ts';

export const ar: Catalogue<'one' | 'two' | 'few' | 'many' | 'other'> = {
  subject: 'رمز التحقق الخاص بك من {sender}',
  code: '{code} هو رمز التحقق الخاص بك من {sender}.',
  life: 'الرمز صالح لمدة {minutes} ويُستخدم مرة واحدة فقط.',
  minutes: { one: 'دقيقة واحدة', two: 'دقيقتين', few: '{n} دقائق', many: '{n} دقيقة', other: '{n} دقيقة' },
  asked: 'طلب شخص ما، نرجو أن يكون أنت، تأكيد عنوان البريد الإلكتروني هذا لدى {sender}.',
  askedFor: 'طلب شخص ما، نرجو أن يكون أنت، تأكيد عنوان البريد الإلكتروني هذا لدى {sender} ({purpose}).',
  ignore: 'إذا لم تطلب ذلك، فتجاهل هذه الرسالة. لن يحدث شيء من دون الرمز.',
  secret: 'لا تشارك الرمز مع أي شخص.',
};
