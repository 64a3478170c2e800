/** Vietnamese. */
import type { Messages } from '../messages.ts';

export const vi: Messages = {
  sent: 'Mã đang được gửi đến hộp thư của bạn.',
  alreadyVerified: 'Địa chỉ email này đã được xác minh.',
  verified: 'Địa chỉ email đã được xác minh.',
  notVerified: 'Địa chỉ email này chưa được xác minh.',
  email: 'Không thể gửi email đến địa chỉ này. Hãy kiểm tra lại và thử lại.',
  otp: 'Đây không phải là mã. Hãy nhập các chữ số trong email.',
  fault: 'Ứng dụng đã gửi một yêu cầu không hiểu được. Hãy thử lại; nếu vẫn xảy ra, hãy báo cho bộ phận hỗ trợ.',
  session: 'Bạn không còn đăng nhập. Hãy đăng nhập và thử lại.',
  forbidden: 'Bạn không được phép làm việc này.',
  incorrect: 'Mã không đúng. Số lần thử còn lại: {n}.',
  unknown: 'Không có mã như vậy. Hãy yêu cầu mã mới.',
  expired: 'Mã này đã hết hạn. Hãy yêu cầu mã mới.',
  superseded: 'Một mã mới hơn đã được gửi cho bạn. Hãy nhập mã đó.',
  used: 'Mã này đã được sử dụng. Hãy yêu cầu mã mới.',
  attempts: 'Mã đã bị nhập sai quá nhiều lần. Hãy yêu cầu mã mới.',
  cooldown: 'Một mã vừa được gửi. Bạn có thể yêu cầu mã khác {when}.',
  limit: 'Đã yêu cầu quá nhiều mã. Bạn có thể thử lại {when}.',
  locked: 'Đã nhập sai mã quá nhiều lần. Bạn có thể thử lại {when}.',
  suppressed: 'Không thể gửi email đến địa chỉ này. Hãy dùng địa chỉ khác hoặc nhờ trợ giúp.',
  credentials: 'Địa chỉ email hoặc mật khẩu không đúng.',
  passwords: 'Đã nhập sai mật khẩu quá nhiều lần. Bạn có thể thử lại {when}.',
  later: 'Hiện tại chức năng này không hoạt động. Hãy thử lại {when}.',
  trouble: 'Đã xảy ra lỗi. Hãy thử lại sau giây lát.',
};
