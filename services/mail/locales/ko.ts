/** Korean. */
import type { Catalogue } from '../catalogue.ts';

export const ko: Catalogue<'other'> = {
  subject: '{sender} 인증 코드',
  code: '{code}이(가) {sender} 인증 코드입니다.',
  life: '{minutes} 동안 유효하며 한 번만 사용할 수 있습니다.',
  minutes: { other: '{n}분' },
  asked: '누군가 {sender}에 이 이메일 주소의 확인을 요청했습니다.',
  askedFor: '누군가 {sender}에 이 이메일 주소의 확인을 요청했습니다({purpose}).',
  ignore: '본인이 요청하지 않았다면 이 메일을 무시하세요. 코드가 없으면 아무 일도 일어나지 않습니다.',
  secret: '코드를 누구에게도 알려 주지 마세요.',
};
