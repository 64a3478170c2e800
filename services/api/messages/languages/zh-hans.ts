/** Chinese, simplified. */
import type { Messages } from '../messages.ts';

export const zhHans: Messages = {
  sent: '验证码正在发送到您的邮箱。',
  alreadyVerified: '此邮箱地址已经验证过。',
  verified: '邮箱地址已验证。',
  notVerified: '此邮箱地址未验证。',
  email: '无法向此地址发送邮件。请检查后重试。',
  otp: '这不是验证码。请输入邮件中的数字。',
  fault: '应用发送了无法理解的内容。请重试；如果再次出现，请联系其客服。',
  session: '您的登录已失效。请登录后重试。',
  forbidden: '您无权执行此操作。',
  incorrect: '验证码不正确。剩余次数：{n}。',
  unknown: '没有这个验证码。请重新获取。',
  expired: '此验证码已过期。请重新获取。',
  superseded: '已向您发送了更新的验证码。请输入新的那个。',
  used: '此验证码已被使用。请重新获取。',
  attempts: '验证码输错次数过多。请重新获取。',
  cooldown: '刚刚发送过验证码。您可以在{when}再次获取。',
  limit: '获取验证码的次数过多。您可以在{when}重试。',
  locked: '输错验证码的次数过多。您可以在{when}重试。',
  suppressed: '无法向此地址发送邮件。请换一个地址，或寻求帮助。',
  credentials: '邮箱地址或密码不正确。',
  passwords: '输错密码的次数过多。您可以在{when}重试。',
  later: '目前无法使用。请在{when}重试。',
  trouble: '出了点问题。请稍后重试。',
};
