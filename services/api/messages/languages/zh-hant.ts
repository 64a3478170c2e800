/** Chinese, traditional. */
import type { Messages } from '../messages.ts';

export const zhHant: Messages = {
  sent: '驗證碼正在寄往您的信箱。',
  alreadyVerified: '此電子郵件地址已經驗證過。',
  verified: '電子郵件地址已驗證。',
  notVerified: '此電子郵件地址尚未驗證。',
  email: '無法寄信到此地址。請檢查後再試一次。',
  otp: '這不是驗證碼。請輸入郵件中的數字。',
  fault: '應用程式傳送了無法理解的內容。請再試一次；如果再次發生，請聯絡其客服。',
  session: '您的登入已失效。請登入後再試一次。',
  forbidden: '您無權執行此操作。',
  incorrect: '驗證碼不正確。剩餘次數：{n}。',
  unknown: '沒有這個驗證碼。請重新取得。',
  expired: '此驗證碼已過期。請重新取得。',
  superseded: '已寄給您更新的驗證碼。請輸入新的那一組。',
  used: '此驗證碼已被使用。請重新取得。',
  attempts: '驗證碼輸入錯誤次數過多。請重新取得。',
  cooldown: '剛剛寄出過驗證碼。您可以在{when}再次取得。',
  limit: '取得驗證碼的次數過多。您可以在{when}再試一次。',
  locked: '輸入錯誤驗證碼的次數過多。您可以在{when}再試一次。',
  suppressed: '無法寄信到此地址。請改用其他地址，或尋求協助。',
  credentials: '電子郵件地址或密碼不正確。',
  passwords: '輸入錯誤密碼的次數過多。您可以在{when}再試一次。',
  later: '目前無法使用。請在{when}再試一次。',
  trouble: '發生了一點問題。請稍後再試一次。',
};
