/** Vietnamese. */
import type { Catalogue } from '../catalogue.ts';

export const vi: Catalogue<'other'> = {
  subject: 'Mã xác minh {sender} của bạn',
  code: '{code} là mã xác minh {sender} của bạn.',
  life: 'Mã có hiệu lực trong {minutes} và chỉ dùng được một lần.',
  minutes: { other: '{n} phút' },
  asked: 'Có người, hy vọng là bạn, đã yêu cầu xác nhận địa chỉ email này với {sender}.',
  askedFor: 'Có người, hy vọng là bạn, đã yêu cầu xác nhận địa chỉ email này với {sender} ({purpose}).',
  ignore: 'Nếu không phải bạn, hãy bỏ qua email này: không có mã thì sẽ không có gì xảy ra.',
  secret: 'Đừng chia sẻ mã này với bất kỳ ai.',
};
