/** Chinese in simplified characters. */
import type { Catalogue } from '../catalogue.ts';

export const zhHans: Catalogue<'other'> = {
  subject: '您的 {sender} 验证码',
  code: '{code} 是您的 {sender} 验证码。',
  life: '验证码在 {minutes}内有效，只能使用一次。',
  minutes: { other: '{n} 分钟' },
  asked: '有人（希望是您本人）请求在 {sender} 验证此邮箱地址。',
  askedFor: '有人（希望是您本人）请求在 {sender} 验证此邮箱地址（{purpose}）。',
  ignore: '如果不是您本人操作，请忽略此邮件：没有验证码，什么也不会发生。',
  secret: '请勿将验证码告诉任何人。',
};
