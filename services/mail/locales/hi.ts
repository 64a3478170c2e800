/** Hindi. */
import type { Catalogue } from '../catalogue.ts';

export const hi: Catalogue<'one' | 'other'> = {
  subject: 'आपका {sender} सत्यापन कोड',
  code: '{code} आपका {sender} सत्यापन कोड है।',
  life: 'यह {minutes} तक मान्य है और केवल एक बार इस्तेमाल किया जा सकता है।',
  minutes: { one: '{n} मिनट', other: '{n} मिनट' },
  asked: 'किसी ने, उम्मीद है आपने, {sender} पर इस ईमेल पते की पुष्टि करने का अनुरोध किया है।',
  askedFor: 'किसी ने, उम्मीद है आपने, {sender} पर इस ईमेल पते की पुष्टि करने का अनुरोध किया है ({purpose})।',
  ignore: 'अगर यह आपने नहीं किया, तो इस ईमेल को अनदेखा करें: कोड के बिना कुछ नहीं होगा।',
  secret: 'यह कोड किसी के साथ साझा न करें।',
};
